"""The frames of the screens: phone with its bar, desktop with its rail, list beside detail."""

from collections.abc import Callable
from dataclasses import dataclass

import flet as ft

from client.ui import theme
from client.ui.kit.text import heading, words
from client.ui.layout import Layout
from client.ui.theme import Type
from client.words import t

MASTER_DP = 400
ASIDE_DP = 360
RAIL_DP = 96
CROWDED_RAIL = 11


@dataclass(frozen=True, slots=True)
class Destination:
    """A place the bar or the rail leads to; `scan` stands out in the middle of the bar."""

    id: str
    label: str
    icon: ft.IconData
    icon_here: ft.IconData
    scan: bool = False


def phone_view(
    title: str,
    body: ft.Control,
    chip: ft.Control,
    destinations: tuple[Destination, ...],
    here: str,
    on_go: Callable[[str], None],
    actions: tuple[ft.Control, ...] = (),
) -> ft.View:
    ids = [destination.id for destination in destinations]

    def go(e: ft.Event[ft.NavigationBar]) -> None:
        on_go(ids[e.control.selected_index])

    return ft.View(
        # One route for all tabs, so that changing tabs doesn't slide.
        route="/",
        can_pop=False,
        padding=0,
        appbar=_phone_bar(title, chip, actions),
        controls=[ft.SafeArea(body, expand=True)],
        navigation_bar=ft.NavigationBar(
            selected_index=ids.index(here) if here in ids else 0,
            on_change=go,
            destinations=[_bar_destination(destination) for destination in destinations],
        ),
    )


def sub_view(
    route: str,
    title: str,
    body: ft.Control,
    chip: ft.Control | None = None,
    actions: tuple[ft.Control, ...] = (),
) -> ft.View:
    """A screen on top of another one, with the way back."""
    return ft.View(
        route=route,
        padding=0,
        appbar=_phone_bar(title, chip, actions),
        controls=[ft.SafeArea(body, expand=True)],
    )


def _phone_bar(title: str, chip: ft.Control | None, actions: tuple[ft.Control, ...]) -> ft.AppBar:
    return ft.AppBar(
        title=heading(title, Type.BAR, lines=2),
        actions=[*actions, *([chip] if chip else [])],
        actions_padding=ft.Padding.only(right=theme.STEP),
    )


def _bar_destination(destination: Destination) -> ft.NavigationBarDestination:
    if not destination.scan:
        return ft.NavigationBarDestination(
            icon=destination.icon, selected_icon=destination.icon_here, label=destination.label
        )
    return ft.NavigationBarDestination(
        icon=ft.Container(
            width=64,
            height=32,
            border_radius=16,
            bgcolor=ft.Colors.PRIMARY,
            alignment=ft.Alignment.CENTER,
            content=ft.Icon(destination.icon, color=ft.Colors.ON_PRIMARY, size=24),
        ),
        label=destination.label,
    )


def desktop_view(
    title: str,
    body: ft.Control,
    chip: ft.Control,
    destinations: tuple[Destination, ...],
    here: str,
    on_go: Callable[[str], None],
    actions: tuple[ft.Control, ...] = (),
    person: ft.Control | None = None,
) -> ft.View:
    ids = [destination.id for destination in destinations]

    def go(e: ft.Event[ft.NavigationRail]) -> None:
        on_go(ids[e.control.selected_index or 0])

    rail = ft.NavigationRail(
        selected_index=ids.index(here) if here in ids else None,
        label_type=ft.NavigationRailLabelType.ALL,
        min_width=RAIL_DP,
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOW,
        scrollable=True,
        leading=_mark(),
        trailing=person,
        pin_trailing_to_bottom=True,
        on_change=go,
        destinations=[
            ft.NavigationRailDestination(
                icon=destination.icon,
                selected_icon=destination.icon_here,
                label=destination.label,
                # A desk's 900 dp hold eleven of them without scrolling.
                padding=ft.Padding.symmetric(
                    vertical=theme.HALF if len(destinations) < CROWDED_RAIL else 0
                ),
            )
            for destination in destinations
        ],
    )
    head = ft.Container(
        padding=ft.Padding.symmetric(horizontal=theme.STEP_3, vertical=theme.STEP),
        content=ft.Row(
            [heading(title, Type.TITLE, expand=True), *actions, chip], spacing=theme.STEP
        ),
    )
    return ft.View(
        route="/",
        can_pop=False,
        padding=0,
        controls=[
            ft.Row(
                [rail, ft.Column([head, ft.Container(body, expand=True)], expand=True, spacing=0)],
                expand=True,
                spacing=0,
                vertical_alignment=ft.CrossAxisAlignment.STRETCH,
            )
        ],
    )


def _mark() -> ft.Control:
    return ft.Container(
        padding=ft.Padding.symmetric(vertical=theme.STEP_2),
        content=ft.Column(
            tight=True,
            spacing=theme.HALF,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
            controls=[
                ft.Container(
                    width=44,
                    height=44,
                    border_radius=theme.CORNER,
                    bgcolor=ft.Colors.PRIMARY,
                    alignment=ft.Alignment.CENTER,
                    content=ft.Icon(ft.Icons.VERIFIED_USER, color=ft.Colors.ON_PRIMARY, size=26),
                ),
                words(t("common.app_name"), Type.PLACE, strong=True),
            ],
        ),
    )


def master_detail(
    layout: Layout,
    master: ft.Control,
    detail: ft.Control | None,
    nothing_chosen: ft.Control,
    aside: ft.Control | None = None,
) -> ft.Control:
    """A phone shows the detail or the list; a desktop both; from 1400 dp on a third pane."""
    if layout.is_phone:
        return detail or master
    panes = [
        ft.Container(master, width=MASTER_DP),
        ft.VerticalDivider(width=1),
        ft.Container(detail or nothing_chosen, expand=True),
    ]
    if aside and layout is Layout.WIDE:
        panes += [ft.VerticalDivider(width=1), ft.Container(aside, width=ASIDE_DP)]
    return ft.Row(panes, expand=True, spacing=0, vertical_alignment=ft.CrossAxisAlignment.STRETCH)


def reading_width(body: ft.Control, layout: Layout) -> ft.Control:
    """A phone gives all it has; on a desktop lines end where eyes can follow them."""
    if layout.is_phone:
        return ft.Container(body, expand=True)
    return ft.Row(
        [ft.Container(body, width=theme.READING_WIDTH)],
        alignment=ft.MainAxisAlignment.CENTER,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
        expand=True,
    )
