"""Finding among many: the search field and the filter chips."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import flet as ft

from client.ui import theme
from client.ui.guarded import guarded, use_latest
from client.ui.kit.buttons import icon_button
from client.ui.kit.fields import Field, field_label, use_field
from client.words import t

QUIET_SECONDS = 0.25


@guarded
def search_field(
    on_search: Callable[[str], None],
    hint: str | None = None,
    field: Field | None = None,
    on_focus: Callable[[bool], None] | None = None,
) -> ft.Control:
    """Tells what was typed once the fingers rest; the field keeps its own text.

    A screen that must reach the field brings its own `field`; one with keys of its own asks
    `on_focus` to know when letters are being typed.
    """
    own = use_field()
    field = field or own
    _, set_filled = ft.use_state(False)
    tell = use_latest(on_search)

    async def typed() -> None:
        now = field.value
        set_filled(bool(now))
        await asyncio.sleep(QUIET_SECONDS)
        if field.value == now:
            tell(now.strip())

    def clear() -> None:
        field.reset()
        set_filled(False)
        tell("")

    box = ft.TextField(
        ref=field.ref,
        key=field.key,
        value=field.value,
        # The field has no room for a second line.
        label=field_label(hint or t("common.search"), one_line=True),
        # Its own default is black, in the dark theme too.
        color=ft.Colors.ON_SURFACE,
        prefix_icon=ft.Icons.SEARCH,
        suffix_icon=icon_button(ft.Icons.CLOSE, t("kit.clear"), clear) if field.value else None,
        border=ft.OutlineInputBorder(
            border_radius=theme.STEP_3, side=ft.BorderSide(1, ft.Colors.OUTLINE_VARIANT)
        ),
        content_padding=ft.Padding.symmetric(horizontal=theme.STEP_2, vertical=theme.CORNER),
        on_change=typed,
        on_focus=(lambda: on_focus(True)) if on_focus else None,
        on_blur=(lambda: on_focus(False)) if on_focus else None,
        expand=True,
    )
    # A row, because a field in a column would not take its whole width.
    return ft.Row([box])


@dataclass(frozen=True, slots=True)
class Choice:
    id: str
    label: str
    count: int | None = None


def choice_chips(
    choices: tuple[Choice, ...],
    chosen: str,
    on_choose: Callable[[str], None],
    *,
    one_line: bool = False,
) -> ft.Control:
    """Exactly one is chosen. `on_choose` is told of a press on the chosen one, too.

    `one_line` scrolls sideways where there is too little room for all.
    """

    def chip(choice: Choice) -> ft.Control:
        made = _chip(choice, choice.id == chosen)
        # A press on the chosen one would switch it off where it is drawn, were it "select".
        made.on_click = lambda: on_choose(choice.id)
        return made

    chips = [chip(choice) for choice in choices]
    if one_line:
        return ft.Row(chips, spacing=theme.STEP, scroll=ft.ScrollMode.HIDDEN)
    return _chips(chips)


def filter_chips(
    choices: tuple[Choice, ...], chosen: frozenset[str], on_change: Callable[[frozenset[str]], None]
) -> ft.Control:
    """Any number may be chosen; none chosen means everything."""

    def chip(choice: Choice) -> ft.Control:
        made = _chip(choice, choice.id in chosen)
        made.on_select = lambda: on_change(chosen ^ {choice.id})
        return made

    return _chips([chip(choice) for choice in choices])


def _chip(choice: Choice, selected: bool) -> ft.Chip:
    label = choice.label if choice.count is None else f"{choice.label} {choice.count}"
    return ft.Chip(
        label=label,
        selected=selected,
        # Material's own chips are 32 high: the padding makes them 48.
        padding=ft.Padding.symmetric(horizontal=theme.STEP, vertical=theme.CORNER),
        shape=ft.RoundedRectangleBorder(radius=theme.CORNER),
    )


def _chips(chips: list[ft.Control]) -> ft.Control:
    return ft.Row(chips, spacing=theme.STEP, run_spacing=theme.STEP, wrap=True)
