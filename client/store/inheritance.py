"""When a device gets a new key: what its owner had not sent yet must not stay behind.

Unsent entries hang on a chain whose key is lost (a forgotten passphrase, an emptied keyring), so
nobody could vouch for them any more; or on one that has a hole, so that they can't be sent. They
are written anew on the new chain, with their own times.
"""

from pydantic_core import from_json
from sqlalchemy import Connection, or_, select, update

from client.store.identity import Identity
from client.store.journal import append
from client.store.tables import PHOTO, SETTING
from ledger.clock import Stamp
from ledger.projection import read_stored
from ledger.rules.checkins import CheckInWithdrawn
from ledger.rules.hazards.bodies import HazardReported, HazardWithdrawn
from ledger.rules.registry import BY_KIND
from ledger.tables import ENTRY, LedgerTable
from ledger.verdicts import Reason, Verdict


def forget_school(connection: Connection) -> None:
    """Empty the device of everything but its settings: the next person is of another school, or
    nothing of the last one is unsent."""
    for table in LedgerTable.metadata.sorted_tables:
        if table is not SETTING:
            connection.execute(table.delete())


def carry_over(connection: Connection, before: Identity, now: Identity) -> int:
    """Write the unsent entries of `before` as `now`, and those that can never be accepted because
    its chain has come apart; returns how many there were."""
    stranded = (Reason.CHAIN_FORKED.value, Reason.EARLIER_MISSING.value)
    these = (
        ENTRY.c.device == before.device,
        or_(ENTRY.c.verdict == Verdict.PENDING.value, ENTRY.c.reason.in_(stranded)),
    )
    rows = connection.execute(select(ENTRY).where(*these).order_by(ENTRY.c.number)).all()
    connection.execute(
        update(ENTRY)
        .where(*these)
        .values(verdict=Verdict.REFUSED.value, reason=Reason.RECORDED_AGAIN.value)
    )
    new_ids: dict[str, str] = {}
    for row in rows:
        entry = read_stored(connection, row).entry
        header = entry.header
        _, model = BY_KIND[header.kind]
        body = model.model_validate(from_json(entry.body_bytes or b"{}"))
        if isinstance(body, CheckInWithdrawn | HazardWithdrawn):
            body = body.model_copy(update={"entry": new_ids.get(body.entry, body.entry)})
        elif isinstance(body, HazardReported):
            body = body.model_copy(update={"check_in": new_ids.get(body.check_in, body.check_in)})
        again = append(
            connection,
            now,
            Stamp(header.at, header.clock),
            kind=header.kind,
            subject=header.subject,
            body=body,
            photos=header.photos,
        )
        new_ids[header.id] = again.header.id
        connection.execute(
            update(PHOTO).where(PHOTO.c.entry == header.id).values(entry=again.header.id)
        )
    return len(rows)
