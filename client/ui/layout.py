"""Chooses phone or desktop by the width of the page, and tells every part that asks."""

from enum import Enum

import flet as ft

DESKTOP_FROM_DP = 840
WIDE_FROM_DP = 1400


class Layout(Enum):
    PHONE = "phone"
    DESKTOP = "desktop"
    WIDE = "wide"

    @property
    def is_phone(self) -> bool:
        return self is Layout.PHONE


def layout_for(width: float | None) -> Layout:
    if not width or width < DESKTOP_FROM_DP:
        return Layout.PHONE
    return Layout.DESKTOP if width < WIDE_FROM_DP else Layout.WIDE


LayoutContext = ft.create_context(Layout.PHONE)


def use_layout() -> Layout:
    """The layout now; a memoised part must take it as an argument instead."""
    return ft.use_context(LayoutContext)


def use_page_layout() -> Layout:
    """For the root component alone: follows the page's width, re-renders only at a breakpoint."""
    layout, set_layout = ft.use_state(lambda: layout_for(ft.context.page.width))

    def follow() -> None:
        page = ft.context.page
        page.on_resize = lambda e: set_layout(layout_for(e.width))
        # A page that opens slowly may have told its width before anybody followed it.
        set_layout(layout_for(page.width))

    ft.use_effect(follow, [])
    return layout
