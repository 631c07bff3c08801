"""Puts what was rescued of a damaged database into a sound one.

The sound one is empty, or a backup. What the damaged file still says is newer and wins; entries
are only ever added, or given the answer that was read last.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError
from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.dialects.sqlite import insert

from client.store.identity import IDENTITIES, Identity, read_identity, write_setting
from client.store.photos import PhotoState
from client.store.rescue.genuine import ENTRY_COLUMNS, UNANSWERED, genuine_entry, is_json
from client.store.rescue.pages import rows_in_pages
from client.store.rescue.rows import DamagedFile
from client.store.tables import CURSOR, DRAFT, PHOTO, SETTING
from ledger.bulk import insert_rows
from ledger.tables.journal import ENTRY, HEAD
from ledger.verdicts import Verdict

T = TypeVar("T")
ROWS_AT_ONCE = 500
NOT_CARRIED = frozenset({"rules", "rules_private", "chain"})
"""Settings that speak of the file they stood in: its records are projected anew."""


@dataclass(slots=True)
class Merged:
    """What came of it."""

    device: str = ""
    """Whose file it was; empty when nothing tells."""
    entries: int = 0
    """Genuine ones that were read."""
    whole: bool = False
    """Every row of the journal could be read."""
    largest: dict[str, int] = field(default_factory=dict)
    """The largest number of each device that anything speaks of, its entry read or not."""


def merge(connection: Connection, path: Path) -> Merged:
    """Read everything there is in the damaged file at `path` and write it through `connection`,
    inside the caller's transaction. The file is only read."""
    damaged, merged = DamagedFile(path), Merged()
    try:
        _settings(connection, _rows(damaged, SETTING))
        _entries(connection, damaged, merged)
        merged.whole = damaged.whole
        for table in (DRAFT, PHOTO, CURSOR, HEAD):
            _plain(connection, table, _rows(damaged, table))
    finally:
        damaged.close()
    identity = read_identity(connection)
    if identity is not None and merged.whole:
        merged.device = identity.device
    else:
        _carve(connection, path, merged)
    _note_head_numbers(connection, merged)
    return merged


def _rows(damaged: DamagedFile, table: Any) -> Iterator[dict[str, Any]]:
    names = tuple(column.name for column in table.columns)
    for values in damaged.rows(table.name, names):
        yield dict(zip(names, values, strict=True))


def _settings(connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
    for row in rows:
        name, value = row["name"], row["value"]
        if not isinstance(name, str) or name in NOT_CARRIED or "\ufffd" in f"{name}{value}":
            continue
        # A choice (language, theme) is plain text, everything else JSON.
        readable = name.startswith("choice.") or is_json(value)
        if readable and (name != "identity" or _identity(value) is not None):
            write_setting(connection, name, value)


def _identity(text: Any) -> Identity | None:
    try:
        return IDENTITIES.validate_json(text)
    except ValidationError:
        return None


def _entries(connection: Connection, damaged: DamagedFile, merged: Merged) -> None:
    rows = damaged.rows(ENTRY.name, ENTRY_COLUMNS)
    for some in _batches(rows):
        genuine = [row for row in map(genuine_entry, some) if row is not None]
        if len(genuine) < len(some):
            damaged.whole = False
        _keep(connection, genuine)
        merged.entries += len(genuine)
        for row in genuine:
            device = row["device"]
            merged.largest[device] = max(merged.largest.get(device, 0), row["number"])


def _keep(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Add the entries that are new, and give the others the answer that was read here."""
    if not rows:
        return
    there = set(
        connection.scalars(select(ENTRY.c.id).where(ENTRY.c.id.in_([row["id"] for row in rows])))
    )
    answered = [row for row in rows if row["id"] in there and row["verdict"] != Verdict.PENDING]
    if answered:
        connection.execute(
            update(ENTRY)
            .where(ENTRY.c.id == bindparam("this_id"))
            .values({name: bindparam(f"new_{name}") for name in _ANSWER}),
            [
                {"this_id": row["id"], **{f"new_{name}": row[name] for name in _ANSWER}}
                for row in answered
            ],
        )
    fresh = [row for row in rows if row["id"] not in there]
    insert_rows(connection, ENTRY, fresh, ignore_known=True)
    kept = set(
        connection.scalars(select(ENTRY.c.id).where(ENTRY.c.id.in_([row["id"] for row in fresh])))
    )
    # A place in the school's history that two rows claim belongs to neither without a server.
    displaced = [row | UNANSWERED for row in fresh if row["id"] not in kept]
    insert_rows(connection, ENTRY, displaced, ignore_known=True)


_ANSWER = ("verdict", "seq", "reason", "remarks")


def _plain(connection: Connection, table: Any, rows: Iterable[dict[str, Any]]) -> None:
    """Rows that nothing vouches for, when their values are at least of the right sort."""
    keys = [column.name for column in table.primary_key]
    for row in rows:
        if not _fits(table, row):
            continue
        statement = insert(table).values(row)
        connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=row))


def _fits(table: Any, row: Mapping[str, Any]) -> bool:
    for column in table.columns:
        value = row[column.name]
        if not isinstance(value, column.type.python_type):
            return False
        if isinstance(value, str) and "\ufffd" in value:
            return False
    return table is not PHOTO or row["state"] in set(PhotoState)


def _carve(connection: Connection, path: Path, merged: Merged) -> None:
    """Own entries that SQLite can't reach any more, straight from the pages. Of others' nothing
    is taken this way: a free page may still hold what this person may no longer read."""
    if read_identity(connection) is None:
        for name, value in rows_in_pages(path, len(SETTING.columns)):
            if name == "identity" and isinstance(value, str) and _identity(value) is not None:
                write_setting(connection, "identity", value)
    genuine = [
        row
        for values in rows_in_pages(path, len(ENTRY_COLUMNS))
        if (row := genuine_entry(values)) is not None
    ]
    identity = read_identity(connection)
    device = _writer(genuine) if identity is None else identity.device
    merged.device = device
    found: dict[str, dict[str, Any]] = {}
    for row in genuine:
        known = found.get(row["id"])
        # An older copy of the same row may not know the answer yet.
        if row["device"] == device and (known is None or known["verdict"] == Verdict.PENDING):
            found[row["id"]] = row
    there = set(connection.scalars(select(ENTRY.c.id).where(ENTRY.c.device == device)))
    fresh = [row for id, row in found.items() if id not in there]
    for some in _batches(iter(fresh)):
        _keep(connection, some)
    merged.entries += len(fresh)
    numbers = [row["number"] for row in fresh]
    merged.largest[device] = max([merged.largest.get(device, 0), *numbers])


def _writer(rows: Iterable[Mapping[str, Any]]) -> str:
    """Whose file this was, when not even that can be read: only own entries wait for an answer.
    Whoever signs in here with the key of that device goes on with them."""
    waiting = Counter(row["device"] for row in rows if row["verdict"] == Verdict.PENDING)
    return waiting.most_common(1)[0][0] if waiting else ""


def _note_head_numbers(connection: Connection, merged: Merged) -> None:
    """A signed head speaks of an entry even where that entry is gone."""
    for row in connection.execute(select(HEAD.c.device, HEAD.c.number)):
        merged.largest[row.device] = max(merged.largest.get(row.device, 0), row.number)


def _batches(rows: Iterator[T]) -> Iterator[list[T]]:
    while some := list(islice(rows, ROWS_AT_ONCE)):
        yield some
