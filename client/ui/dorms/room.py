"""One room: its beds in their real order, 全到 under the thumb, swipe for the next."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import flet as ft

from client.actions.dorms import NightDone
from client.actions.errors import ActionFailed
from client.state.views import BedView, BuildingMap, MarkView, MissingView, RoomNight
from client.ui import theme
from client.ui.context import sentence, use_app, use_client, use_loading
from client.ui.dorms.beds import bed_card
from client.ui.dorms.look import night_title, room_name, status_word, tile_badge
from client.ui.dorms.missing import missing_card
from client.ui.dorms.status_sheet import status_sheet
from client.ui.guarded import guarded, keyed, use_latest, use_start, use_task
from client.ui.kit.badges import badge
from client.ui.kit.buttons import icon_button, primary, quiet
from client.ui.kit.dialogs import UNDO_SECONDS, say, say_with_undo
from client.ui.kit.empty import empty, skeleton_list
from client.ui.kit.overlay import over
from client.ui.kit.scaffolds import sub_view
from client.ui.kit.text import section_header, words
from client.ui.sync_centre import chip_of
from client.ui.theme import Type
from client.words import clock, t
from ledger.rules.dorms.statuses import Status

SWIPE_DP_PER_S = 300
PANEL_DP = 560


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be undone for a few seconds, and how it is said."""

    done: NightDone
    said: str


@guarded
def room_view() -> ft.View:
    client, app, loading = use_client(), use_app(), use_loading()
    dorms, _ = ft.use_state(client.state.dorms)
    page, start, route = ft.context.page, use_start(), ft.use_view_path()
    touched, set_touched = ft.use_state("")
    trouble, set_trouble = ft.use_state("")
    offered, set_offered = ft.use_state(cast(Offer | None, None))
    searching, set_searching = ft.use_state("")
    busy = ft.use_ref(False)
    room, map_ = dorms.room, dorms.map

    def back() -> None:
        set_searching("")

    def close() -> None:
        set_touched("")
        set_trouble("")

    async def undo(done: NightDone) -> None:
        set_offered(lambda _: None)
        try:
            await client.actions.dorms.undo(done)
        except ActionFailed as error:
            say(page, sentence(error))
        else:
            say(page, t("dorms.undone"))

    def offer_undo(done: NightDone, said: str) -> None:
        set_offered(lambda _: Offer(done, said))

    async def withdraw_offer() -> None:
        if offered is not None:
            await asyncio.sleep(UNDO_SECONDS)
            set_offered(lambda now: None if now is offered else now)

    async def go(room_id: str | None) -> None:
        close()
        if room_id:
            await loading.open_room(room_id)

    async def all_here() -> None:
        if room is None or busy.current:
            return
        busy.current = True
        try:
            done = await client.actions.dorms.mark_all(room)
        except ActionFailed as error:
            say(page, sentence(error))
            return
        finally:
            busy.current = False
        said = t("dorms.room_marked", room=room_name(room.room), count=done.marked)
        following = map_.after(room.room, open_only=True) if map_ else None
        if following:
            offer_undo(done, said)
            await loading.open_room(following)
            return
        said = t("dorms.comma").join((said, t("dorms.all_rooms_done")))
        page.navigate("/dorms")
        finish_dp = theme.BIG_TARGET_DP + theme.STEP_2
        say_with_undo(page, said, lambda: start(undo, done), above_dp=finish_dp)

    async def choose(bed: BedView, status: Status, *told: str | bool) -> None:
        where, swapped, because = told
        if room is None:
            return
        try:
            done = await client.actions.dorms.mark(
                room,
                bed,
                status,
                where=str(where),
                swapped=bool(swapped),
                because=str(because),
            )
        except ActionFailed as error:
            set_trouble(sentence(error))
            return
        close()
        offer_undo(done, t("dorms.marked_one", name=bed.name, status=status_word(status)))
        if status is Status.MISSING:
            # The card of whoever was just marked missing comes by itself.
            await loading.open_search("")
            raised = (one for one in dorms.searches if one.student == bed.student)
            await loading.open_search(next((one.id for one in raised), ""))
            set_searching(bed.student)

    async def settle(bed: BedView, mark: MarkView) -> None:
        if room is None:
            return
        try:
            done = await client.actions.dorms.choose(room, bed, mark)
        except ActionFailed as error:
            say(page, sentence(error))
        else:
            said = t("dorms.marked_one", name=bed.name, status=status_word(mark.status))
            offer_undo(done, said)

    def swiped(e: ft.DragEndEvent) -> None:
        speed = e.primary_velocity or 0
        if map_ is None or room is None or abs(speed) < SWIPE_DP_PER_S:
            return
        start(go, map_.after(room.room) if speed < 0 else map_.before(room.room))

    use_task(withdraw_offer, [offered])
    press = use_latest(lambda bed: set_touched(bed.student))
    settle_ = use_latest(lambda bed, mark: start(settle, bed, mark))
    chip = chip_of(app, lambda: page.navigate("/sync"))
    if room is None or map_ is None:
        if not dorms.building:
            nothing = empty(
                ft.Icons.MEETING_ROOM, t("dorms.pick_night"), t("dorms.pick_night_body")
            )
            return sub_view(route, t("dorms.title"), nothing, chip)
        return sub_view(route, t("dorms.title"), skeleton_list(4), chip)
    chosen = next((one for one in room.beds if one.student == touched), None) if touched else None
    body = ft.Column(
        [
            _head(room, night_title(room.night, dorms.tonight, app.now)),
            ft.GestureDetector(
                keyed(room.room, beds_of, room, press, settle_),
                on_horizontal_drag_end=swiped,
                expand=True,
            ),
            *([_offer(offered, lambda done: start(undo, done))] if offered else []),
            _foot(room, map_, all_here, lambda id: start(go, id)),
        ],
        spacing=0,
        expand=True,
    )
    panel = None
    if chosen is not None:
        bed = chosen
        panel = keyed(
            bed.student,
            status_sheet,
            bed,
            room.closed,
            trouble,
            lambda status, where, swapped, because: choose(bed, status, where, swapped, because),
            close,
        )
    search = dorms.search
    if searching and search is not None and search.student == searching:
        held = over(body, _search_card(search, back), back, whole=True)
    else:
        held = over(body, panel, close, width=PANEL_DP)
    return sub_view(route, t("dorms.room_title", room=room_name(room.room)), held, chip)


def _offer(offer: Offer, undo: Callable[[NightDone], None]) -> ft.Control:
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


def _search_card(search: MissingView, back: Callable[[], None]) -> ft.Control:
    return ft.Column(
        [
            ft.Row([quiet(t("dorms.back_to_room"), back, ft.Icons.ARROW_BACK)]),
            ft.Container(keyed(search.id, missing_card, search), expand=True),
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


def _head(room: RoomNight, night: str) -> ft.Control:
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


def _foot(room: RoomNight, map_: BuildingMap, all_here, go) -> ft.Control:
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
