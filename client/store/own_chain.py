"""This device's own chain after something of it was lost: taken back from the server, and judged.

Numbers must never be used twice: an entry with a number the server knows otherwise is a fork and
is refused for good. So a device that is not sure of its chain asks first, takes back what is its
own, and then either goes on or knows that it can't.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pydantic_core import to_json
from sqlalchemy import Connection, false, or_, select, update

from client.store.errors import NotGenuine
from client.store.identity import Identity, read_setting, write_setting
from client.store.journal import entry_row
from client.store.rebuilding import rebuild_subjects
from client.store.rescue.note import ChainState, set_chain_state, settle_note
from client.store.tables import CURSOR
from client.store.verdicts import keep_receipts
from ledger.bulk import insert_rows
from ledger.chain import Link, follow
from ledger.entry import Entry, UnreadableEntry, read_entry
from ledger.keys import Head, head_is_genuine
from ledger.photos import note_photos
from ledger.scopes import is_private, reads
from ledger.sealing import closed
from ledger.tables.journal import ENTRY, HEAD
from ledger.verdicts import Reason, Verdict
from ledger.wire.journal import OwnEntry, Receipt

EXPORTED = "exported"


@dataclass(frozen=True, slots=True)
class Returned:
    """Own entries as the server gave them back, all of them vouched for by our own signatures."""

    entries: Sequence[Entry]
    receipts: Sequence[Receipt]
    heads: Sequence[Head]
    end: Link
    """How far the server holds our chain."""


def check_own(
    given: Sequence[OwnEntry], heads: Sequence[Head], end: Link, device: str, public_key: str
) -> Returned:
    """Believe nothing that we did not sign: every entry must lead to a head of our own key.

    `given` is everything from the first entry to `end`. Raises `NotGenuine`.
    """
    entries, receipts = [], []
    for one in given:
        entry = _read(one)
        if entry is None:
            # An older server sends rubbish along that it keeps beside the chain; where there is
            # rubbish in the chain itself, the next entry doesn't follow.
            continue
        if entry.header.device != device:
            raise NotGenuine("device", entry.header.id)
        entries.append(entry)
        # The server may keep an entry under a name of its own, when its id was taken.
        receipts.append(replace(one.receipt, id=entry.header.id))
    reached, broken = follow(Link(), entries)
    if broken is not None:
        raise NotGenuine(broken.what.value, broken.entry.header.id)
    if reached != end:
        raise NotGenuine("end", device)
    signed = {
        (head.number, head.hash)
        for head in heads
        if head.device == device and head_is_genuine(head, public_key)
    }
    if entries and (end.number, end.hash) not in signed:
        raise NotGenuine("signature", device)
    genuine = [head for head in heads if (head.number, head.hash) in signed]
    return Returned(entries, receipts, genuine, end)


def last_number(given: Sequence[OwnEntry]) -> int:
    """The number of the last of these that can be read; 0 when none can."""
    read = (_read(one) for one in reversed(given))
    return next((entry.header.number for entry in read if entry is not None), 0)


def _read(one: OwnEntry) -> Entry | None:
    try:
        return read_entry(
            one.header.encode("utf-8", "surrogatepass"),
            None if one.body is None else one.body.encode("utf-8", "surrogatepass"),
        )
    except UnreadableEntry:
        return None


def take_back(connection: Connection, identity: Identity, returned: Returned) -> list[str]:
    """Store what was missing and what the server says of each; then judge the chain. Returns the
    subjects that changed."""
    ids = [entry.header.id for entry in returned.entries]
    there: set[str] = set()
    for start in range(0, len(ids), 500):
        some = select(ENTRY.c.id).where(ENTRY.c.id.in_(ids[start : start + 500]))
        there.update(connection.scalars(some))
    fresh = [entry for entry in returned.entries if entry.header.id not in there]
    rows = [entry_row(connection, entry, Verdict.PENDING) for entry in fresh]
    insert_rows(connection, ENTRY, rows)
    note_photos(connection, [entry.header for entry in fresh])
    touched = _give_back_words(connection, identity, returned.entries)
    touched += keep_receipts(connection, identity, returned.receipts)
    insert_rows(connection, HEAD, [head.model_dump() for head in returned.heads], ignore_known=True)
    set_chain_state(connection, judge_chain(connection, identity.device, returned.end))
    settle_note(connection, identity.device)
    return touched


def words_are_missing(connection: Connection, identity: Identity, grants: Iterable[str]) -> bool:
    """True when own entries about pupils stand without their words, which went with a duty that
    the person now has again."""
    return bool(_without_words(connection, identity, grants))


def _without_words(
    connection: Connection, identity: Identity, grants: Iterable[str]
) -> dict[str, str]:
    """Their ids, with their subjects."""
    readable = or_(false(), *(reads(ENTRY.c.scope, grant) for grant in grants))
    rows = connection.execute(
        select(ENTRY.c.id, ENTRY.c.subject, ENTRY.c.scope).where(
            ENTRY.c.school == identity.school,
            ENTRY.c.device == identity.device,
            ENTRY.c.body.is_(None),
            readable,
        )
    )
    return {row.id: row.subject for row in rows if is_private(row.scope)}


def _give_back_words(
    connection: Connection, identity: Identity, entries: Sequence[Entry]
) -> list[str]:
    """Returns the subjects that changed."""
    grants = connection.scalars(select(CURSOR.c.scope)).all()
    wanted = _without_words(connection, identity, grants)
    given = {}
    for entry in entries:
        id = entry.header.id
        if id in wanted and entry.body_bytes is not None and entry.body_is_genuine:
            given[id] = closed(connection, entry.body_bytes)
    for id, body in given.items():
        connection.execute(update(ENTRY).where(ENTRY.c.id == id).values(body=body))
    subjects = list(dict.fromkeys(wanted[id] for id in given))
    rebuild_subjects(connection, identity.school, subjects)
    return subjects


def judge_chain(connection: Connection, device: str, end: Link) -> ChainState:
    """Can this device number its next entry, when the server holds its chain up to `end`?"""
    astray = select(ENTRY.c.id).where(
        ENTRY.c.device == device,
        or_(
            ENTRY.c.reason == Reason.CHAIN_FORKED.value,
            (ENTRY.c.number == end.number) & (ENTRY.c.hash != end.hash),
            (ENTRY.c.verdict == Verdict.PENDING.value) & (ENTRY.c.number <= end.number),
        ),
    )
    if connection.scalar(astray.limit(1)) is not None:
        return ChainState.BROKEN
    rows = connection.execute(
        select(ENTRY.c.number, ENTRY.c.hash, ENTRY.c.header)
        .where(ENTRY.c.device == device, ENTRY.c.number > end.number)
        .order_by(ENTRY.c.number)
    )
    reached, broken = follow(end, (read_entry(bytes(row.header), None) for row in rows))
    if broken is not None or exported_up_to(connection) > reached.number:
        return ChainState.BROKEN
    return ChainState.SOUND


def exported_up_to(connection: Connection) -> int:
    """The largest number that ever left this device in a bundle."""
    return int(read_setting(connection, EXPORTED) or "0")


def note_exported(connection: Connection, number: int) -> None:
    largest = max(number, exported_up_to(connection))
    write_setting(connection, EXPORTED, to_json(largest).decode())


def take_exported_back(connection: Connection, number: int, before: int) -> None:
    """The bundle up to `number` never left. Unless another one reached further meanwhile, the
    largest number that did is the one of `before`."""
    if exported_up_to(connection) == number:
        write_setting(connection, EXPORTED, to_json(before).decode())
