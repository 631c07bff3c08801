"""What the server said of single entries: verdicts, and places in the school's history. A server
that was restored from a backup gives places anew, and knows less than it did.

Every function here runs inside one transaction of the writer thread (`Database.write`).
"""

from collections.abc import Mapping, Sequence

from pydantic_core import to_json
from sqlalchemy import Connection, bindparam, delete, select, update

from client.store.identity import Identity, own_devices
from client.store.rebuilding import rebuild_subjects
from client.store.refusals import note_refused
from ledger.tables.journal import ENTRY, HEAD
from ledger.verdicts import Verdict
from ledger.wire.journal import Receipt

TOGETHER = 1000
"""Places in the history asked for at once: a page's."""
_HOLDERS = select(ENTRY.c.id, ENTRY.c.seq).where(ENTRY.c.school == bindparam("this_school"))
_HOLDERS_BETWEEN = _HOLDERS.where(ENTRY.c.seq.between(bindparam("first"), bindparam("last")))
_HOLDERS_OF = _HOLDERS.where(ENTRY.c.seq.in_(bindparam("some", expanding=True)))


def keep_receipts(
    connection: Connection, identity: Identity, receipts: Sequence[Receipt]
) -> list[str]:
    """Write down what the server said of own entries and rebuild what changed by it: the subjects
    returned."""
    if not receipts:
        return []
    said = {receipt.id: receipt.verdict for receipt in receipts}
    ids, own = list(said), own_devices(connection, identity)
    subjects: dict[str, str] = {}
    refused = []
    for start in range(0, len(ids), 500):
        some = select(
            ENTRY.c.id, ENTRY.c.subject, ENTRY.c.device, ENTRY.c.number, ENTRY.c.verdict
        ).where(ENTRY.c.id.in_(ids[start : start + 500]), ENTRY.c.device.in_(own))
        for row in connection.execute(some):
            subjects[row.id] = row.subject
            if said[row.id] is Verdict.REFUSED and row.verdict != Verdict.REFUSED.value:
                refused.append((row.id, row.device, row.number))
    given = {one.id: one.seq for one in receipts if one.id in subjects and one.seq is not None}
    if not subjects:
        return []
    note_refused(connection, identity, refused)
    touched = make_room(connection, identity, given)
    connection.execute(
        update(ENTRY)
        .where(ENTRY.c.id == bindparam("this_id"))
        .values(
            verdict=bindparam("new_verdict"),
            seq=bindparam("new_seq"),
            reason=bindparam("new_reason"),
            remarks=bindparam("new_remarks"),
        ),
        [
            {
                "this_id": receipt.id,
                "new_verdict": receipt.verdict.value,
                "new_seq": receipt.seq,
                "new_reason": str(receipt.reason or ""),
                "new_remarks": to_json(receipt.remarks).decode(),
            }
            for receipt in receipts
            if receipt.id in subjects
        ],
    )
    touched = list(dict.fromkeys([*touched, *subjects.values()]))
    rebuild_subjects(connection, identity.school, touched)
    return touched


def make_room(connection: Connection, identity: Identity, given: Mapping[str, int]) -> list[str]:
    """Take the places (id → seq) in the school's history from whatever holds them now.

    A server that was restored from a backup gives them anew. Returns the subjects that changed.
    """
    holders: list[str] = []
    places = {seq: id for id, seq in given.items()}
    wanted = sorted(places)
    for start in range(0, len(wanted), TOGETHER):
        some = wanted[start : start + TOGETHER]
        # A stretch is asked for by its two ends: on a fresh device nothing is in it.
        dense = some[-1] - some[0] < 2 * len(some)
        asked = {"first": some[0], "last": some[-1]} if dense else {"some": some}
        rows = connection.execute(
            _HOLDERS_BETWEEN if dense else _HOLDERS_OF, {"this_school": identity.school, **asked}
        )
        holders += [row.id for row in rows if places.get(row.seq, row.id) != row.id]
    return unanswer(connection, identity, holders)


def unanswer(connection: Connection, identity: Identity, ids: Sequence[str]) -> list[str]:
    """The server has lost these entries. Returns the subjects that changed.

    Own ones are sent again. Others' are kept and count for nothing until their author has sent
    them again. The server's own are gone for good, since its chain went back with its database.
    """
    if not ids:
        return []
    own = set(own_devices(connection, identity))
    pending, held, gone = [], [], []
    subjects: dict[str, None] = {}
    for start in range(0, len(ids), 500):
        rows = connection.execute(
            select(ENTRY.c.id, ENTRY.c.subject, ENTRY.c.device, ENTRY.c.number).where(
                ENTRY.c.id.in_(ids[start : start + 500])
            )
        )
        for row in rows:
            subjects[row.subject] = None
            if row.device == identity.server_device:
                gone.append(row)
            else:
                (pending if row.device in own else held).append(row)
    standing = {"seq": None, "reason": "", "remarks": "{}"}
    for verdict, some in ((Verdict.PENDING, pending), (Verdict.HELD, held)):
        if some:
            connection.execute(
                update(ENTRY)
                .where(ENTRY.c.id == bindparam("this_id"))
                .values(verdict=verdict.value, **standing),
                [{"this_id": row.id} for row in some],
            )
    if gone:
        connection.execute(
            delete(ENTRY).where(ENTRY.c.id == bindparam("this_id")),
            [{"this_id": row.id} for row in gone],
        )
        first = min(row.number for row in gone)
        connection.execute(
            delete(HEAD).where(HEAD.c.device == identity.server_device, HEAD.c.number >= first)
        )
    return list(subjects)
