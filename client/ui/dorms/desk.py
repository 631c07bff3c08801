"""查寝 at the desk: every building in tonight and the last nights; one of them in detail."""

from datetime import date

import flet as ft

from client.state.app import DormsState
from client.state.views import BuildingMap, BuildingNight, NightStep
from client.ui import theme
from client.ui.context import use_app, use_client, use_loading
from client.ui.dorms.closing import exception_row, figures, reopened
from client.ui.dorms.deciding import NightDecisions, use_night_decisions
from client.ui.dorms.floors import floor_map
from client.ui.dorms.look import closing_line, night_title, status_word
from client.ui.guarded import guarded, keyed, use_latest, use_start, use_task
from client.ui.kit.badges import badge
from client.ui.kit.buttons import primary, secondary
from client.ui.kit.empty import empty, skeleton_list
from client.ui.kit.lists import PAGE_ROWS
from client.ui.kit.overlay import over
from client.ui.kit.rows import list_row
from client.ui.kit.text import heading, section_header, words
from client.ui.layout import Layout, use_layout
from client.ui.theme import Tone, Type
from client.words import n, t, when
from ledger.rules.dorms.statuses import Status

LIST_DP = 420
LIST_NARROW_DP = 340
PANEL_DP = 560
HISTORY_AT_ONCE = 30


@guarded
def desk_screen() -> ft.Control:
    client, app, layout, loading = use_client(), use_app(), use_layout(), use_loading()
    dorms, _ = ft.use_state(client.state.dorms)
    page, start = ft.context.page, use_start()
    map_ = dorms.map
    deciding = use_night_decisions(map_.summary if map_ else None, dorms.exceptions)

    async def begin() -> None:
        await loading.show_nights()
        if not dorms.building and dorms.desk:
            await loading.show_building(dorms.desk[0].building)

    async def show(building: str, night: str) -> None:
        await loading.show_building(building, "" if night == dorms.tonight else night)

    async def open_room(room: str) -> None:
        await loading.open_room(room)
        page.navigate("/dorms/room")

    use_task(begin)
    show_ = use_latest(lambda building, night: start(show, building, night))
    open_ = use_latest(lambda room: start(open_room, room))
    if dorms.desk is None:
        return skeleton_list()
    if not dorms.desk:
        return empty(ft.Icons.APARTMENT, t("dorms.no_building"), t("dorms.no_building_body"))
    shown = (dorms.building, dorms.night or dorms.tonight)
    nights = list(dict.fromkeys(one.night for one in dorms.desk))
    rows: list[ft.Control] = []
    for night in nights:
        rows.append(section_header(night_title(night, dorms.tonight, app.now)))
        rows += [
            keyed(
                f"{one.building} {one.night}",
                ft.memo(night_row),
                one,
                show_,
                (one.building, one.night) == shown,
                one.night < dorms.tonight,
            )
            for one in dorms.desk
            if one.night == night
        ]
    listing = ft.ListView(rows[:PAGE_ROWS], expand=True)
    detail = (
        _detail(dorms, map_, app.now, deciding, open_)
        if map_ is not None
        else empty(ft.Icons.NIGHTS_STAY, t("dorms.pick_night"), t("dorms.pick_night_body"))
    )
    both = ft.Row(
        [
            ft.Container(listing, width=LIST_DP if layout is Layout.WIDE else LIST_NARROW_DP),
            ft.VerticalDivider(width=1),
            ft.Container(detail, expand=True),
        ],
        expand=True,
        spacing=0,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    return over(both, deciding.panel, deciding.dismiss, width=PANEL_DP)


@guarded
def night_row(night: BuildingNight, on_show, chosen: bool, over: bool) -> ft.Control:
    counts = night.counts
    icon, word, tone = standing(night, over)
    about = t("dorms.pupils_marked", marked=counts.total - counts.unmarked, total=counts.total)
    return list_row(
        night.name,
        about,
        trailing=badge(icon, word, tone),
        on_press=lambda: on_show(night.building, night.night),
        selected=chosen,
        strong=True,
    )


def standing(night: BuildingNight, over: bool) -> tuple[ft.IconData, str, Tone]:
    """The one most useful thing to say of a building's night; `over` is one before tonight."""
    counts = night.counts
    missing = counts.of(Status.MISSING)
    if missing:
        return ft.Icons.PERSON_SEARCH, n("dorms.missing_count", missing), theme.RED
    if night.closing is not None and not counts.unmarked:
        said = f"{t('dorms.closed_said')} · {night.closing.at:%H:%M}"
        return ft.Icons.LOCK, said, theme.GREEN
    if counts.unmarked == counts.total:
        said = t("dorms.not_called") if over else t("dorms.not_begun")
        return ft.Icons.RADIO_BUTTON_UNCHECKED, said, theme.QUIET
    if not counts.unmarked:
        # Opened again, or not closed yet: that all rooms are done would not say so.
        return ft.Icons.LOCK_OPEN, t("dorms.still_open"), theme.YELLOW
    said = t("dorms.rooms_done", done=counts.rooms_marked, total=counts.rooms)
    return ft.Icons.PENDING, said, theme.YELLOW


def _detail(
    dorms: DormsState, map_: BuildingMap, now, deciding: NightDecisions, open_
) -> ft.Control:
    night = map_.summary
    lines: list[ft.Control] = [
        heading(f"{night.name} · {night_title(night.night, dorms.tonight, now)}", Type.TITLE),
        *figures(night),
    ]
    if night.closing is not None:
        lines.append(ft.Row([badge(ft.Icons.LOCK, closing_line(night.closing), theme.GREEN)]))
        if night.closing.note:
            lines.append(words(night.closing.note))
        if night.counts.unmarked:
            gap = t("dorms.closed_gap", count=night.counts.unmarked)
            lines.append(ft.Row([badge(ft.Icons.ERROR, gap, theme.RED)]))
        lines.append(ft.Row([secondary(t("dorms.reopen"), deciding.reopen, ft.Icons.LOCK_OPEN)]))
    else:
        lines.append(ft.Row([badge(ft.Icons.LOCK_OPEN, t("dorms.still_open"), theme.QUIET)]))
        lines += reopened(dorms.history, now.date() if now else None)
        if night.counts.may_close:
            close = primary(t("dorms.finish"), deciding.close_night, ft.Icons.LOCK)
            lines.append(ft.Row([close]))
    lines.append(_part(t("dorms.exceptions")))
    rows = [
        keyed(one.student, ft.memo(exception_line), one, open_)
        for one in dorms.exceptions[:PAGE_ROWS]
    ]
    lines += [ft.Column(rows, spacing=0, tight=True)] if rows else []
    if not dorms.exceptions:
        lines.append(words(t("dorms.no_exceptions"), muted=True))
    lines.append(_part(t("dorms.rooms")))
    lines.append(keyed(f"{night.building} {night.night}", floor_map, map_.tiles, open_))
    if dorms.history:
        lines.append(_part(t("dorms.history")))
        lines += [_step(one, now) for one in dorms.history[::-1][:HISTORY_AT_ONCE]]
    return ft.ListView(lines, expand=True, spacing=theme.STEP, padding=theme.STEP_3)


def _part(title: str) -> ft.Control:
    return ft.Container(heading(title), padding=ft.Padding.only(top=theme.STEP_2))


@guarded
def exception_line(line, open_) -> ft.Control:
    return exception_row(line, lambda: open_(line.room))


def _step(step: NightStep, now) -> ft.Control:
    said = t(
        f"dorms.step_{step.what.replace('.', '_')}",
        who=step.by,
        count=step.count,
        about=step.about,
        status=status_word(step.status),
    )
    today: date | None = now.date() if now is not None else None
    clock = t("desk.device_said", time=when(step.device_at, today)) if step.device_at else ""
    about = " · ".join(part for part in (when(step.at, today), clock, step.because) if part)
    return list_row(said, about, flush=True)
