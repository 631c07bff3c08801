"""How a hazard's state, grade and deadline look: icon, word and colour together."""

import flet as ft

from client.state.views import HazardLine, PhotoReach
from client.ui import theme
from client.ui.kit.badges import badge
from client.ui.theme import Tone
from client.words import day, n, t
from ledger.rules.hazards.bodies import Category, HazardGrade, Lane, Source
from ledger.rules.hazards.overdue import Climbed
from ledger.rules.hazards.states import DONE, HazardState

_STATES: dict[HazardState, tuple[ft.IconData, Tone]] = {
    HazardState.REGISTERED: (ft.Icons.FLAG, theme.ORANGE),
    HazardState.GRADED: (ft.Icons.ASSIGNMENT_IND, theme.ORANGE),
    HazardState.ASSIGNED: (ft.Icons.BUILD, theme.BLUE),
    HazardState.RECTIFIED: (ft.Icons.RULE, theme.YELLOW),
    HazardState.RETURNED: (ft.Icons.UNDO, theme.RED),
    HazardState.ACCEPTED: (ft.Icons.VERIFIED, theme.GREEN),
    HazardState.CLOSED: (ft.Icons.TASK_ALT, theme.GREEN),
    HazardState.FIXED: (ft.Icons.BOLT, theme.GREEN),
}
_REACHES: dict[PhotoReach, tuple[ft.IconData, Tone]] = {
    PhotoReach.ONLY_HERE: (ft.Icons.SMARTPHONE, theme.BLUE),
    PhotoReach.RECORD_ARRIVED: (ft.Icons.CLOUD_UPLOAD, theme.YELLOW),
    PhotoReach.COMPLETE: (ft.Icons.CLOUD_DONE, theme.GREEN),
    PhotoReach.REFUSED: (ft.Icons.CLOUD_OFF, theme.RED),
    PhotoReach.OF_OTHERS: (ft.Icons.PHOTO, theme.QUIET),
}


def state_word(state: HazardState) -> str:
    return t(f"hazards.state_{state.value}")


def category_word(category: Category) -> str:
    return t(f"hazards.category_{category.value}")


def grade_word(grade: HazardGrade) -> str:
    return t(f"hazards.grade_{grade.value}")


def source_word(source: Source) -> str:
    return t(f"hazards.source_{source.value}")


def lane_word(lane: Lane) -> str:
    return t(f"hazards.lane_{lane.value}")


def state_badge(state: HazardState) -> ft.Control:
    icon, tone = _STATES[state]
    return badge(icon, state_word(state), tone)


def state_tone(state: HazardState) -> Tone:
    return _STATES[state][1]


def reach_badge(reach: PhotoReach) -> ft.Control:
    """仅本机, 记录已到, 照片齐: only what a server's receipt says."""
    icon, tone = _REACHES[reach]
    return badge(icon, t(f"hazards.reach_{reach.value}"), tone)


def deadline_word(line: HazardLine) -> str:
    """How many days are left; empty without a deadline or when it is done."""
    left = line.days_left
    if left is None or line.state in (HazardState.CLOSED, HazardState.FIXED, HazardState.ACCEPTED):
        return ""
    if line.overdue:
        return n("hazards.days_late", -left)
    return t("hazards.due_today") if left == 0 else n("hazards.days_left", max(left, 0))


def title_of(line: HazardLine) -> str:
    """What is wrong, in the finder's words; where there are none, at least where."""
    return line.content or t("hazards.no_words", place=line.place or t("hazards.somewhere"))


def badges_of(line: HazardLine) -> list[ft.Control]:
    """Major and late first: that is what has to be seen."""
    found: list[ft.Control] = []
    if line.grade is HazardGrade.MAJOR:
        found.append(badge(ft.Icons.WARNING, t("hazards.grade_major"), theme.RED))
    found.append(state_badge(line.state))
    said = deadline_word(line)
    if said:
        tone = theme.RED if line.overdue else theme.QUIET
        found.append(badge(ft.Icons.EVENT, said, tone))
    if line.supervised_until is not None and line.state not in DONE:
        said = t("district.supervised_until", day=day(line.supervised_until))
        found.append(badge(ft.Icons.ACCOUNT_BALANCE, said, theme.PURPLE))
    elif line.climbed is Climbed.DISTRICT:
        found.append(badge(ft.Icons.ACCOUNT_BALANCE, t("hazards.district_sees"), theme.PURPLE))
    elif line.climbed is Climbed.PRINCIPAL:
        found.append(badge(ft.Icons.ESCALATOR, t("hazards.principal_sees"), theme.ORANGE))
    if line.asked_until:
        found.append(badge(ft.Icons.MORE_TIME, t("hazards.asks_extension"), theme.ORANGE))
    if line.pending:
        found.append(badge(ft.Icons.SMARTPHONE, t("sync.only_here"), theme.BLUE))
    return found
