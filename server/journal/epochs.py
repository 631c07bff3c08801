"""Which history a reader's cursor belongs to, so that a restored server can't hide entries.

After a restore from a backup the same `seq` numbers are given anew, to other entries. Whoever
writes a school's journal for the first time therefore begins an epoch: a random name and the
`seq` after which it counts. A backup holds no epoch that was begun after it was made, and the
server that was restored from it begins a new one before it gives out a single number. So an epoch
and a cursor together say which history was read, and how much of it is still ours.
"""

from sqlalchemy import Connection, func, insert, select

from ledger.identifiers import new_id
from server.tables import EPOCH


def begin_epoch(connection: Connection, school: str, seq: int) -> None:
    """What is numbered after `seq` belongs to a new epoch. The school must be locked."""
    newest = connection.scalar(select(func.max(EPOCH.c.number)).where(EPOCH.c.school == school))
    connection.execute(
        insert(EPOCH),
        {"school": school, "number": (newest or 0) + 1, "id": new_id(), "after": seq},
    )


def shared_until(connection: Connection, school: str, epoch: str, newest: int) -> int:
    """Up to which `seq` a reader in this epoch has read what we hold; 0 when we never had it."""
    number = connection.scalar(
        select(EPOCH.c.number).where(EPOCH.c.school == school, EPOCH.c.id == epoch)
    )
    if number is None:
        return 0
    next_began = connection.scalar(
        select(EPOCH.c.after).where(EPOCH.c.school == school, EPOCH.c.number == number + 1)
    )
    return newest if next_began is None else next_began
