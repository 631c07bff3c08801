"""The list every screen uses: skeleton, empty state, pages of at most 50, pull to refresh."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import flet as ft

from client.ui import theme
from client.ui.guarded import guarded, keyed, use_latest
from client.ui.kit.buttons import icon_button
from client.ui.kit.empty import skeleton_list
from client.ui.kit.pulling import SCROLL_EVENT_MS, use_pulling
from client.ui.kit.text import words
from client.ui.theme import Type
from client.words import t

Item = TypeVar("Item")

PAGE_ROWS = 50


@guarded
def paged_list(
    items: tuple[Item, ...] | None,
    row: Callable[[Item, Callable[[Item], None], bool], ft.Control],
    key: Callable[[Item], str],
    on_press: Callable[[Item], None],
    empty: ft.Control,
    on_refresh: Callable[[], Awaitable[object]] | None = None,
    chosen: str | None = None,
    header: ft.Control | None = None,
    footer: ft.Control | None = None,
) -> ft.Control:
    """`items=None` while loading; `chosen` is the key of the item whose detail is open.

    `row` is a guarded component of item, press and whether it is chosen. It's drawn again only
    when one of them has changed, so items must be frozen values that are equal when they look it.
    """
    page_index, set_page_index = ft.use_state(0)
    pulling = use_pulling(on_refresh)
    press = use_latest(on_press)

    body: list[ft.Control] = [header] if header else []
    shown = 0
    if items is None:
        body.append(skeleton_list())
    elif not items:
        body.append(empty)
    else:
        pages = -(-len(items) // PAGE_ROWS)
        shown = min(page_index, pages - 1)
        part = items[shown * PAGE_ROWS : (shown + 1) * PAGE_ROWS]
        body += [keyed(key(item), ft.memo(row), item, press, key(item) == chosen) for item in part]
        if pages > 1:
            body.append(pager(shown, pages, len(items), set_page_index))
    if footer:
        body.append(footer)

    listing = ft.ListView(
        body,
        # Another page is another list, and so begins at its top.
        key=f"page {shown}",
        expand=True,
        padding=ft.Padding.only(bottom=theme.STEP_3),
        scroll_interval=SCROLL_EVENT_MS,
        on_scroll=pulling.on_scroll,
    )
    return pulling.around(listing)


def pager(shown: int, pages: int, total: int, go: Callable[[int], None]) -> ft.Control:
    """Turns pages; `shown` counts from 0."""
    return ft.Container(
        padding=theme.STEP,
        content=ft.Row(
            alignment=ft.MainAxisAlignment.CENTER,
            controls=[
                icon_button(
                    ft.Icons.CHEVRON_LEFT,
                    t("kit.page_before"),
                    (lambda: go(shown - 1)) if shown else None,
                ),
                words(
                    t("kit.page_of", page=shown + 1, pages=pages, total=total),
                    Type.SMALL,
                    muted=True,
                ),
                icon_button(
                    ft.Icons.CHEVRON_RIGHT,
                    t("kit.page_after"),
                    (lambda: go(shown + 1)) if shown < pages - 1 else None,
                ),
            ],
        ),
    )
