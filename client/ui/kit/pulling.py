"""Pull down to refresh: flet has no control for it, so lists listen to how they are scrolled."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import flet as ft

from client.words import t

PULL_DP = 60
FLING_DP_PER_SECOND = 300
SCROLL_EVENT_MS = 60
SEEN_SECONDS = 0.6


@dataclass(frozen=True, slots=True)
class Pulling:
    """Give `on_scroll` to the list, and place what `around` makes of it."""

    on_scroll: Any
    on_drag_end: Any
    refreshing: bool

    def around(self, listing: ft.Control) -> ft.Control:
        """The list with a bar above it while it is being refreshed."""
        return ft.Column(
            spacing=0,
            expand=True,
            controls=[
                ft.ProgressBar(semantics_label=t("common.refresh"), visible=self.refreshing),
                ft.GestureDetector(listing, expand=True, on_vertical_drag_end=self.on_drag_end)
                if self.on_drag_end
                else listing,
            ],
        )


def use_pulling(on_refresh: Callable[[], Awaitable[object]] | None) -> Pulling:
    """A hook; without `on_refresh` the list is just a list."""
    refreshing, set_refreshing = ft.use_state(False)
    pulled = ft.use_ref(0.0)

    async def refresh() -> None:
        if on_refresh is None or refreshing:
            return
        set_refreshing(True)
        try:
            # On a good line it is over before anybody sees that there was an answer to the pull.
            await asyncio.gather(on_refresh(), asyncio.sleep(SEEN_SECONDS))
        finally:
            set_refreshing(False)

    async def scrolled(e: ft.OnScrollEvent) -> None:
        """Two platforms, two signs of a pull: Android stops at the edge, iOS goes beyond it."""
        if e.event_type is ft.ScrollType.START:
            pulled.current = 0.0
        elif e.event_type is ft.ScrollType.OVERSCROLL:
            pulled.current = (pulled.current or 0.0) + min(e.overscroll or 0.0, 0.0)
        elif e.event_type is ft.ScrollType.UPDATE:
            pulled.current = min(pulled.current or 0.0, e.pixels - e.min_scroll_extent)
        elif e.event_type is ft.ScrollType.END and (pulled.current or 0.0) < -PULL_DP:
            pulled.current = 0.0
            await refresh()

    async def dragged(e: ft.DragEndEvent) -> None:
        """A list too short to scroll leaves the drag to us."""
        if (e.primary_velocity or 0.0) > FLING_DP_PER_SECOND:
            await refresh()

    if on_refresh is None:
        return Pulling(None, None, False)
    return Pulling(scrolled, dragged, refreshing)
