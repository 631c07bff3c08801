"""What a device may no longer read leaves it: a duty was lost, or the device was shut out.

What its owner wrote stays: it is its author's.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, delete, select, update

from client.store.cursors import cursors
from client.store.heads import drop_loose_heads
from client.store.identity import Identity, own_devices
from client.store.rebuilding import rebuild_subjects
from client.store.tables import CURSOR
from ledger.scopes import covers, is_private
from ledger.tables.journal import ENTRY, ENTRY_PHOTO
from ledger.verdicts import Verdict


def wipe_grant(
    connection: Connection, identity: Identity, grant: str, still: Iterable[str] = ()
) -> None:
    """Remove what this device may no longer read: what `grant` covered and none of those it
    `still` holds does. Its own entries stay: they are its author's."""
    own = own_devices(connection, identity)
    others = (ENTRY.c.school == identity.school, ENTRY.c.device.not_in(own))
    there = connection.scalars(
        select(ENTRY.c.scope).where(ENTRY.c.school == identity.school).distinct()
    ).all()
    lost = [
        scope
        for scope in there
        if covers(grant, scope) and not any(covers(kept, scope) for kept in still)
    ]
    connection.execute(delete(CURSOR).where(CURSOR.c.scope == grant))
    if not lost:
        return
    subjects = connection.scalars(
        select(ENTRY.c.subject).where(*others, ENTRY.c.scope.in_(lost)).distinct()
    ).all()
    connection.execute(delete(ENTRY).where(*others, ENTRY.c.scope.in_(lost)))
    private = [scope for scope in lost if is_private(scope)]
    if private:
        subjects = {*subjects, *_forget_own(connection, identity, private)}
    connection.execute(
        delete(ENTRY_PHOTO).where(
            ENTRY_PHOTO.c.school == identity.school,
            ENTRY_PHOTO.c.scope.in_(lost),
            ENTRY_PHOTO.c.device.not_in(own),
        )
    )
    drop_loose_heads(connection, identity)
    rebuild_subjects(connection, identity.school, list(subjects))


def _forget_own(connection: Connection, identity: Identity, scopes: Sequence[str]) -> Sequence[str]:
    """What this device itself wrote about pupils and the server has: the words go, the header
    stays, so that the chain still verifies. Returns the subjects."""
    mine = (
        ENTRY.c.school == identity.school,
        ENTRY.c.device.in_(own_devices(connection, identity)),
        ENTRY.c.scope.in_(scopes),
        ENTRY.c.verdict.in_((Verdict.ACCEPTED.value, Verdict.REFUSED.value)),
    )
    subjects = connection.scalars(select(ENTRY.c.subject).where(*mine).distinct()).all()
    connection.execute(update(ENTRY).where(*mine).values(body=None))
    return subjects


def wipe_others(connection: Connection, identity: Identity) -> None:
    """Remove everything that came from the server, as a revoked device must. What its owner wrote
    stays in the journal, but shows nothing of anybody else."""
    for grant in set(cursors(connection)) | set(identity.scopes):
        wipe_grant(connection, identity, grant)
