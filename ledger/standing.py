"""Which subjects are open, recent or reference: what a fresh device needs first, and what may
never leave one.

One table for both sides, asked of the records. A subject of a kind it does not name comes with
the cursors, after what is open, and never leaves.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Table, false, select, true

from ledger.rules.hazards.states import DONE
from ledger.tables import RECORDS, TABLES_OF_PREFIX

Condition = Callable[[Table, str], ColumnElement[bool]]
"""From the records' table and the first day that counts as recent."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How the subjects with a prefix stand."""

    prefix: str
    first: Condition
    """Open or recent: sent before everything else."""


def _always(_table: Table, _day: str) -> ColumnElement[bool]:
    return true()


def _never(_table: Table, _day: str) -> ColumnElement[bool]:
    return false()


def _undone(table: Table, _day: str) -> ColumnElement[bool]:
    return table.c.state.not_in(sorted(state.value for state in DONE))


TABLE: tuple[Standing, ...] = (
    Standing("school", _always),
    Standing("device", _always),
    Standing("staff", _always),
    Standing("area", _always),
    Standing("point", _always),
    Standing("plan", _always),
    Standing("condition", _always),
    Standing("round", lambda table, day: table.c.day >= day),
    Standing("hazard", _undone),
    Standing("watched", _undone),
    Standing("building", _always),
    Standing("student", _always),
    Standing("missing", lambda table, day: table.c.night >= day),
    Standing("leave", lambda table, day: table.c.ends_at >= day),
    Standing("rollcall", lambda table, day: table.c.night >= day),
    # Why somebody is away, and who looked: for the history, not for tonight.
    Standing("reason", _never),
    Standing("look", _never),
    # What is erased is gone from the server's answers already.
    Standing("erasure", _never),
)
"""In the order a fresh device needs them: whose keys, where, what is due, what is wrong, who
sleeps where, who is away."""
RANK = {standing.prefix: rank for rank, standing in enumerate(TABLE)}


def first_subjects(connection: Connection, school: str, recent_from: str) -> list[str]:
    """The subjects a fresh device needs first, in that order. `recent_from` is an ISO date."""
    found: list[str] = []
    for standing in TABLE:
        tables = TABLES_OF_PREFIX[standing.prefix]
        if not tables:
            continue
        table = RECORDS[tables[0]]
        found += sorted(
            connection.scalars(
                select(table.c.subject)
                .where(table.c.school == school, standing.first(table, recent_from))
                .distinct()
            )
        )
    return found


def place_of(subject: str) -> tuple[int, str]:
    """Where a subject stands in that order, whether or not it is still one of them."""
    return RANK.get(subject.partition(":")[0], -1), subject


def day_of_round(subject: str) -> str:
    """The ISO date of a round's subject; empty for any other."""
    parts = subject.split(":")
    if parts[0] != "round" or len(parts) != 4:
        return ""
    return parts[3] if parts[1] == "free" else parts[2]


def is_past_round(subject: str, day: str) -> bool:
    """A round of a day before this one (ISO dates); False when no day is given."""
    found = day_of_round(subject)
    return bool(day and found) and found < day
