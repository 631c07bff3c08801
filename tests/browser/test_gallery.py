"""Every part of the kit renders: phone and desktop, light and dark, at 100 and at 200 % text."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.app_process import AppProcess
from tests.browser.chromium import Scheme, flet_page

pytestmark = [pytest.mark.browser, pytest.mark.timeout(360)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desktop"])
def test_renders(
    browser: Browser, gallery: AppProcess, pictures: Path, phone: bool, scheme: Scheme
) -> None:
    name = f"{'phone' if phone else 'desktop'}-{scheme}"
    with flet_page(browser, gallery.url, phone=phone, scheme=scheme) as app:
        app.see("晚间巡查")
        assert all(app.names()), "a control without a name"
        app.settle()
        app.picture(pictures / f"{name}-parts.png")
        app.enlarge_text(200)
        app.settle()
        app.picture(pictures / f"{name}-parts-200.png")
        app.enlarge_text(100)
        app.scroll(2000)
        app.see("正在加载")
        app.settle()
        app.picture(pictures / f"{name}-parts-end.png")
        app.go("列表")
        app.see_no("晚间巡查")
        app.see("教学楼 4 号消火栓")
        app.settle()
        app.picture(pictures / f"{name}-list.png")
        app.press("实验楼 1 号消火栓")
        app.see("检查记录") if phone else app.see_no("选择一个点")
        app.settle()
        app.picture(pictures / f"{name}-detail.png")
        assert not app.errors
        assert not app.foreign
