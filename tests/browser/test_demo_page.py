"""The demo's page as a person uses it: off the network, check in, back on, seen at the desk."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import FrameLocator, Page, Playwright, expect

from tests.browser.chromium import chromium
from tests.browser.flet_page import START_MS, FletPage
from tests.browser.pictures import Pictures
from tests.server.demo.demo_process import DemoProcess, demo_process

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]
SEEN_MS = 40_000


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoProcess]:
    with demo_process(tmp_path_factory.mktemp("demo") / "data") as demo:
        yield demo


def _device(page: Page, id: str) -> FrameLocator:
    """The app inside one of the page's frames."""
    frame = page.frame_locator(f"#{id}")
    frame.locator("flt-semantics").first.wait_for(state="attached", timeout=START_MS)
    return frame


@pytest.mark.parametrize("width", [1440, 1920])
def test_phone_and_desktop_stand_side_by_side(
    playwright: Playwright, demo: DemoProcess, pictures: Pictures, width: int
) -> None:
    scheme = "dark" if width > 1500 else "light"
    with chromium(playwright) as browser:
        app = FletPage(
            browser.new_page(
                viewport={"width": width, "height": 900}, color_scheme=scheme, locale="zh-CN"
            )
        )
        page = app.page
        page.goto(demo.info["page"])
        for id, least in (("phone", 300), ("desktop", 900)):
            _device(page, id)
            box = page.locator(f"#{id}").bounding_box()
            assert box is not None
            assert box["width"] >= least and box["y"] + box["height"] <= 900
            assert page.frame(url=re.compile(re.escape(demo.info[id]["address"]))) is not None
        inside = page.locator("#desktop").evaluate("frame => frame.clientWidth")
        assert inside >= 1100
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        pictures.take(app, f"demo-{width}")
        page.get_by_role("button", name="English").click()
        expect(page.get_by_text("The phone reaches the server")).to_be_visible()


def test_a_check_in_made_off_the_network_reaches_the_desk(
    playwright: Playwright, demo: DemoProcess, pictures: Pictures
) -> None:
    with chromium(playwright) as browser:
        app = FletPage(browser.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN"))
        page = app.page
        page.goto(demo.info["page"])
        phone, desktop = _device(page, "phone"), _device(page, "desktop")
        figure = desktop.get_by_role("button", name=re.compile(r"^打卡 \d+")).first
        before = int(re.findall(r"\d+", figure.inner_text(timeout=START_MS))[0])

        page.get_by_role("switch").click()
        expect(phone.get_by_role("button", name=re.compile("离线"))).to_be_attached(timeout=SEEN_MS)
        phone.get_by_role("button", name="扫码打卡").click()
        # The way to type moves to the middle once it is known that there is no camera.
        phone.get_by_role("button", name="再试相机").first.wait_for(timeout=START_MS)
        phone.get_by_role("button", name="输入数字码").first.click(timeout=START_MS)
        phone.get_by_role("textbox").first.click()
        page.keyboard.type(demo.info["labels"][0]["typed"], delay=20)
        page.keyboard.press("Enter")
        phone.get_by_role("button", name=re.compile("保存")).first.click(timeout=SEEN_MS)
        expect(phone.get_by_role("button", name="撤销")).to_be_attached(timeout=SEEN_MS)
        assert f"打卡 {before}，" in (figure.get_attribute("aria-label") or figure.inner_text())

        page.get_by_role("switch").click()
        seen = desktop.get_by_role("button", name=re.compile(rf"^打卡 {before + 1}，"))
        expect(seen.first).to_be_attached(timeout=SEEN_MS)
        expect(phone.get_by_role("button", name="已同步")).to_be_attached(timeout=SEEN_MS)
        pictures.take(app, "demo-back-online")
