"""The real camera path of the browser: a film of a label, no camera at all, and a refusal."""

from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.browser.app_process import AppProcess
from tests.browser.chromium import chromium, flet_page
from tests.browser.film import write_film
from tests.browser.pictures import Pictures

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
LABEL = "XA01230123456789"


def test_reads_a_label_that_comes_near(
    playwright: Playwright, gallery: AppProcess, tmp_path: Path, pictures: Pictures
) -> None:
    film = write_film(LABEL, tmp_path / "label.y4m")
    with chromium(playwright, film) as browser, flet_page(browser, gallery.url) as app:
        app.go("扫码")
        app.see(f"读到 {LABEL}", within_ms=60_000)
        pictures.take(app, "camera-read")
        # Frozen it stays, until the person goes on.
        app.press("再扫")
        app.see_no(LABEL)
        app.see(f"读到 {LABEL}", within_ms=60_000)
        app.press("灯", exact=True)
        app.see("没有灯")


def test_says_that_there_is_no_camera(
    playwright: Playwright, gallery: AppProcess, pictures: Pictures
) -> None:
    with chromium(playwright) as browser, flet_page(browser, gallery.url) as app:
        app.go("扫码")
        app.see("输入数字码", within_ms=60_000)
        pictures.take(app, "camera-none")
        app.see("这台设备没有可用的相机")


def test_says_that_permission_was_refused(
    playwright: Playwright, gallery: AppProcess, tmp_path: Path
) -> None:
    film = write_film(LABEL, tmp_path / "label.y4m")
    with (
        chromium(playwright, film, allow=False) as browser,
        flet_page(browser, gallery.url) as app,
    ):
        app.go("扫码")
        app.see("没有使用相机的权限", within_ms=60_000)
        app.see("输入数字码")
