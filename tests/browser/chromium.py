"""One real Chromium per test session, and pages in it the size of a phone or a desktop."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Literal

from playwright.sync_api import Browser, Error, Playwright, ViewportSize

from tests.browser.flet_page import FletPage

CHROMIUM = Path("/usr/bin/chromium")
LAUNCH_MS = 30_000
PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1440, "height": 900}

ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-sync",
    "--mute-audio",
    "--no-default-browser-check",
    "--no-first-run",
    # A page lives for seconds: compiling its code better than at once costs more than it gains.
    "--js-flags=--liftoff-only",
)
LEFT_OUT = (
    # Each window's address bar would start pages of its own, which nobody ever sees.
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup",
    # As Playwright does: the last list counts.
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
)

Scheme = Literal["light", "dark"]


@contextmanager
def chromium(
    playwright: Playwright, film: Path | None = None, *, allow: bool = True
) -> Iterator[Browser]:
    """With a film, every page's camera plays it, over and over; otherwise there is no camera.

    `allow=False` is the person who doesn't let the page use the camera.
    """
    camera = (
        [
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={film}",
            "--use-fake-ui-for-media-stream" if allow else "--deny-permission-prompts",
        ]
        if film
        else []
    )
    browser = playwright.chromium.launch(
        executable_path=CHROMIUM,
        # Ours is the new headless mode, which draws like the real one; Playwright's is the old.
        headless=False,
        args=[*ARGUMENTS, f"--disable-features={','.join(LEFT_OUT)}", *camera],
        timeout=LAUNCH_MS,
    )
    try:
        yield browser
    finally:
        browser.close()


@contextmanager
def flet_page(
    browser: Browser,
    url: str,
    *,
    phone: bool = True,
    scheme: Scheme = "light",
    sharp: bool = False,
    permissions: tuple[str, ...] = (),
) -> Iterator[FletPage]:
    """`sharp`: as many dots as a phone has, for pictures; drawing them takes its time."""
    context = browser.new_context(
        viewport=PHONE if phone else DESKTOP,
        device_scale_factor=2 if sharp else 1,
        has_touch=phone,
        color_scheme=scheme,
        locale="zh-CN",
        permissions=list(permissions),
    )
    app = FletPage(context.new_page())
    try:
        yield app.open(url)
    except Exception:
        show_failed(app)
        raise
    finally:
        context.close()


def show_failed(app: FletPage) -> None:
    """What the page looked like and what could be read on it, as far as it still answers: a
    browser too slow for a picture must not hide why the test failed."""
    try:
        picture = app.picture(Path(mkdtemp(prefix="xunan-failed-")) / "page.png", tries=1)
        print(f"{picture} shows the page")
    except Error as error:
        print(f"no picture of the page: {error.message.splitlines()[0]}")
    try:
        print(f"on which a person could read:\n{app.outline()}")
    except Error as error:
        print(f"nothing could be read: {error.message.splitlines()[0]}")
