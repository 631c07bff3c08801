"""Makes assets/fonts from Debian's fonts-noto-cjk: run by hand when the character set changes.

    apt-get install fonts-noto-cjk unicode-data
    .venv/bin/python -m tests.assets.make_fonts

Outlines become quadratic, because a PDF and every Flutter platform take a .ttf; the same font as
.woff2 is half as large for the browser to fetch.
"""

import bz2
import unicodedata
from pathlib import Path
from typing import Any, cast

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont, newTable

FOLDER = Path(__file__).parents[2] / "assets" / "fonts"
SOURCE = "/usr/share/fonts/opentype/noto/NotoSansCJK-{weight}.ttc"
SIMPLIFIED_CHINESE_FACE = 2
UNIHAN = Path("/usr/share/unicode/Unihan_OtherMappings.txt.bz2")
WEIGHTS = ("Regular", "Bold")
MAX_ERROR_UNITS = 1.0  # of 1,000 to the em: invisible on paper
UNUSED_LIMITS = (
    "maxTwilightPoints",
    "maxStorage",
    "maxFunctionDefs",
    "maxInstructionDefs",
    "maxStackElements",
    "maxSizeOfInstructions",
    "maxComponentElements",
)
RANGES = (
    (0x20, 0x7E),
    (0xA0, 0xFF),
    (0x100, 0x17F),  # Latin with accents: pinyin and foreign names
    (0x1CD, 0x1DC),
    (0x2010, 0x2027),
    (0x2030, 0x203B),
    (0x20AC, 0x20AC),
    (0x2100, 0x2122),
    (0x2150, 0x217F),
    (0x2190, 0x21FF),
    (0x2200, 0x22FF),
    (0x2460, 0x24FF),
    (0x2500, 0x257F),
    (0x2580, 0x27BF),
    (0x3000, 0x303F),
    (0x3200, 0x33FF),
    (0xFE30, 0xFE4F),
    (0xFF01, 0xFFEE),
)


def standard_characters() -> set[int]:
    """The 8,105 characters of China's general standard table, names' rarer ones among them."""
    lines = bz2.decompress(UNIHAN.read_bytes()).decode().splitlines()
    return {int(line.split("\t")[0][2:], 16) for line in lines if "\tkTGH\t" in line}


def gb_2312() -> set[int]:
    found = set()
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                found.add(ord(bytes((row, cell)).decode("gb2312")))
            except UnicodeDecodeError:
                continue
    return {code for code in found if unicodedata.category(chr(code)) == "Lo"}


def wanted() -> set[int]:
    listed = {code for first, last in RANGES for code in range(first, last + 1)}
    return listed | standard_characters() | gb_2312()


def subset(weight: str) -> TTFont:
    font = TTFont(SOURCE.format(weight=weight), fontNumber=SIMPLIFIED_CHINESE_FACE, lazy=True)
    options = Options()
    options.layout_features = ["kern"]
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.notdef_outline = True
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE", "DSIG"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=wanted())
    subsetter.subset(font)
    return font


def to_quadratic(font: TTFont) -> None:
    order = font.getGlyphOrder()
    glyphs: Any = font.getGlyphSet()
    quadratic = {}
    for name in order:
        pen = TTGlyphPen(glyphs)
        glyphs[name].draw(Cu2QuPen(pen, MAX_ERROR_UNITS, reverse_direction=True))
        quadratic[name] = pen.glyph()
    del font["CFF "]
    font["loca"] = newTable("loca")
    font["glyf"] = outlines = cast(Any, newTable("glyf"))
    outlines.glyphOrder = order
    outlines.glyphs = quadratic
    limits = cast(Any, font["maxp"])
    limits.tableVersion = 0x00010000
    limits.maxZones = 1
    for counted in UNUSED_LIMITS:
        setattr(limits, counted, 0)
    cast(Any, font["post"]).formatType = 3.0
    font.sfntVersion = "\x00\x01\x00\x00"


def rename(font: TTFont, weight: str) -> None:
    """It is a subset: it must not pass for an installed Noto Sans CJK."""
    names = font["name"]
    full = "Noto Sans SC" if weight == "Regular" else f"Noto Sans SC {weight}"
    for name_id, text in ((1, "Noto Sans SC"), (2, weight), (4, full)):
        names.setName(text, name_id, 3, 1, 0x409)
    names.setName(f"NotoSansSC-{weight}", 6, 3, 1, 0x409)
    names.names = [record for record in names.names if record.platformID == 3]


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for weight in WEIGHTS:
        font = subset(weight)
        to_quadratic(font)
        rename(font, weight)
        target = FOLDER / f"NotoSansSC-{weight}.ttf"
        font.save(target)
        packed = TTFont(target)
        packed.flavor = "woff2"
        packed.save(target.with_suffix(".woff2"))
        print(
            target.name, len(font.getBestCmap() or ()), "characters", target.stat().st_size, "bytes"
        )


if __name__ == "__main__":
    main()
