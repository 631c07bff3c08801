"""Browser and gallery, started once for the tests of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browser.app_process import AppProcess, app_process
from tests.browser.chromium import CHROMIUM, chromium
from tests.browser.film import write_film
from tests.browser.pictures import Pictures

if not CHROMIUM.exists():
    pytest.skip("Debian's chromium is not installed", allow_module_level=True)


# It keeps an event loop running, which other packages' asyncio tests could not bear.
@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    with chromium(playwright) as running:
        yield running


@pytest.fixture(scope="package")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `cameras` see: write another film there, and the next camera that starts plays it."""
    return write_film("nothing yet", tmp_path_factory.mktemp("film") / "film.y4m")


@pytest.fixture(scope="package")
def cameras(playwright: Playwright, film: Path) -> Iterator[Browser]:
    """A browser with a camera."""
    with chromium(playwright, film) as running:
        yield running


@pytest.fixture(scope="package")
def gallery() -> Iterator[AppProcess]:
    with app_process(["-m", "tests.browser.gallery"]) as running:
        yield running


@pytest.fixture(scope="session")
def pictures(request: pytest.FixtureRequest) -> Pictures:
    return Pictures(request.config.getoption("--pictures"))
