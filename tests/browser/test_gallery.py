"""Every part of the kit renders: phone and desktop, light and dark, at 100 and at 200 % text."""

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser

from tests.browser.app_process import AppProcess
from tests.browser.chromium import Scheme, flet_page
from tests.browser.pictures import Pictures

pytestmark = [pytest.mark.browser, pytest.mark.timeout(360)]
LEAST_COLOURS = 50
"""A page on which nothing is drawn has one or two."""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desktop"])
def test_renders(
    browser: Browser,
    gallery: AppProcess,
    pictures: Pictures,
    tmp_path: Path,
    phone: bool,
    scheme: Scheme,
) -> None:
    name = f"{'phone' if phone else 'desktop'}-{scheme}"
    with flet_page(browser, gallery.url, phone=phone, scheme=scheme) as app:
        app.see("晚间巡查")
        assert all(app.names()), "a control without a name"
        pictures.take(app, f"{name}-parts")
        app.enlarge_text(200)
        pictures.take(app, f"{name}-parts-200")
        app.enlarge_text(100)
        app.scroll(2000)
        app.see("正在加载")
        pictures.take(app, f"{name}-parts-end")
        app.go("列表")
        app.see_no("晚间巡查")
        app.see("教学楼 4 号消火栓")
        pictures.take(app, f"{name}-list")
        app.press("实验楼 1 号消火栓")
        app.see("检查记录") if phone else app.see_no("选择一个点")
        pictures.take(app, f"{name}-detail")
        assert colours_of(app.picture(tmp_path / "drawn.png")) >= LEAST_COLOURS
        assert not app.errors
        assert not app.foreign


def colours_of(picture: Path) -> int:
    image = Image.open(picture).convert("RGB")
    return len(image.getcolors(image.width * image.height) or ())
