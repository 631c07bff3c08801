"""Finds and touches things in a running app the way a person with a screen reader would.

Flutter draws on a canvas; what Playwright finds is the semantics tree, which has to be asked for
first. Hence these tests also prove that every control has a name.
"""

import re
import time
from contextlib import suppress
from functools import cached_property
from pathlib import Path

from playwright.sync_api import CDPSession, Error, Locator, Page, TimeoutError

START_MS = 90_000
STEP_MS = 40_000
"""Generous: a busy machine draws a frame only now and then, and Flutter builds what can be
found from its frames."""
STILL_MS = 8_000
GONE = "Element is not visible"
FOCUS_S = 1.0
LOOK_MS = 50
SETTLE_MS = 200
TRIES = 5
WENT_LOOKS = 15
ANSWER_MS = 15_000
PICTURE_MS = 30_000
PICTURE_TRIES = 4
"""A picture wants two frames drawn; a machine that is starved for a minute gives them later."""


ASK_FOR_SEMANTICS = """
    new MutationObserver((_, watch) => {
        const button = document.querySelector("flt-semantics-placeholder");
        if (button) {
            watch.disconnect();
            button.click();
        }
    }).observe(document, {childList: true, subtree: true});
"""
"""As a screen reader does, before the app has drawn anything: a field that has the focus already
would never be told of. The button lies outside of the viewport, where no pointer reaches it."""


class FletPage:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.errors: list[str] = []
        self.foreign: list[str] = []
        self.taps = 0
        """How often the person touched something, typing aside."""
        page.set_default_timeout(STEP_MS)
        page.add_init_script(ASK_FOR_SEMANTICS)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("response", lambda response: self._note_foreign(response.url))

    def _note_foreign(self, url: str) -> None:
        if not re.match(r"(https?|wss?)://127\.0\.0\.1[:/]|blob:|data:", url):
            self.foreign.append(url)

    def open(self, url: str) -> "FletPage":
        self.page.goto(url, timeout=START_MS)
        self.page.locator("flt-semantics").first.wait_for(state="attached", timeout=START_MS)
        return self

    def button(self, name: str, exact: bool = False) -> Locator:
        return self.page.get_by_role("button", name=name, exact=exact).first

    def tab(self, name: str) -> Locator:
        """A destination: the bar's are tabs, the rail's are buttons that add their number."""
        numbered = re.compile(rf"^{re.escape(name)}\s")
        return (
            self.page.get_by_role("tab", name=name)
            .or_(self.page.get_by_role("button", name=numbered))
            .first
        )

    def text(self, words: str) -> Locator:
        """Words anywhere: as text of their own or as part of something's name."""
        quoted = words.replace('"', r"\"")
        return (
            self.page.get_by_text(words).or_(self.page.locator(f'[aria-label*="{quoted}"]')).first
        )

    def see(self, words: str, within_ms: int = STEP_MS) -> None:
        # Not `expect`, which looks less and less often: some tests measure with this.
        self.text(words).wait_for(state="attached", timeout=within_ms)

    def see_no(self, words: str, within_ms: int = STEP_MS) -> None:
        self.text(words).wait_for(state="detached", timeout=within_ms)

    def touch(self, target: Locator) -> None:
        """Click once it is there and holds still, or seems not to.

        Playwright wants the same place in two drawn frames, which a busy machine may not draw in
        any time. What can't be pressed then isn't, and the test fails for want of the answer.
        What was drawn anew between the look and the click is looked for again.
        """
        for left in range(TRIES - 1, -1, -1):
            target.wait_for(state="visible")
            with suppress(TimeoutError):
                target.click(trial=True, timeout=STILL_MS)
            try:
                return target.click(force=True)
            except Error as error:
                if not left or GONE not in error.message:
                    raise

    def press(self, name: str, exact: bool = False) -> None:
        self.taps += 1
        self.touch(self.button(name, exact))

    def press_for(self, name: str, answer: str) -> None:
        """Press, and see the answer; once more where a notice that was just sliding in over the
        button took the press."""
        self.press(name)
        for _ in range(TRIES):
            with suppress(TimeoutError):
                return self.see(answer, within_ms=STILL_MS)
            self.touch(self.button(name))
        self.see(answer)

    def choose(self, name: str) -> None:
        """One of several chips."""
        self.taps += 1
        self.touch(self.page.get_by_role("checkbox", name=name).first)

    def go(self, name: str) -> None:
        """Once more where a starved machine took the press for a long one, which only shows the
        tab's name."""
        self.taps += 1
        tab = self.tab(name)
        self.touch(tab)
        for _ in range(TRIES):
            if self._went(tab):
                return
            self.touch(tab)

    def _went(self, tab: Locator) -> bool:
        for _ in range(WENT_LOOKS):
            if not tab.is_visible():
                return True
            try:
                if tab.get_attribute("aria-selected", timeout=STILL_MS) != "false":
                    return True
            except TimeoutError:
                return True  # it went away between the two looks
            self.settle(SETTLE_MS)
        return False

    def write(self, label: str, words: str) -> None:
        """Type into the field as a keyboard does, replacing what was there."""
        field = self.field(label)
        for _ in range(TRIES):
            self.focus(label)
            self.page.keyboard.press("Control+A")
            self.page.keyboard.press("Delete")
            self.page.keyboard.type(words)
            if field.input_value() == words and self._heard(field, within_s=FOCUS_S):
                return
        raise AssertionError(f"{label!r} does not take {words!r}, shows {field.input_value()!r}")

    def focus(self, label: str) -> None:
        """Touch the field until Flutter hears what is typed into it.

        With its semantics on, Flutter hands the first focus after a press on a tab back to that
        tab, and forgets a field that had the focus from the start until it has it anew. Without
        them, as on phones, the first touch counts.
        """
        field = self.field(label)
        for tried in range(TRIES):
            self.touch(field)
            if self._heard(field, within_s=(tried + 1) * FOCUS_S):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{label!r} hears no keys")

    def _heard(self, field: Locator, within_s: float) -> bool:
        """Whether what is typed now arrives: Flutter listens to a field a moment after the
        browser gave it the focus, and never learns of what was typed before."""
        deadline = time.monotonic() + within_s
        while time.monotonic() < deadline:
            if field.evaluate("field => field === document.activeElement") and self._listens():
                return True
            self.settle(LOOK_MS)
        return False

    def _listens(self) -> bool:
        """To the keys of the field with the focus."""
        focused = self._inspector.send("Runtime.evaluate", {"expression": "document.activeElement"})
        which = {"objectId": focused["result"]["objectId"]}
        heard = self._inspector.send("DOMDebugger.getEventListeners", which)["listeners"]
        return any(one["type"] == "keydown" for one in heard)

    @cached_property
    def _inspector(self) -> CDPSession:
        return self.page.context.new_cdp_session(self.page)

    def submit(self, fields: dict[str, str], button: str, answer: str) -> None:
        """Fill in, press, and see the answer; once more where the browser lost what was typed.

        With its semantics on, Flutter sometimes leaves a field's text in the page and knows
        nothing of it. People have no semantics on while they type, or a real screen reader.
        """
        for _ in range(TRIES - 1):
            for label, words in fields.items():
                self.write(label, words)
            self.press(button, exact=True)
            try:
                return self.see(answer, within_ms=ANSWER_MS)
            except TimeoutError:
                continue
        raise AssertionError(f"{button!r} is not answered with {answer!r}:\n{self.outline()}")

    def field(self, label: str) -> Locator:
        return self.page.get_by_role("textbox", name=label).first

    def enlarge_text(self, percent: int) -> None:
        """What the text size of the system does."""
        self.page.evaluate(f"document.documentElement.style.fontSize = '{percent * 0.16}px'")

    def scroll(self, dp: int) -> None:
        size = self.page.viewport_size or {"width": 0, "height": 0}
        self.page.mouse.move(size["width"] * 0.6, size["height"] / 2)
        self.page.mouse.wheel(0, dp)

    def settle(self, ms: int = 600) -> None:
        """Let animations end; for pictures only, never to wait for a result."""
        self.page.wait_for_timeout(ms)

    def picture(self, path: Path, tries: int = PICTURE_TRIES) -> Path:
        """Written to `path`. Raises Playwright's TimeoutError after `tries`."""
        for left in range(tries - 1, -1, -1):
            try:
                self.page.screenshot(path=path, timeout=PICTURE_MS)
            except TimeoutError:
                if not left:
                    raise
            else:
                break
        return path

    def outline(self) -> str:
        """The semantics tree as text."""
        return self.page.locator("body").aria_snapshot()

    def names(self) -> list[str]:
        """Everything in the semantics tree that can be tapped, by name."""
        return self.page.eval_on_selector_all(
            "flt-semantics[flt-tappable], flt-semantics[role=button]",
            "all => all.map(e => e.getAttribute('aria-label') || e.innerText)",
        )
