"""One check-in, opened: everything that was recorded, and how sure it is."""

from collections.abc import Callable
from datetime import date

import flet as ft

from client.state.views import CheckInDetail, HazardLine, ItemResultView, RecordReach
from client.ui import theme
from client.ui.desk.check_in_rows import point_name, result_badges, round_name
from client.ui.desk.evidence import doubt_line, grade_badge, grade_sentence
from client.ui.guarded import guarded
from client.ui.hazards.look import state_badge as hazard_badge
from client.ui.hazards.look import title_of
from client.ui.kit.badges import State, badge, state_badge
from client.ui.kit.buttons import icon_button, quiet
from client.ui.kit.facts import fact, section
from client.ui.kit.rows import list_row
from client.ui.kit.text import heading, words
from client.ui.theme import Type
from client.words import clock, t, when

SHORT_ID = 12
SHORT_HASH = 16


@guarded
def check_in_detail(
    detail: CheckInDetail, today: date, on_close: Callable[[], None] | None = None
) -> ft.Control:
    technical, set_technical = ft.use_state(False)
    view = detail.line
    head = ft.Row(
        [
            ft.Column(
                [
                    heading(point_name(view), Type.TITLE),
                    words(view.area_name, muted=True),
                ],
                tight=True,
                spacing=theme.HALF,
                expand=True,
            ),
            *([icon_button(ft.Icons.CLOSE, t("common.close"), on_close)] if on_close else []),
        ],
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
    badges = ft.Row(
        [*result_badges(view), grade_badge(view.grade)],
        wrap=True,
        spacing=theme.STEP,
        run_spacing=theme.STEP,
    )
    parts: list[ft.Control] = [head, badges, _facts(detail, today), _evidence(detail)]
    if detail.items:
        parts.append(section(t("desk.checklist"), [_item(item) for item in detail.items]))
    if detail.hazards:
        parts.append(section(t("desk.hazards_opened"), [*map(_hazard, detail.hazards)], spacing=0))
    if detail.withdrawn_because:
        parts.append(section(t("desk.withdrawn_because"), [words(detail.withdrawn_because)]))
    if detail.note:
        parts.append(section(t("common.note"), [words(detail.note)]))
    more = quiet(
        t("desk.hide_technical" if technical else "desk.show_technical"),
        lambda: set_technical(not technical),
        ft.Icons.EXPAND_LESS if technical else ft.Icons.EXPAND_MORE,
    )
    parts.append(ft.Row([more]))
    if technical:
        parts += _technical(detail)
    return ft.ListView(
        [ft.Container(part, padding=ft.Padding.only(bottom=theme.STEP_2)) for part in parts],
        # Another check-in begins at its top.
        key=view.id,
        padding=theme.STEP_3,
        expand=True,
    )


def _facts(detail: CheckInDetail, today: date) -> ft.Control:
    view = detail.line
    note = ""
    if detail.device_at is not None:
        note = t("desk.device_said", time=when(detail.device_at, today))
    facts = [
        fact(t("desk.time"), when(view.at, today), note),
        fact(t("desk.person"), view.actor_name),
        fact(t("desk.round"), _round(detail), _window(detail)),
        fact(t("desk.method"), t(f"desk.method_{detail.method.value}")),
        fact(t("desk.record"), _where(detail)),
    ]
    return ft.Column(facts, tight=True, spacing=theme.STEP)


def _round(detail: CheckInDetail) -> str:
    view = detail.line
    if view.plan_name and view.round_name:
        return t("desk.plan_and_round", plan=view.plan_name, round=view.round_name)
    return round_name(view)


def _window(detail: CheckInDetail) -> str:
    if detail.opens is None or detail.closes is None:
        return ""
    return t("desk.window", opens=clock(detail.opens), closes=clock(detail.closes))


def _where(detail: CheckInDetail) -> ft.Control:
    """How far the record itself has come."""
    match detail.reach:
        case RecordReach.ARRIVED:
            arrived = badge(ft.Icons.CLOUD_DONE, t("sync.record_received"), theme.GREEN)
        case RecordReach.UNSURE:
            arrived = badge(ft.Icons.REPORT_PROBLEM, t("sync.unsure"), theme.YELLOW)
        case RecordReach.ONLY_HERE:
            arrived = badge(ft.Icons.SMARTPHONE, t("sync.only_here"), theme.BLUE)
    return ft.Row([arrived], tight=True)


def _evidence(detail: CheckInDetail) -> ft.Control:
    said = words(grade_sentence(detail.line.grade), muted=not detail.doubts)
    return section(t("desk.evidence"), [said, *map(doubt_line, detail.doubts)])


def _item(item: ItemResultView) -> ft.Control:
    lines: list[ft.Control] = [words(item.text)]
    if item.note:
        lines.append(words(item.note, Type.SMALL, muted=True))
    return ft.Row(
        [
            ft.Column(lines, tight=True, spacing=2, expand=True),
            state_badge(State(item.result.value)),
        ],
        spacing=theme.STEP,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def _hazard(line: HazardLine) -> ft.Control:
    """Leads to it."""
    page = ft.context.page
    return list_row(
        title_of(line),
        line.number or t("hazards.no_number_yet"),
        trailing=ft.Row(
            [hazard_badge(line.state), ft.Icon(ft.Icons.CHEVRON_RIGHT, size=24)], tight=True
        ),
        on_press=lambda: page.navigate(f"/hazards/{line.id}"),
        flush=True,
    )


def _technical(detail: CheckInDetail) -> list[ft.Control]:
    view = detail.line
    facts = [
        fact(t("desk.device"), detail.device_name or t("common.none")),
        # The end of an id is its random part; the beginning is the same for hours.
        fact(t("desk.entry_id"), f"…{view.id[-SHORT_ID:]}"),
        fact(t("desk.entry_hash"), f"{detail.entry_hash[:SHORT_HASH]}…"),
        fact(t("desk.seq"), str(detail.seq) if detail.seq is not None else t("common.none")),
    ]
    return [ft.Column(facts, tight=True, spacing=theme.STEP)]
