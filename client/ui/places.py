"""Where the bar and the rail lead: only what the person's duties need."""

import flet as ft

from client.state.views import PersonView
from client.ui.kit.scaffolds import Destination
from client.words import t
from ledger.permissions import can_write
from ledger.rules.rule import Role

ON_NIGHT_DUTY = frozenset({Role.DORM_SUPERVISOR, Role.DUTY_LEADER})
LEADERS = frozenset({Role.PRINCIPAL, Role.SAFETY_OFFICER, Role.DUTY_LEADER, Role.DISTRICT_OFFICER})


def may(person: PersonView | None, what: str) -> bool:
    """Whether the person "lead"s, or may write an entry of this kind."""
    if person is None:
        return False
    if what == "lead":
        return bool(LEADERS.intersection(person.roles))
    return can_write(person.roles, what)


def calls_the_roll(person: PersonView | None) -> bool:
    """Whose own duty the night is: the supervisors and the leader on duty."""
    return person is not None and bool(ON_NIGHT_DUTY.intersection(person.roles))


def destinations(person: PersonView | None, *, phone: bool) -> tuple[Destination, ...]:
    if may(person, "watched.supervised"):
        return _officers(phone)
    leads = may(person, "lead")
    today = Destination("home", t("shell.today"), ft.Icons.TODAY_OUTLINED, ft.Icons.TODAY)
    patrol = Destination(
        "patrol", t("shell.patrol"), ft.Icons.FACT_CHECK_OUTLINED, ft.Icons.FACT_CHECK
    )
    points = Destination("points", t("shell.points"), ft.Icons.PLACE_OUTLINED, ft.Icons.PLACE)
    scan = Destination(
        "scan", t("shell.scan"), ft.Icons.QR_CODE_SCANNER, ft.Icons.QR_CODE_SCANNER, scan=True
    )
    hazards = Destination(
        "hazards", t("shell.hazards"), ft.Icons.REPORT_PROBLEM_OUTLINED, ft.Icons.REPORT_PROBLEM
    )
    inbox = Destination("inbox", t("shell.inbox"), ft.Icons.INBOX_OUTLINED, ft.Icons.INBOX)
    ledger = Destination(
        "ledger", t("shell.ledger"), ft.Icons.MENU_BOOK_OUTLINED, ft.Icons.MENU_BOOK
    )
    leave = Destination(
        "leave", t("shell.leave"), ft.Icons.EVENT_NOTE_OUTLINED, ft.Icons.EVENT_NOTE
    )
    reports = Destination(
        "reports", t("shell.reports"), ft.Icons.SUMMARIZE_OUTLINED, ft.Icons.SUMMARIZE
    )
    roster = Destination("roster", t("shell.roster"), ft.Icons.GROUPS_OUTLINED, ft.Icons.GROUPS)
    dorms = Destination("dorms", t("shell.dorms"), ft.Icons.BEDTIME_OUTLINED, ft.Icons.BEDTIME)
    marks = may(person, "room.marked")
    asks = may(person, "leave.requested")
    decides = may(person, "hazard.accepted")
    if phone:
        me = Destination("me", t("shell.me"), ft.Icons.PERSON_OUTLINED, ft.Icons.PERSON)
        # Five at most: who calls the roll finds leave there, and whose day is not the night's finds
        # the roll-call in a line of 今日.
        if calls_the_roll(person):
            extra = (dorms,)
        elif leads:
            extra = (patrol,)
        else:
            extra = (leave,) if asks else ()
        return (today, *extra, scan, inbox if decides else hazards, me)
    settings = Destination("me", t("shell.settings"), ft.Icons.SETTINGS_OUTLINED, ft.Icons.SETTINGS)
    if not leads:
        dorm_places = (*((dorms,) if marks else ()), *((leave, reports) if asks else ()))
        return (today, patrol, hazards, *dorm_places, settings)
    overview = Destination(
        "home", t("shell.overview"), ft.Icons.DASHBOARD_OUTLINED, ft.Icons.DASHBOARD
    )
    day = Destination("today", t("shell.today"), ft.Icons.TODAY_OUTLINED, ft.Icons.TODAY)
    return (
        overview,
        *((inbox,) if decides else ()),
        patrol,
        ledger,
        *((dorms,) if marks else ()),
        *((leave, reports) if asks else ()),
        day,
        *((points,) if may(person, "point.set") else ()),
        *((roster,) if may(person, "student.set") and may(person, "staff.set") else ()),
        settings,
    )


def _officers(phone: bool) -> tuple[Destination, ...]:
    """Somebody of the district: its list, and their own settings."""
    watched = Destination(
        "home", t("district.title"), ft.Icons.ACCOUNT_BALANCE_OUTLINED, ft.Icons.ACCOUNT_BALANCE
    )
    if phone:
        me = Destination("me", t("shell.me"), ft.Icons.PERSON_OUTLINED, ft.Icons.PERSON)
    else:
        me = Destination("me", t("shell.settings"), ft.Icons.SETTINGS_OUTLINED, ft.Icons.SETTINGS)
    return (watched, me)
