"""The ground under the other tests: a slow browser fails nobody and hides nothing."""

from pathlib import Path
from typing import Any, cast

import pytest
from playwright.sync_api import Browser, Page, TimeoutError

from tests.browser.chromium import flet_page
from tests.browser.flet_page import PICTURE_TRIES, FletPage


class SlowPage:
    """Draws nothing for its first `slow` pictures, and never says what can be read on it."""

    def __init__(self, slow: int) -> None:
        self.slow = slow
        self.asked = 0

    def screenshot(self, path: Path, timeout: float) -> None:
        self.asked += 1
        if self.asked <= self.slow:
            raise TimeoutError("Page.screenshot: Timeout 30000ms exceeded.\nCall log: …")
        path.write_bytes(b"a picture")

    def locator(self, _selector: str) -> "SlowPage":
        return self

    def aria_snapshot(self) -> str:
        raise TimeoutError("Locator.aria_snapshot: Timeout 40000ms exceeded.")

    def set_default_timeout(self, _ms: float) -> None: ...

    def add_init_script(self, _script: str) -> None: ...

    def on(self, _event: str, _heard: object) -> None: ...


class SlowBrowser:
    """Its one context's page can't even be opened."""

    def __init__(self) -> None:
        self.closed = False

    def new_context(self, **_how: Any) -> "SlowBrowser":
        return self

    def new_page(self) -> SlowPage:
        return SlowPage(slow=99)

    def close(self) -> None:
        self.closed = True


def test_a_picture_is_tried_again(tmp_path: Path) -> None:
    page = SlowPage(slow=PICTURE_TRIES - 1)
    assert FletPage(cast(Page, page)).picture(tmp_path / "a.png").read_bytes() == b"a picture"


def test_a_picture_that_never_comes_is_told(tmp_path: Path) -> None:
    page = SlowPage(slow=PICTURE_TRIES)
    with pytest.raises(TimeoutError, match="screenshot"):
        FletPage(cast(Page, page)).picture(tmp_path / "a.png")
    assert page.asked == PICTURE_TRIES


def test_a_failed_test_shows_its_own_error_whatever_the_browser_does(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(FletPage, "open", lambda self, _url: self)
    browser = SlowBrowser()
    with (
        pytest.raises(AssertionError, match="the real reason"),
        flet_page(cast(Browser, browser), "http://127.0.0.1:1"),
    ):
        raise AssertionError("the real reason")
    said = capsys.readouterr().out
    assert "no picture of the page: Page.screenshot" in said
    assert "nothing could be read: Locator.aria_snapshot" in said
    assert browser.closed
