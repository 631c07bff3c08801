"""The packaged fonts draw every word of the app, and the rarer characters of people's names."""

from functools import cache
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from client.words.catalogues import LANGUAGES
from tests.assets.make_fonts import FOLDER, WEIGHTS
from tests.client.words import catalogue_files

FILES = sorted(path.name for path in FOLDER.glob("*.[tw][to]*f*"))
RARE_NAMES = "珺祎堃昇囡镕喆婧翀玥甯逄·㛃"
PUNCTUATION = "，。、；：？！“”‘’（）《》【】…—·→✓①②③℃㎡￥"


@cache
def drawn(file: Path) -> set[str]:
    return {chr(code) for code in TTFont(file, lazy=True).getBestCmap() or ()}


def spoken() -> set[str]:
    return {
        character
        for language in LANGUAGES
        for message in catalogue_files.messages(language).values()
        for form in catalogue_files.forms(message)
        for character in form
        if character.isprintable()
    }


def test_both_weights_come_in_both_formats() -> None:
    expected = {f"NotoSansSC-{weight}.{kind}" for weight in WEIGHTS for kind in ("ttf", "woff2")}
    assert set(FILES) == expected


@pytest.mark.parametrize("name", FILES)
def test_nothing_is_drawn_as_an_empty_box(name: str) -> None:
    lacking = (spoken() | set(RARE_NAMES) | set(PUNCTUATION)) - drawn(FOLDER / name)
    assert lacking == set()
