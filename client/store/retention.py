"""What stays on this device and for how long, and from which day on it knows everything.

Rounds are most of a school's journal and are over the day after. Those older than the person
wants to keep leave: colleagues' entries altogether, own ones keep their header, so that this
device's chain still verifies to its first entry and can be continued. They stay whole on the
server. Hazards never leave, the ledger is made of them; neither does anything unanswered.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic_core import from_json, to_json
from sqlalchemy import Connection, Table, bindparam, delete, exists, select, update

from client.store.heads import drop_loose_heads
from client.store.identity import Identity, read_setting, write_setting
from client.store.places import zone_of
from client.store.sync_state import read_sync_state
from client.store.tables import CURSOR
from ledger.tables import RECORDS
from ledger.tables.journal import ENTRY, ENTRY_PHOTO
from ledger.verdicts import Verdict

KEEP_DAYS = 60
"""Unless the person chose otherwise; 0 keeps everything."""
FIRST_DAYS = 1
"""A fresh device begins with the rounds of yesterday and today: a window can reach past
midnight."""
SUBJECTS_AT_ONCE = 100
EVERYTHING = ""
"""As the day from which on everything is kept or known."""
_CHOICE, _KNOWN, _READ, _SWEPT = "choice.keep_days", "known_from", "read_from", "swept"
_ROUND, _CHECK_IN = RECORDS["round"], RECORDS["checkin"]


def keep_days(connection: Connection) -> int:
    text = read_setting(connection, _CHOICE)
    return int(text) if text and text.isdigit() else KEEP_DAYS


def kept_from(connection: Connection, school: str, now: datetime) -> str:
    """The first day (ISO date, school time) whose rounds stay here; EVERYTHING for all."""
    days = keep_days(connection)
    return EVERYTHING if days == 0 else day_before(connection, school, now, days)


def day_before(connection: Connection, school: str, now: datetime, days: int) -> str:
    """The ISO date so many days before the school's today."""
    today = now.astimezone(zone_of(connection, school)).date()
    return (today - timedelta(days=days)).isoformat()


def known_from(connection: Connection) -> str | None:
    """The first day of which this device has every round its person may read; EVERYTHING when
    none is left out, None before anything has come. Of earlier days no screen may say that
    nothing was done."""
    text = read_setting(connection, _KNOWN)
    return None if text is None else from_json(text)


def note_known(connection: Connection, day: str) -> None:
    """Everything from this day on is here now."""
    write_setting(connection, _KNOWN, to_json(day).decode())


def wants_more(connection: Connection, wanted: str) -> bool:
    """Whether more days are to be kept than were read, with the reading at its end."""
    complete = read_to(connection)
    return complete is not None and wanted < complete


def read_again(connection: Connection) -> None:
    """Begin to read from the start. The cursors are set back, not removed: a scope that is lost
    meanwhile must still be wiped."""
    connection.execute(update(CURSOR).values(seq=0))
    write_setting(connection, _READ, None)


def read_to(connection: Connection) -> str | None:
    """The first day whose rounds the cursors have been asked for; None until they have reached
    the newest entry once."""
    text = read_setting(connection, _READ)
    return None if text is None else from_json(text)


def note_read(connection: Connection, day: str) -> None:
    """The cursors have reached the newest entry, leaving out the rounds before this day."""
    write_setting(connection, _READ, to_json(day).decode())
    note_known(connection, day)


def swept_for(connection: Connection) -> str:
    """The day up to which rounds were last taken away."""
    return from_json(read_setting(connection, _SWEPT) or '""')


def sweep(connection: Connection, identity: Identity, kept: str) -> int:
    """Let some of the rounds before the day `kept` leave; returns how many did. Call again until
    none does."""
    subjects = _may_leave(connection, identity, kept)
    if subjects:
        _leave(connection, identity, subjects)
        known = known_from(connection)
        if known is not None and known < kept:
            note_known(connection, kept)
    if len(subjects) < SUBJECTS_AT_ONCE:
        drop_loose_heads(connection, identity)
        write_setting(connection, _SWEPT, to_json(kept).decode())
    return len(subjects)


def _may_leave(connection: Connection, identity: Identity, kept: str) -> Sequence[str]:
    """Rounds of earlier days of which the server has said that it holds every entry we have."""
    state = read_sync_state(connection)
    if not kept or state.disputed:
        return ()
    unsure = exists().where(
        ENTRY.c.school == identity.school,
        ENTRY.c.subject == _ROUND.c.subject,
        (ENTRY.c.verdict != Verdict.ACCEPTED.value)
        | ((ENTRY.c.device == identity.device) & (ENTRY.c.number > state.confirmed)),
    )
    return connection.scalars(
        select(_ROUND.c.subject)
        .where(_ROUND.c.school == identity.school, _ROUND.c.day < kept, ~unsure)
        .order_by(_ROUND.c.day)
        .limit(SUBJECTS_AT_ONCE)
    ).all()


def _leave(connection: Connection, identity: Identity, subjects: Sequence[str]) -> None:
    ours = ENTRY.c.device == identity.device
    here = (ENTRY.c.school == identity.school, ENTRY.c.subject.in_(subjects))
    named = select(ENTRY.c.id).where(*here, ~ours)
    connection.execute(delete(ENTRY_PHOTO).where(ENTRY_PHOTO.c.entry.in_(named)))
    connection.execute(delete(ENTRY).where(*here, ~ours))
    connection.execute(update(ENTRY).where(*here, ours).values(body=None))
    for table in (_ROUND, _CHECK_IN):
        _forget_records(connection, table, identity.school, subjects)


def _forget_records(
    connection: Connection, table: Table, school: str, subjects: Sequence[str]
) -> None:
    connection.execute(
        delete(table).where(
            table.c.school == bindparam("this_school"),
            table.c.subject == bindparam("this_subject"),
        ),
        [{"this_school": school, "this_subject": subject} for subject in subjects],
    )
