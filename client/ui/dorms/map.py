"""查寝 on the phone: tonight's building as floors of rooms, the next open room under the thumb."""

from datetime import date, timedelta

import flet as ft

from client.state.app import DormsState
from client.state.views import BuildingMap, StudentView
from client.ui import theme
from client.ui.context import use_app, use_client, use_loading
from client.ui.dorms.closing import reopened
from client.ui.dorms.deciding import NightDecisions, use_night_decisions
from client.ui.dorms.desk import desk_screen
from client.ui.dorms.floors import floor_map
from client.ui.dorms.look import closing_line, counts_line, night_title, room_name
from client.ui.guarded import guarded, keyed, use_latest, use_start, use_task
from client.ui.kit.badges import badge
from client.ui.kit.buttons import icon_button, primary, quiet, secondary
from client.ui.kit.empty import empty, skeleton_list
from client.ui.kit.lists import paged_list
from client.ui.kit.overlay import over
from client.ui.kit.rows import list_row
from client.ui.kit.search import Choice, choice_chips, search_field
from client.ui.kit.text import heading, words
from client.ui.layout import use_layout
from client.ui.theme import Type
from client.words import t

PANEL_DP = 560


@guarded
def dorms_screen() -> ft.Control:
    """The desk shows all buildings and nights, the phone one building's rooms."""
    return phone_map() if use_layout().is_phone else desk_screen()


@guarded
def phone_map() -> ft.Control:
    client, app, loading = use_client(), use_app(), use_loading()
    dorms, _ = ft.use_state(client.state.dorms)
    page, start = ft.context.page, use_start()
    map_ = dorms.map
    deciding = use_night_decisions(map_.summary if map_ else None, dorms.exceptions)

    async def begin() -> None:
        await loading.show_roll_call()
        summary = dorms.summary or ()
        if summary and dorms.building not in {one.building for one in summary}:
            # One's own building opens by itself; of several the first that is not closed.
            first = next((one for one in summary if one.closing is None), summary[0])
            await loading.show_building(first.building)

    async def show(building: str, night: str = "") -> None:
        await loading.show_building(building, "" if night == dorms.tonight else night)

    async def open_room(room: str) -> None:
        await loading.open_room(room)
        page.navigate("/dorms/room")

    async def open_pupil(pupil: StudentView) -> None:
        if pupil.building != dorms.building:
            await loading.show_building(pupil.building)
        await open_room(pupil.room or "-")

    async def find(text: str) -> None:
        await loading.find_pupils(text)

    use_task(begin)
    open_ = use_latest(lambda room: start(open_room, room))
    if dorms.summary is None:
        return skeleton_list()
    if not dorms.summary:
        return empty(ft.Icons.APARTMENT, t("dorms.no_building"), t("dorms.no_building_body"))
    parts: list[ft.Control] = [
        _night_switch(dorms, app.now, lambda night: start(show, dorms.building, night))
    ]
    if len(dorms.summary) > 1:
        parts.append(
            choice_chips(
                tuple(Choice(one.building, one.name) for one in dorms.summary),
                dorms.building,
                lambda id: start(show, id, dorms.night),
                one_line=True,
            )
        )
    parts.append(search_field(lambda text: start(find, text), t("dorms.search")))
    head = ft.Container(
        ft.Column(parts, spacing=theme.STEP, tight=True),
        padding=ft.Padding.symmetric(horizontal=theme.STEP_2, vertical=theme.HALF),
    )
    if dorms.found is not None:
        return ft.Column(
            [head, ft.Container(_found(dorms, lambda one: start(open_pupil, one)), expand=True)],
            spacing=0,
            expand=True,
        )
    if map_ is None:
        return ft.Column([head, ft.Container(skeleton_list(4), expand=True)], expand=True)
    if not map_.tiles:
        nothing = empty(ft.Icons.MEETING_ROOM, t("dorms.no_rooms"), t("dorms.no_rooms_body"))
        return ft.Column([head, ft.Container(nothing, expand=True)], expand=True)
    rooms = keyed(f"{map_.summary.building} {map_.summary.night}", floor_map, map_.tiles, open_)
    # All of it scrolls: enlarged text must not leave the rooms a slit.
    above = ft.ListView(
        [
            head,
            _standing(map_, reopened(dorms.history, app.now.date() if app.now else None)),
            _aside(map_, deciding, lambda: page.navigate("/leave")),
            ft.Container(
                rooms, padding=ft.Padding(theme.STEP_2, theme.STEP, theme.STEP_2, theme.STEP_3)
            ),
        ],
        expand=True,
    )
    body = ft.Column(
        [
            above,
            _foot(map_, deciding, open_),
        ],
        spacing=0,
        expand=True,
    )
    return over(body, deciding.panel, deciding.dismiss, width=PANEL_DP)


def _night_switch(dorms: DormsState, now, go) -> ft.Control:
    shown = dorms.night or dorms.tonight
    here = date.fromisoformat(shown)
    one = timedelta(days=1)
    return ft.Row(
        [
            icon_button(
                ft.Icons.CHEVRON_LEFT,
                t("dorms.night_before"),
                lambda: go((here - one).isoformat()),
            ),
            heading(night_title(shown, dorms.tonight, now), Type.SUBTITLE, expand=True),
            icon_button(
                ft.Icons.CHEVRON_RIGHT,
                t("dorms.night_after"),
                (lambda: go((here + one).isoformat())) if shown < dorms.tonight else None,
            ),
        ],
        spacing=0,
    )


def _standing(map_: BuildingMap, again: list[ft.Control]) -> ft.Control:
    """How far the night is, and what wants to be looked at; `again` says why it was reopened."""
    night, counts = map_.summary, map_.summary.counts
    said = " · ".join(
        (
            t("dorms.rooms_done", done=counts.rooms_marked, total=counts.rooms),
            t("dorms.pupils_marked", marked=counts.total - counts.unmarked, total=counts.total),
        )
    )
    lines: list[ft.Control] = [words(said, strong=True)]
    if night.closing is not None:
        lines.append(badge(ft.Icons.LOCK, closing_line(night.closing), theme.GREEN))
        if night.closing.note:
            lines.append(words(night.closing.note))
        if counts.unmarked:
            gap = t("dorms.closed_gap", count=counts.unmarked)
            lines.append(badge(ft.Icons.ERROR, gap, theme.RED))
    else:
        lines += again
    badges = counts_line(counts) if counts.unmarked < counts.total else []
    if badges:
        lines.append(ft.Row(badges, wrap=True, spacing=theme.STEP, run_spacing=theme.HALF))
    return ft.Container(
        ft.Column(lines, spacing=theme.HALF, tight=True),
        padding=ft.Padding.symmetric(horizontal=theme.STEP_2, vertical=theme.HALF),
    )


def _foot(map_: BuildingMap, deciding: NightDecisions, open_) -> ft.Control:
    night = map_.summary
    first = map_.after("", open_only=True)
    if night.closing is not None:
        main = secondary(
            t("dorms.reopen"), deciding.reopen, ft.Icons.LOCK_OPEN, big=True, expand=True
        )
    elif first is not None:
        begun = night.counts.unmarked < night.counts.total
        main = primary(
            t("dorms.go_on") if begun else t("dorms.start"),
            lambda: open_(first),
            ft.Icons.ARROW_FORWARD,
            big=True,
            expand=True,
        )
    else:
        main = primary(
            t("dorms.finish"), deciding.close_night, ft.Icons.LOCK, big=True, expand=True
        )
    return ft.Container(
        ft.Row([main]), padding=ft.Padding.symmetric(horizontal=theme.STEP_2, vertical=theme.STEP)
    )


def _aside(map_: BuildingMap, deciding: NightDecisions, leave) -> ft.Control:
    """What is seldom wanted scrolls with the rooms: the thumb's place is for one button."""
    night = map_.summary
    buttons = [quiet(t("dorms.leave_list"), leave, ft.Icons.EVENT_NOTE)]
    begun = night.counts.unmarked < night.counts.total
    if night.closing is None and begun and map_.after("", open_only=True) is not None:
        # Who is lacking is said by the closing itself.
        buttons.append(quiet(t("dorms.finish"), deciding.close_night))
    return ft.Row(buttons, wrap=True, spacing=0, run_spacing=0)


def _found(dorms: DormsState, on_open) -> ft.Control:
    return paged_list(
        dorms.found,
        pupil_row,
        lambda one: one.id,
        on_open,
        empty(ft.Icons.SEARCH_OFF, t("dorms.not_found_title"), t("dorms.not_found_body")),
    )


@guarded
def pupil_row(pupil: StudentView, on_press, chosen: bool) -> ft.Control:
    where = t("dorms.room_title", room=room_name(pupil.room or "-"))
    if pupil.bed:
        where = t("dorms.room_bed", room=pupil.room, bed=pupil.bed)
    return list_row(
        pupil.name,
        f"{where} · {pupil.class_id}",
        on_press=lambda: on_press(pupil),
        selected=chosen,
        strong=True,
    )
