"""Whether a control that is made once and kept still stands on the page: what has left it can't be
asked for anything any more.
"""

import asyncio
import time
import weakref
from typing import Any

import flet as ft

REDRAWN_SECONDS = 3
LOOK_SECONDS = 0.05


class OnPage:
    """Where one control stands, as far as flet still knows."""

    def __init__(self) -> None:
        self._page: Any = None

    def note_page(self) -> None:
        """Call it where the page is known, as handlers and effects do."""
        try:
            self._page = ft.context.page or self._page
        except RuntimeError:
            return

    async def is_gone(self, control: ft.Control) -> bool:
        """Whether it has left the tree for good. A screen that is being drawn anew has it out of
        the tree for a moment, and one that closes doesn't always stop it before."""
        deadline = time.monotonic() + REDRAWN_SECONDS
        while not self.find(control):
            if time.monotonic() > deadline:
                return True
            await asyncio.sleep(LOOK_SECONDS)
        return False

    def find(self, control: ft.Control) -> bool:
        """A redraw gives a control that stays the same a new parent without telling it, and the
        old one is forgotten: asked for anything, flet would say it isn't on the page. The page's
        index still knows what is on it."""
        if self._is_shown(control):
            return True
        page = self._page
        try:
            known = page is not None and page.session.index.get(control._i) is control
        except RuntimeError:  # the page is closed for good
            return False
        if not known:
            return False
        object.__setattr__(control, "_parent", weakref.ref(page))
        return True

    def _is_shown(self, control: ft.Control) -> bool:
        try:
            page = control.page
        except RuntimeError:
            return False
        self._page = page or self._page
        return page is not None
