"""One row per school: the lock its writers queue at, and the source of `seq`.

Taken in the transaction that accepts the entries, so that a reader with a cursor can't miss an
entry that commits late.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from server.tables import COUNTER


class UnknownSchool(LookupError):
    """No such school on this server."""


@dataclass(slots=True)
class Counter:
    school: str
    seq: int
    labels_seq: int


def take_counter(connection: Connection, school: str) -> Counter:
    """Lock the school until the transaction ends."""
    row = connection.execute(
        select(COUNTER).where(COUNTER.c.school == school).with_for_update()
    ).one_or_none()
    if row is None:
        raise UnknownSchool(school)
    return Counter(school, row.seq, row.labels_seq)


def keep_counter(connection: Connection, counter: Counter) -> None:
    connection.execute(
        update(COUNTER)
        .where(COUNTER.c.school == counter.school)
        .values(seq=counter.seq, labels_seq=counter.labels_seq)
    )


def newest_seq(connection: Connection, school: str) -> int:
    return connection.scalar(select(COUNTER.c.seq).where(COUNTER.c.school == school)) or 0
