"""Everybody's journal as it comes from the server: verified, stored, projected.

Nothing of an answer is stored unless all of it holds: bodies match their headers, links match
where numbers follow each other, and signed heads match the entries they fall on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pydantic_core import to_json
from sqlalchemy import Connection, select, update

from client.store.cursors import cursors, keep_epoch, move_cursors
from client.store.device_keys import device_keys
from client.store.errors import NotGenuine
from client.store.identity import Identity, write_identity
from client.store.journal import entry_row, kept_body, own_end
from client.store.lost_scopes import wipe_grant
from client.store.own_chain import words_are_missing
from client.store.rebuilding import rebuild_subjects
from client.store.rescue.note import ChainState, set_chain_state
from client.store.verdicts import make_room, unanswer
from ledger.bulk import insert_rows
from ledger.chain import Link
from ledger.entry import UnreadableEntry, read_entry
from ledger.erasing import erase_bodies
from ledger.keys import Head, head_is_genuine
from ledger.photos import note_photos
from ledger.projection import StoredEntry, load_subjects
from ledger.rules.erasure import BodyErased
from ledger.rules.rule import parse_body
from ledger.scopes import reads
from ledger.tables.journal import ENTRY, HEAD
from ledger.verdicts import Verdict
from ledger.wire.journal import Opened, Pulled, PulledEntry


@dataclass(frozen=True, slots=True)
class Arrived:
    """An answer that was read and checked without the database, ready to be stored."""

    entries: list[StoredEntry]
    heads: list[Head]
    cursors: Mapping[str, int] | None
    """None: the cursors stay as they are, and no scope is lost."""
    epoch: str = ""
    since: Mapping[str, int] = field(default_factory=dict)


def check(answer: Pulled) -> Arrived:
    """Read an answer and check what can be checked by itself. Raises `NotGenuine`."""
    entries = _checked(answer.entries)
    return Arrived(entries, answer.heads, answer.cursors, answer.epoch, answer.since)


def check_open(answer: Opened) -> Arrived:
    """The same for what a fresh device gets first; it moves no cursor."""
    return Arrived(_checked(answer.entries), answer.heads, None)


def _checked(sent_entries: Sequence[PulledEntry]) -> list[StoredEntry]:
    entries = []
    for sent in sent_entries:
        body = None if sent.body is None else sent.body.encode()
        try:
            entry = read_entry(sent.header.encode(), body)
        except UnreadableEntry as error:
            raise NotGenuine("unreadable", str(sent.seq)) from error
        if not entry.body_is_genuine:
            raise NotGenuine("body", entry.header.id)
        entries.append(StoredEntry(entry, Verdict.ACCEPTED, sent.seq, sent.remarks))
    return entries


def store(connection: Connection, identity: Identity, arrived: Arrived) -> set[str]:
    """Store a checked answer in one transaction; returns the subjects that changed."""
    touched = _forget_lost(connection, identity, arrived.since)
    ends = _ends_of_chains(connection, arrived.entries)
    _check_links(arrived.entries, ends)
    given = {one.entry.header.id: one.seq for one in arrived.entries if one.seq is not None}
    touched += make_room(connection, identity, given)
    known = _standing(connection, arrived.entries, ends)
    # What a fresh device was given first comes once more, and changes nothing.
    news = [one for one in arrived.entries if _is_news(one, known.get(one.entry.header.id))]
    touched += [one.entry.header.subject for one in news]
    touched = list(dict.fromkeys(touched))
    # What is stored already is read before the new rows are there, so that none is read back.
    loaded = load_subjects(connection, identity.school, touched)
    fresh = []
    for one in news:
        header, some = one.entry.header, loaded[one.entry.header.subject]
        if header.id in known:
            _move(connection, one)
            some[:] = [other for other in some if other.entry.header.id != header.id]
        else:
            fresh.append(one)
        some.append(one)
    rows = (
        entry_row(connection, one.entry, one.verdict, seq=one.seq, remarks=_written(one.remarks))
        for one in fresh
    )
    insert_rows(connection, ENTRY, rows, ignore_known=True)
    note_photos(
        connection, [one.entry.header for one in arrived.entries if one.entry.header.photos]
    )
    rebuild_subjects(connection, identity.school, touched, loaded)
    touched += _erase(connection, identity, arrived)
    _check_heads(connection, identity, arrived)
    heads = [head.model_dump() for head in arrived.heads]
    insert_rows(connection, HEAD, heads, ignore_known=True)
    if arrived.cursors is not None:
        keep_epoch(connection, arrived.epoch)
        _keep_cursors(connection, identity, arrived.cursors)
    return set(touched)


def _forget_lost(connection: Connection, identity: Identity, since: Mapping[str, int]) -> list[str]:
    """Where the server reads on from an earlier place than we had reached, it was restored from
    a backup and has lost what lies between. Returns the subjects that changed."""
    reached = cursors(connection)
    touched: list[str] = []
    for grant, seq in since.items():
        if seq < reached.get(grant, 0):
            lost = select(ENTRY.c.id).where(
                ENTRY.c.school == identity.school, reads(ENTRY.c.scope, grant), ENTRY.c.seq > seq
            )
            touched += unanswer(connection, identity, connection.scalars(lost).all())
    return touched


class _Known(NamedTuple):
    """How an entry stands here already."""

    seq: int | None
    has_words: bool
    """False for what was written under an earlier key and lost its words with a duty."""


def _is_news(one: StoredEntry, known: _Known | None) -> bool:
    if known is None or known.seq != one.seq:
        return True
    return not known.has_words and one.entry.body_bytes is not None


def _standing(
    connection: Connection, entries: Sequence[StoredEntry], ends: Mapping[str, Link]
) -> dict[str, _Known]:
    """Which of these entries are here already. What lies behind the end of its device's chain is
    new, and need not be looked for."""
    wanted = [
        header.id
        for header in (one.entry.header for one in entries)
        if header.device in ends and header.number <= ends[header.device].number
    ]
    found: dict[str, _Known] = {}
    for start in range(0, len(wanted), 500):
        rows = connection.execute(
            select(ENTRY.c.id, ENTRY.c.seq, ENTRY.c.body.is_not(None).label("has_words")).where(
                ENTRY.c.id.in_(wanted[start : start + 500])
            )
        )
        found.update((row.id, _Known(row.seq, bool(row.has_words))) for row in rows)
    return found


def _erase(connection: Connection, identity: Identity, arrived: Arrived) -> list[str]:
    """What the server's own hand says was erased goes here, too: others' words and one's own.
    Returns the subjects."""
    ids: list[str] = []
    for one in arrived.entries:
        header = one.entry.header
        if header.kind == "body.erased" and header.device == identity.server_device:
            body = parse_body(BodyErased, one.entry)
            ids += body.entries if isinstance(body, BodyErased) else ()
    subjects = erase_bodies(connection, identity.school, ids)
    rebuild_subjects(connection, identity.school, subjects)
    return subjects


def _written(remarks: Mapping[str, Any]) -> str:
    return to_json(remarks).decode() if remarks else "{}"


def _move(connection: Connection, stored: StoredEntry) -> None:
    """An entry we have, accepted anew by a server that was restored from a backup; or an own one
    of an earlier key, which had arrived after all, or has its words again."""
    body = kept_body(connection, stored.entry)
    words = {} if body is None else {"body": body}
    connection.execute(
        update(ENTRY)
        .where(ENTRY.c.id == stored.entry.header.id)
        .values(
            verdict=stored.verdict.value,
            seq=stored.seq,
            reason="",
            remarks=_written(stored.remarks),
            **words,
        )
    )


def _ends_of_chains(connection: Connection, entries: Sequence[StoredEntry]) -> dict[str, Link]:
    """The newest entry here of each of these entries' devices, where there is one."""
    devices = {one.entry.header.device for one in entries}
    ends = {device: own_end(connection, device) for device in devices}
    return {device: end for device, end in ends.items() if end.number}


def _check_links(entries: Sequence[StoredEntry], ends: Mapping[str, Link]) -> None:
    """Where numbers of one device follow each other, so must the hashes."""
    reached = {device: (end.number, end.hash) for device, end in ends.items()}
    for one in entries:
        header = one.entry.header
        end = reached.get(header.device)
        if end is not None and header.number == end[0] + 1 and header.previous != end[1]:
            raise NotGenuine("link", header.id)
        if end is None or header.number > end[0]:
            reached[header.device] = (header.number, one.entry.hash)


def _check_heads(connection: Connection, identity: Identity, arrived: Arrived) -> None:
    """Every head must be signed by its device and fall on the entry it names."""
    if not arrived.heads:
        return
    keys = device_keys(connection, identity.school, {head.device for head in arrived.heads})
    keys[identity.server_device] = identity.server_key
    named = {(head.device, head.number) for head in arrived.heads}
    hashes = {
        (one.entry.header.device, one.entry.header.number): one.entry.hash
        for one in arrived.entries
        if (one.entry.header.device, one.entry.header.number) in named
    }
    for head in arrived.heads:
        if hashes.get((head.device, head.number), head.hash) != head.hash:
            raise NotGenuine("head", head.device)
        if head.device in keys and not head_is_genuine(head, keys[head.device]):
            raise NotGenuine("signature", head.device)


def _keep_cursors(connection: Connection, identity: Identity, fresh: Mapping[str, int]) -> None:
    """Move the cursors on; a scope that is no longer named is lost and its entries are wiped."""
    had = set(cursors(connection))
    for grant in had - set(fresh):
        wipe_grant(connection, identity, grant, fresh)
    if words_are_missing(connection, identity, set(fresh) - had):
        # A duty that was lost is back. Others' entries come by themselves, one's own when asked.
        set_chain_state(connection, ChainState.IN_DOUBT)
    move_cursors(connection, fresh)
    if set(fresh) != set(identity.scopes):
        write_identity(connection, _with_scopes(identity, tuple(sorted(fresh))))


def _with_scopes(identity: Identity, scopes: tuple[str, ...]) -> Identity:
    return Identity(
        school=identity.school,
        actor=identity.actor,
        device=identity.device,
        scopes=scopes,
        server=identity.server,
        server_device=identity.server_device,
        server_key=identity.server_key,
    )
