"""What is kept and can't be shown yet: entries of a newer app, and those a rule stumbled over."""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, delete, func, select

from client.store.tables import PARKED
from ledger.bulk import insert_rows
from ledger.projection import Parked, Why

# Made once: every page asks them.
_ANY = select(PARKED.c.entry).limit(1)
_FORGET = delete(PARKED).where(
    PARKED.c.school == bindparam("this_school"), PARKED.c.subject == bindparam("this_subject")
)


def keep_parked(
    connection: Connection, school: str, subjects: Sequence[str], parked: Sequence[Parked]
) -> None:
    """These subjects were made anew: this, and nothing else of theirs, is parked."""
    if connection.execute(_ANY).first() is not None and subjects:
        connection.execute(
            _FORGET, [{"this_school": school, "this_subject": subject} for subject in subjects]
        )
    insert_rows(
        connection,
        PARKED,
        [
            {
                "school": school,
                "subject": one.subject,
                "entry": one.entry,
                "kind": one.kind,
                "why": one.why.value,
            }
            for one in parked
        ],
        ignore_known=True,
    )


def parked_counts(connection: Connection) -> dict[Why, int]:
    """How many entries (or whole subjects) are parked, and why."""
    rows = connection.execute(select(PARKED.c.why, func.count()).group_by(PARKED.c.why))
    return {Why(why): many for why, many in rows}
