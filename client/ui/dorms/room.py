"""One room: what a tap, a swipe and 全到 do in it."""

import asyncio
from typing import cast

import flet as ft

from client.actions.dorms import NightDone
from client.actions.errors import ActionFailed
from client.state.views import BedView, MarkView
from client.ui import theme
from client.ui.context import sentence, use_app, use_client, use_loading
from client.ui.dorms.look import night_title, room_name, status_word
from client.ui.dorms.room_parts import Offer, beds_of, card_over, offer_line, room_foot, room_head
from client.ui.dorms.status_sheet import status_sheet
from client.ui.guarded import guarded, keyed, use_latest, use_start, use_task
from client.ui.kit.dialogs import UNDO_SECONDS, say, say_with_undo
from client.ui.kit.empty import empty, skeleton_list
from client.ui.kit.overlay import over
from client.ui.kit.scaffolds import sub_view
from client.ui.sync_centre import chip_of
from client.words import t
from ledger.rules.dorms.statuses import Status

SWIPE_DP_PER_S = 300
PANEL_DP = 560


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
            room_head(room, night_title(room.night, dorms.tonight, app.now)),
            ft.GestureDetector(
                keyed(room.room, beds_of, room, press, settle_),
                on_horizontal_drag_end=swiped,
                expand=True,
            ),
            *([offer_line(offered, lambda done: start(undo, done))] if offered else []),
            room_foot(room, map_, all_here, lambda id: start(go, id)),
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
        held = over(body, card_over(search, back), back, whole=True)
    else:
        held = over(body, panel, close, width=PANEL_DP)
    return sub_view(route, t("dorms.room_title", room=room_name(room.room)), held, chip)
