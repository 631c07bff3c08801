"""Finding among many: the search field and the filter chips."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import flet as ft

from client.ui import theme
from client.ui.guarded import guarded, use_latest
from client.ui.kit.buttons import icon_button
from client.words import t

QUIET_SECONDS = 0.25


@guarded
def search_field(on_search: Callable[[str], None], hint: str | None = None) -> ft.Control:
    """Tells what was typed once the fingers rest; the field keeps its own text."""
    text, set_text = ft.use_state("")
    latest = ft.use_ref("")
    tell = use_latest(on_search)

    async def typed(e: ft.Event[ft.TextField]) -> None:
        now = e.control.value
        latest.current = now
        set_text(now)
        await asyncio.sleep(QUIET_SECONDS)
        if latest.current == now:
            tell(now.strip())

    def clear() -> None:
        latest.current = ""
        set_text("")
        tell("")

    field = ft.TextField(
        value=text,
        label=hint or t("common.search"),
        prefix_icon=ft.Icons.SEARCH,
        suffix_icon=icon_button(ft.Icons.CLOSE, t("kit.clear"), clear) if text else None,
        border=ft.OutlineInputBorder(
            border_radius=theme.STEP_3, side=ft.BorderSide(1, ft.Colors.OUTLINE_VARIANT)
        ),
        content_padding=ft.Padding.symmetric(horizontal=theme.STEP_2, vertical=theme.CORNER),
        on_change=typed,
        expand=True,
    )
    # A row, because a field in a column would not take its whole width.
    return ft.Row([field])


@dataclass(frozen=True, slots=True)
class Choice:
    id: str
    label: str
    count: int | None = None


def filter_chips(
    choices: tuple[Choice, ...], chosen: frozenset[str], on_change: Callable[[frozenset[str]], None]
) -> ft.Control:
    """Any number may be chosen; none chosen means everything."""

    def chip(choice: Choice) -> ft.Control:
        label = choice.label if choice.count is None else f"{choice.label} {choice.count}"
        return ft.Chip(
            label=label,
            selected=choice.id in chosen,
            # Material's own chips are 32 high: the padding makes them 48.
            padding=ft.Padding.symmetric(horizontal=theme.STEP, vertical=theme.CORNER),
            shape=ft.RoundedRectangleBorder(radius=theme.CORNER),
            on_select=lambda: on_change(chosen ^ {choice.id}),
        )

    return ft.Row(
        [chip(choice) for choice in choices], spacing=theme.STEP, run_spacing=theme.STEP, wrap=True
    )
