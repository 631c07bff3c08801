"""The district's own journal and its officers, who enrol there as teachers do at a school."""

from pydantic_core import from_json
from sqlalchemy import Connection, select

from ledger.codes import DISTRICT
from ledger.rules.people import StaffSet
from ledger.rules.places import SchoolSet
from ledger.rules.rule import Role
from ledger.tables import RECORDS
from server.accounts.schools import AlreadyThere, add_school
from server.journal.journal import Journal
from server.journal.own_hand import Fact, write_as_server
from server.tables import COUNTER


def is_founded(connection: Connection) -> bool:
    found = select(COUNTER.c.seq).where(COUNTER.c.school == DISTRICT)
    return connection.scalar(found) is not None


def found_district(journal: Journal, name: str) -> None:
    """Once; again it does nothing. From then on the server tells it of major and late hazards."""
    try:
        add_school(journal, DISTRICT, SchoolSet(name=name, district=name))
    except AlreadyThere:
        return


def add_officer(journal: Journal, staff: str, name: str) -> None:
    """Somebody of the bureau's safety section, new or under another name."""
    records = RECORDS["staff"]
    wanted = StaffSet(name=name, roles=(Role.DISTRICT_OFFICER,))
    with journal.append(DISTRICT) as work:
        known = work.connection.scalar(
            select(records.c.detail).where(records.c.school == DISTRICT, records.c.id == staff)
        )
        if known is None or StaffSet.model_validate(from_json(known)) != wanted:
            write_as_server(work, [Fact("staff.set", f"staff:{staff}", wanted)])
