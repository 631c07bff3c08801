"""Importing a roster by the server's own hand: planned, shown, and written all or nothing."""

from datetime import datetime

from sqlalchemy import Connection, select

from ledger.roster.known import read_known
from ledger.roster.plan import Plan
from ledger.roster.planning import plan_import
from ledger.roster.roster import Roster
from ledger.rules.places import SchoolSet
from ledger.rules.plans import school_zone
from ledger.tables import RECORDS
from server.journal.journal import Journal
from server.journal.own_hand import Fact, write_as_server


def plan_for(
    connection: Connection, school: str, roster: Roster, now: datetime, *, keep_missing: bool
) -> Plan:
    """What importing would change now. Raises LookupError when there is no such school."""
    today = today_at(connection, school, now)
    return plan_import(
        roster, read_known(connection, school, today), today, keep_missing=keep_missing
    )


def write_roster(journal: Journal, school: str, roster: Roster, *, keep_missing: bool) -> Plan:
    """Plan once more under the school's lock, since somebody may have been at it meanwhile, and
    write. Raises LookupError and `NotAccepted`."""
    with journal.append(school) as work:
        plan = plan_for(work.connection, school, roster, journal.now(), keep_missing=keep_missing)
        facts = [Fact(one.kind, one.subject, one.body) for group in plan.groups for one in group]
        if facts:
            write_as_server(work, facts)
    return plan


def today_at(connection: Connection, school: str, now: datetime) -> str:
    """The ISO date in the school's zone. Raises LookupError."""
    table = RECORDS["school"]
    detail = connection.scalar(
        select(table.c.detail).where(table.c.school == school, table.c.id == school)
    )
    if detail is None:
        raise LookupError(school)
    about = SchoolSet.model_validate_json(detail)
    return now.astimezone(school_zone(about.utc_offset_minutes)).date().isoformat()
