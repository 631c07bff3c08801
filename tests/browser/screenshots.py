"""Takes the pictures of the READMEs: the real app, with the demo school's data.

    python -m tests.browser.screenshots [--out docs/images]

What they show depends on the hour: the demo school walks its rounds by the clock, and who calls
the roll has a dark phone in the evening. In the afternoon, in China, there is most to see.
"""

import argparse
import tempfile
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter
from playwright.sync_api import Browser, sync_playwright

from client.labels import Label
from client.store.places import points
from ledger.rules.places import Risk
from server.clock import utc_now
from server.demo.samples import Sample, choose_samples
from server.demo.seed import NAME, SCHOOL, seed
from server.district import District
from tests.browser.chromium import Scheme, chromium, flet_page
from tests.browser.district import Device, TestDistrict, running_district
from tests.browser.film import printed_label, write_still
from tests.browser.flet_page import FletPage

TEACHER, PRINCIPAL, OFFICER = "s08", "s01", "s02"
COLOURS = 256
REFINEMENTS = 4
SMOOTHING = 4
CAMERA_MS = 90_000
ARRIVES_MS = 60_000
CALM_MS = 1_500

CANVAS = (1680, 960)
CANVAS_COLOUR = (226, 236, 232)
FRAME_COLOUR = (38, 46, 43)
DESKTOP_BOX = (36, 84, 1240)
PHONE_BOX = (1270, 48, 374)
"""Left, top and width on the canvas."""
EDGE = 6


class Album:
    """Where the pictures go, made small."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.whole: dict[str, Image.Image] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def take(self, app: FletPage, name: str) -> None:
        # Where nothing answers to a pointer.
        app.page.mouse.move(200, 2)
        app.settle(CALM_MS)
        with tempfile.TemporaryDirectory() as folder:
            picture = Image.open(app.picture(Path(folder) / "page.png")).convert("RGB")
        self.keep(picture, name)

    def keep(self, picture: Image.Image, name: str) -> None:
        self.whole[name] = picture
        # Refined until even a colour of which there is little, as on a badge, is the right one.
        small = picture.quantize(COLOURS, kmeans=REFINEMENTS, dither=Image.Dither.NONE)
        small.save(self.folder / f"{name}.png", optimize=True)

    def put_together(self, phone: str, desktop: str, name: str) -> None:
        """Both on one picture, as they stand on a table."""
        canvas = Image.new("RGB", CANVAS, CANVAS_COLOUR)
        for picture, box, corner in (
            (self.whole[desktop], DESKTOP_BOX, 12),
            (self.whole[phone], PHONE_BOX, 40),
        ):
            _put(canvas, picture, box, corner)
        self.keep(canvas, name)


def _put(canvas: Image.Image, picture: Image.Image, box: tuple[int, int, int], corner: int) -> None:
    left, top, width = box
    height = round(picture.height * width / picture.width)
    shown = picture.resize((width, height), Image.Resampling.LANCZOS)
    outer = (left - EDGE, top - EDGE, left + width + EDGE, top + height + EDGE)
    mask = _rounded(canvas.size, outer, corner + EDGE)
    shadow = Image.eval(mask.filter(ImageFilter.GaussianBlur(18)), lambda value: value // 4)
    canvas.paste((0, 0, 0), (0, 0, *canvas.size), shadow)
    canvas.paste(FRAME_COLOUR, (0, 0, *canvas.size), mask)
    inner = _rounded(shown.size, (0, 0, width - 1, height - 1), corner)
    canvas.paste(shown, (left, top), inner)


def _rounded(size: tuple[int, int], box: tuple[int, int, int, int], corner: int) -> Image.Image:
    """A mask with smooth corners."""
    large = Image.new("L", (size[0] * SMOOTHING, size[1] * SMOOTHING))
    enlarged = tuple(side * SMOOTHING for side in box)
    ImageDraw.Draw(large).rounded_rectangle(enlarged, corner * SMOOTHING, fill=255)
    return large.resize(size, Image.Resampling.LANCZOS)


def labels_to_scan(district: TestDistrict) -> list[Sample]:
    with district.district.database.read() as connection:
        samples = choose_samples(connection, SCHOOL, utc_now())
    return [sample for sample in samples if not sample.void]


def first_point(district: TestDistrict) -> str:
    """In walking order, as the list of points has them."""
    with district.district.database.read() as connection:
        return points(connection, SCHOOL)[0].name


def hold_before_camera(sample: Sample, film: Path) -> None:
    label = Label(
        school_name=NAME,
        area=sample.area,
        name=sample.name,
        risk=Risk(sample.risk),
        code_text=sample.text,
        typed=sample.typed,
        version=sample.version,
    )
    write_still(printed_label(label), film)


def scan(app: FletPage, sample: Sample, film: Path) -> None:
    hold_before_camera(sample, film)
    app.press("扫码打卡")
    app.see(sample.name, within_ms=CAMERA_MS)
    app.see("全部正常，保存", within_ms=CAMERA_MS)


def save(app: FletPage, sample: Sample) -> str:
    """Returns what is said of it for a while."""
    app.press("全部正常，保存")
    saved = f"已保存：{sample.name}"
    app.see(saved)
    return saved


def phone_pictures(
    browser: Browser, album: Album, phone: Device, film: Path, samples: list[Sample]
) -> None:
    with flet_page(browser, phone.url, sharp=True) as app:
        app.see("已同步", within_ms=ARRIVES_MS)
        scan(app, samples[0], film)
        album.take(app, "phone-sheet")
        saved = save(app, samples[0])
        app.press("返回")
        # The word about it goes by itself.
        app.see_no(saved, within_ms=ARRIVES_MS)
        album.take(app, "phone-today")
        app.press("全部点位")
        album.take(app, "phone-round")
    with flet_page(browser, phone.url, scheme="dark", sharp=True) as app:
        album.take(app, "phone-today-dark")
        scan(app, samples[1], film)
        album.take(app, "phone-sheet-dark")


def desk_pictures(browser: Browser, album: Album, desk: Device, opened: str) -> None:
    schemes: tuple[tuple[Scheme, str], ...] = (("light", ""), ("dark", "-dark"))
    for scheme, ending in schemes:
        with flet_page(browser, desk.url, phone=False, scheme=scheme) as app:
            app.see("已同步", within_ms=ARRIVES_MS)
            album.take(app, f"desktop-overview{ending}")
            if not ending:
                app.go("巡查")
                app.press(opened)
                album.take(app, "desktop-patrol")


def points_picture(browser: Browser, album: Album, office: Device, opened: str) -> None:
    with flet_page(browser, office.url, phone=False) as app:
        app.see("已同步", within_ms=ARRIVES_MS)
        app.go("点位")
        app.press(opened)
        app.see("打印这张标签")
        album.take(app, "desktop-points")


def offline_picture(browser: Browser, album: Album, phone: Device, sample: Sample, film: Path):
    with flet_page(browser, phone.url, sharp=True) as app:
        scan(app, sample, film)
        saved = save(app, sample)
        app.press("返回")
        app.press("离线")
        app.see_no(saved, within_ms=ARRIVES_MS)
        album.take(app, "phone-sync-offline")


def english_pictures(browser: Browser, album: Album, phone: Device, desk: Device) -> None:
    with flet_page(browser, phone.url, sharp=True) as app:
        app.go("我的")
        app.choose("English")
        app.go("Today")
        album.take(app, "phone-today-en")
    with flet_page(browser, desk.url, phone=False) as app:
        app.go("设置")
        app.choose("English")
        app.go("Overview")
        album.take(app, "desktop-overview-en")


def take_all(out: Path) -> None:
    album = Album(out)

    def found(district: District) -> None:
        seed(district.settings.effective_database_url, utc_now())

    with (
        tempfile.TemporaryDirectory() as folder,
        running_district(Path(folder) / "district", found, SCHOOL) as district,
        sync_playwright() as playwright,
    ):
        phone = district.device("王敏的手机", TEACHER).start()
        desk = district.device("校长室电脑", PRINCIPAL).start()
        samples = labels_to_scan(district)
        film = Path(folder) / "film.y4m"
        hold_before_camera(samples[0], film)
        with chromium(playwright, film) as browser:
            phone_pictures(browser, album, phone, film, samples)
            desk_pictures(browser, album, desk, samples[0].name)
            office = district.device("安全办电脑", OFFICER).start()
            points_picture(browser, album, office, first_point(district))
            office.stop()
            english_pictures(browser, album, phone, desk)
            with flet_page(browser, phone.url, sharp=True) as app:
                app.go("Me")
                app.choose("中文")
            district.stop_server()
            offline_picture(browser, album, phone, samples[2], film)
    album.put_together("phone-today", "desktop-patrol", "phone-and-desktop")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("docs/images"))
    out = parser.parse_args().out
    take_all(out)
    size = sum(picture.stat().st_size for picture in out.glob("*.png"))
    print(f"{len(list(out.glob('*.png')))} pictures, {size / 1e6:.1f} MB, in {out}")


if __name__ == "__main__":
    main()
