"""What a room shows: its beds in their real order, how it stands, 全到 under the thumb."""

from collections.abc import Callable
from dataclasses import dataclass

import flet as ft

from client.actions.dorms import NightDone
from client.state.views import BuildingMap, MissingView, RoomNight
from client.ui import theme
from client.ui.dorms.beds import bed_card
from client.ui.dorms.look import tile_badge
from client.ui.dorms.search_card import search_card
from client.ui.guarded import guarded, keyed
from client.ui.kit.badges import badge
from client.ui.kit.buttons import icon_button, primary, quiet
from client.ui.kit.empty import empty
from client.ui.kit.text import section_header, words
from client.ui.theme import Type
from client.words import clock, t


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be undone for a few seconds, and how it is said."""

    done: NightDone
    said: str


def offer_line(offer: Offer, undo: Callable[[NightDone], None]) -> ft.Control:
    """What was just saved, with its undo: above 全到, which must stay within reach."""
    parts: list[ft.Control] = [
        words(offer.said, color=ft.Colors.ON_INVERSE_SURFACE, lines=2, expand=True)
    ]
    if offer.done.entry:
        parts.append(
            ft.TextButton(
                t("common.undo"),
                style=ft.ButtonStyle(
                    color=ft.Colors.INVERSE_PRIMARY,
                    padding=ft.Padding.symmetric(horizontal=theme.STEP_2, vertical=14),
                ),
                on_click=lambda: undo(offer.done),
            )
        )
    return ft.Semantics(
        live_region=True,
        content=ft.Container(
            ft.Row(parts),
            bgcolor=ft.Colors.INVERSE_SURFACE,
            border_radius=theme.CORNER,
            padding=ft.Padding(theme.STEP_2, 0, theme.HALF, 0),
            margin=ft.Margin.symmetric(horizontal=theme.STEP_2),
            height=theme.BIG_TARGET_DP,
        ),
    )


def card_over(search: MissingView, back: Callable[[], None]) -> ft.Control:
    return ft.Column(
        [
            ft.Row([quiet(t("dorms.back_to_room"), back, ft.Icons.ARROW_BACK)]),
            ft.Container(keyed(search.id, search_card, search), expand=True),
        ],
        spacing=0,
        expand=True,
    )


@guarded
def beds_of(room: RoomNight, on_press, on_choose) -> ft.Control:
    cards: list[ft.Control] = [
        keyed(bed.student or f"bed {n}", ft.memo(bed_card), bed, on_press, on_choose)
        for n, bed in enumerate(room.beds)
    ]
    if not room.pupils:
        body = t("dorms.nobody_here_body")
        cards = [empty(ft.Icons.BED, t("dorms.nobody_here"), body)]
    if room.strangers:
        cards.append(section_header(t("dorms.strangers")))
        names = t("dorms.name_comma").join(
            one.name or t("dorms.name_unknown") for one in room.strangers
        )
        cards.append(words(names))
    return ft.ListView(
        cards,
        expand=True,
        spacing=theme.STEP,
        padding=ft.Padding.symmetric(horizontal=theme.STEP_2, vertical=theme.STEP),
    )


def room_head(room: RoomNight, night: str) -> ft.Control:
    badges: list[ft.Control] = [tile_badge(room.state)]
    if room.saves and room.saves[-1].later:
        badges.append(badge(ft.Icons.HISTORY, t("dorms.later"), theme.YELLOW))
    if room.closed:
        badges.append(badge(ft.Icons.LOCK, t("dorms.closed_said"), theme.QUIET))
    said = [room.building_name, night]
    if room.saves:
        last = room.saves[-1]
        said.append(t("dorms.mark_by", who=last.by, time=clock(last.at)))
    return ft.Container(
        ft.Column(
            [
                words(" · ".join(part for part in said if part), Type.SMALL, muted=True),
                ft.Row(badges, wrap=True, spacing=theme.STEP, run_spacing=theme.HALF),
            ],
            spacing=theme.HALF,
            tight=True,
        ),
        padding=ft.Padding.symmetric(horizontal=theme.STEP_2, vertical=theme.HALF),
    )


def room_foot(room: RoomNight, map_: BuildingMap, all_here, go) -> ft.Control:
    before, after = map_.before(room.room), map_.after(room.room)
    open_ = len(room.unmarked)
    main = (
        primary(
            t("dorms.all_here_count", count=open_),
            all_here,
            ft.Icons.DONE_ALL,
            big=True,
            expand=True,
        )
        if open_ and not room.closed
        else primary(
            t("dorms.next_room"),
            (lambda: go(_following(room, map_))) if _following(room, map_) else None,
            ft.Icons.ARROW_FORWARD,
            big=True,
            expand=True,
        )
    )
    return ft.Container(
        ft.Row(
            [
                icon_button(
                    ft.Icons.CHEVRON_LEFT,
                    t("dorms.previous_room"),
                    (lambda: go(before)) if before else None,
                ),
                main,
                icon_button(
                    ft.Icons.CHEVRON_RIGHT,
                    t("dorms.next_room"),
                    (lambda: go(after)) if after else None,
                ),
            ],
            spacing=theme.HALF,
        ),
        padding=ft.Padding.symmetric(horizontal=theme.STEP, vertical=theme.STEP),
    )


def _following(room: RoomNight, map_: BuildingMap) -> str | None:
    return map_.after(room.room, open_only=True) or map_.after(room.room)
