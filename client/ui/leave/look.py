"""How leave looks: its state as icon, word and colour, its times in one line."""

import flet as ft

from client.state.views import LeaveLine
from client.ui import theme
from client.ui.kit.badges import State, badge, state_badge
from client.words import t, when
from ledger.rules.dorms.leave import LeaveState

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
    if line.late:
        made.append(badge(ft.Icons.WATCH_LATER, t("leave.not_back"), theme.ORANGE))
    made.append(badge(icon, t(f"leave.state_{line.state.value}"), tone))
    if line.pending:
        made.append(state_badge(State.WAITING))
    return made


def title_of(line: LeaveLine) -> str:
    return line.name or t("leave.somebody")


def place_of(line: LeaveLine) -> str:
    return " · ".join(part for part in (line.class_id, line.building, line.where) if part)


def times_of(line: LeaveLine) -> str:
    return t("leave.from_to", starts=when(line.starts), ends=when(line.ends))
