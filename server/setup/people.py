"""Who may write at a school, and with what: people who leave, devices and their last contact."""

from dataclasses import dataclass

from pydantic_core import from_json
from sqlalchemy import Connection, func, select

from ledger.rules.people import StaffSet
from ledger.tables import RECORDS
from server.journal.journal import Journal
from server.journal.own_hand import Fact, write_as_server
from server.tables import DEVICE, REFRESH_TOKEN


@dataclass(frozen=True, slots=True)
class DeviceInUse:
    id: str
    name: str
    person: str
    last_contact: str
    """When it last got a token, which a device in contact does every few minutes; "" when
    unknown."""
    revoked_at: str


def deactivate(journal: Journal, school: str, staff: str) -> str:
    """From now on the person reads nothing, and what their devices still send waits for review.

    Returns the person's name. Raises LookupError.
    """
    records = RECORDS["staff"]
    with journal.append(school) as work:
        detail = work.connection.scalar(
            select(records.c.detail).where(records.c.school == school, records.c.id == staff)
        )
        if detail is None:
            raise LookupError(staff)
        before = StaffSet.model_validate(from_json(detail))
        if before.active:
            now = before.model_copy(update={"active": False})
            write_as_server(work, [Fact("staff.set", f"staff:{staff}", now)])
    return before.name


def devices(connection: Connection, school: str) -> list[DeviceInUse]:
    """All of a school's, the newest first."""
    staff = RECORDS["staff"]
    contact = (
        select(REFRESH_TOKEN.c.device, func.max(REFRESH_TOKEN.c.made_at).label("at"))
        .where(REFRESH_TOKEN.c.school == school)
        .group_by(REFRESH_TOKEN.c.device)
        .subquery()
    )
    rows = connection.execute(
        select(DEVICE, staff.c.name.label("person"), contact.c.at)
        .outerjoin(staff, (staff.c.school == DEVICE.c.school) & (staff.c.id == DEVICE.c.actor))
        .outerjoin(contact, contact.c.device == DEVICE.c.id)
        .where(DEVICE.c.school == school)
        .order_by(DEVICE.c.enrolled_at.desc(), DEVICE.c.id)
    )
    return [
        DeviceInUse(row.id, row.name, row.person or row.actor, row.at or "", row.revoked_at or "")
        for row in rows
    ]
