"""How leave looks: its state as icon, word and colour, its times in one line."""

from datetime import timedelta

import flet as ft

from client.state.views import LeaveLine
from client.ui import theme
from client.ui.kit.badges import State, badge, state_badge
from client.words import duration, t, when
from ledger.rules.dorms.leave import LeaveState

A_MINUTE = timedelta(minutes=1)
_LOOKS: dict[LeaveState, tuple[ft.IconData, theme.Tone]] = {
    LeaveState.REQUESTED: (ft.Icons.HOURGLASS_TOP, theme.YELLOW),
    LeaveState.APPROVED: (ft.Icons.TASK_ALT, theme.GREEN),
    LeaveState.DECLINED: (ft.Icons.BLOCK, theme.RED),
    LeaveState.CANCELLED: (ft.Icons.DO_NOT_DISTURB_ON_OUTLINED, theme.QUIET),
    LeaveState.RETURNED: (ft.Icons.HOME, theme.QUIET),
}


def badges(line: LeaveLine) -> list[ft.Control]:
    icon, tone = _LOOKS[line.state]
    made: list[ft.Control] = []
    overdue = returned_late(line)
    if overdue:
        said = t("leave.returned_late", duration=duration(overdue))
        made.append(badge(ft.Icons.WATCH_LATER, said, theme.ORANGE))
    if line.late:
        made.append(badge(ft.Icons.WATCH_LATER, t("leave.not_back"), theme.ORANGE))
    made.append(badge(icon, t(f"leave.state_{line.state.value}"), tone))
    if line.pending:
        made.append(state_badge(State.WAITING))
    return made


def returned_late(line: LeaveLine) -> timedelta:
    """By how much they came back after they should have; zero when they did in time."""
    if line.returned is None or line.returned - line.ends < A_MINUTE:
        return timedelta()
    return line.returned - line.ends


def title_of(line: LeaveLine) -> str:
    return line.name or t("leave.somebody")


def place_of(line: LeaveLine) -> str:
    return " · ".join(part for part in (line.class_id, line.building, line.where) if part)


def times_of(line: LeaveLine) -> str:
    return t("leave.from_to", starts=when(line.starts), ends=when(line.ends))
