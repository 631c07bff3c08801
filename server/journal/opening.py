"""What a device that has nothing yet needs first: what is open and recent, in whole subjects.

It moves no cursor. Whatever is accepted between two pages, or left out here because a record was
behind, comes with the pull from the beginning that follows: nothing can be missed.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, false, func, or_, select

from ledger.permissions import grants_for
from ledger.scopes import reads
from ledger.standing import first_subjects, place_of
from ledger.tables.journal import ENTRY
from ledger.verdicts import Verdict
from ledger.wire.journal import Open, Opened, PulledEntry
from server.clock import moment
from server.journal.append import Sender
from server.journal.journal import Journal
from server.journal.outgoing import BYTES, LIGHT, PAGE_LIMIT_BYTES, as_sent, heads_on
from server.journal.people import read_author
from server.journal.pull import CHUNK


def what_is_open(journal: Journal, sender: Sender, message: Open) -> Opened:
    with journal.database.read() as connection:
        readable = _readable(connection, sender)
        subjects = first_subjects(connection, sender.school, message.rounds_from)
        counted = _counted(connection, subjects, readable)
        # Only what the asker may read is named at all, as a place to go on from or as a count.
        subjects = [subject for subject in subjects if subject in counted]
        ahead = subjects
        if message.after:
            # By order, not by position: the one before may be done meanwhile.
            here = place_of(message.after)
            ahead = [subject for subject in subjects if place_of(subject) > here]
        page = _page(ahead, counted, message.limit)
        rows = []
        for start in range(0, len(page), CHUNK):
            some = page[start : start + CHUNK]
            rows += connection.execute(
                LIGHT.add_columns(ENTRY.c.header, ENTRY.c.body).where(
                    *readable, ENTRY.c.subject.in_(some)
                )
            ).all()
        rows.sort(key=lambda row: row.seq)
    return Opened(
        entries=[PulledEntry.model_construct(**as_sent(row)) for row in rows],
        heads=heads_on(rows),
        after=page[-1] if page else message.after,
        more=len(page) < len(ahead),
        total=len(subjects),
        left=len(ahead) - len(page),
        time=moment(journal.now()),
    )


def _readable(connection: Connection, sender: Sender) -> Sequence[ColumnElement[bool]]:
    """Accepted entries of others that the person may read now."""
    grants = grants_for(sender.school, read_author(connection, sender.school, sender.actor))
    return (
        ENTRY.c.school == sender.school,
        ENTRY.c.device != sender.device,
        ENTRY.c.verdict == Verdict.ACCEPTED.value,
        or_(false(), *(reads(ENTRY.c.scope, grant) for grant in grants)),
    )


def _counted(
    connection: Connection, subjects: Sequence[str], readable: Sequence[ColumnElement[bool]]
) -> dict[str, tuple[int, int]]:
    """How many entries of each subject there are to read, and of how many bytes. Those without any
    are left out, and those that no answer could hold whole: they come with the pull."""
    found: dict[str, tuple[int, int]] = {}
    for start in range(0, len(subjects), CHUNK):
        rows = connection.execute(
            select(ENTRY.c.subject, func.count(), func.sum(BYTES))
            .where(*readable, ENTRY.c.subject.in_(subjects[start : start + CHUNK]))
            .group_by(ENTRY.c.subject)
        )
        found |= {row[0]: (row[1], int(row[2])) for row in rows if row[2] <= PAGE_LIMIT_BYTES}
    return found


def _page(
    subjects: Sequence[str], counted: dict[str, tuple[int, int]], limit: int
) -> Sequence[str]:
    """As many of these subjects as have about `limit` entries, and fit; at least one."""
    entries = size = 0
    for number, subject in enumerate(subjects):
        entries += counted[subject][0]
        size += counted[subject][1]
        if (entries > limit or size > PAGE_LIMIT_BYTES) and number:
            return subjects[:number]
    return subjects
