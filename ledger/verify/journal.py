"""A whole journal: every device's chain, then the order in which the school accepted them.

Read a page at a time: the memory it takes does not grow with the journal. Signatures are checked
in threads, since each costs as much as ten entries and the library lets go of the interpreter.
"""

import os
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from pydantic_core import from_json
from sqlalchemy import (
    ColumnElement,
    Connection,
    LargeBinary,
    Table,
    func,
    inspect,
    select,
    text,
    tuple_,
    type_coerce,
    union,
)
from sqlalchemy.types import NullType

from ledger.keys import Head, head_is_genuine
from ledger.tables.journal import ENTRY, HEAD
from ledger.verdicts import Verdict
from ledger.verify.report import Broken, Fault, Report
from ledger.verify.walk import CheckedHead, Walk

PAGE_ROWS = 2000
SIGNATURES_AT_ONCE = 100
INTRODUCTION = "device.set"


class NotAJournal(Exception):
    """The database holds no journal."""


@dataclass(slots=True)
class _Surroundings:
    """What the database says of itself: whose it is, and which keys it knows."""

    whole: bool
    own: str = ""
    """A phone's own device."""
    counters: Mapping[str, int] = field(default_factory=dict)
    introducers: set[str] = field(default_factory=set)
    keys: dict[str, list[str]] = field(default_factory=dict)


def verify_journal(connection: Connection) -> Report:
    """Check every hash, link and signed head. Only reads; raises `NotAJournal`.

    The devices that introduce others come first, so that a key that was tampered with is found
    where it stands and not where it fails.
    """
    around = _look_around(connection)
    report = Report(whole=around.whole)
    devices = connection.scalars(union(select(ENTRY.c.device), select(HEAD.c.device))).all()
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as threads:
        for device in sorted(devices, key=lambda one: (one not in around.introducers, one)):
            report.devices += 1
            heads = _checked_heads(connection, device, around.keys.get(device, []), threads)
            complete = around.whole or device == around.own
            walk = Walk(report, device, heads, complete=complete)
            report.broken = walk.run(_pages(connection, ENTRY, device))
            if report.broken is not None:
                return report
    if around.whole:
        report.broken = _seq_gap(connection, around.counters)
    return report


def _look_around(connection: Connection) -> _Surroundings:
    tables = set(inspect(connection).get_table_names())
    for table in (ENTRY, HEAD):
        if table.name not in tables:
            raise NotAJournal(f"no table {table.name}")
        columns = {column["name"] for column in inspect(connection).get_columns(table.name)}
        if not columns >= {column.name for column in table.columns}:
            raise NotAJournal(f"the table {table.name} is another one")
    around = _Surroundings(whole="setting" not in tables)
    introductions = select(*_as_stored(ENTRY)).where(
        ENTRY.c.kind == INTRODUCTION, ENTRY.c.verdict == Verdict.ACCEPTED.value
    )
    for row in connection.execute(introductions.order_by(ENTRY.c.school, ENTRY.c.seq)):
        around.introducers.add(row.device)
        key = _json(row.body).get("public_key")
        if isinstance(key, str):
            around.keys.setdefault(row.subject.partition(":")[2], []).append(key)
    if not around.whole:
        identity = _json(
            connection.scalar(text("SELECT value FROM setting WHERE name = 'identity'"))
        )
        around.own = str(identity.get("device", ""))
        server = str(identity.get("server_device", ""))
        around.introducers.add(server)
        # Pinned when the device enrolled: no entry can put another in its place.
        around.keys[server] = [str(identity.get("server_key", ""))]
    elif "counter" in tables:
        rows = connection.execute(text("SELECT school, seq FROM counter")).all()
        around.counters = {row.school: row.seq for row in rows}
    return around


def _pages(connection: Connection, table: Table, device: str) -> Iterator[Any]:
    """A device's rows by number, fetched a page at a time."""
    order = [table.c.number, table.c.id] if "id" in table.c else [table.c.number]
    query = select(*_as_stored(table)).where(table.c.device == device)
    query = query.order_by(*order).limit(PAGE_ROWS)
    after = None
    while True:
        page = query
        if after is not None:
            # The first condition is all the index needs; the second only sorts out one number.
            page = query.where(table.c.number >= after[0], tuple_(*order) > after)
        rows = connection.execute(page).all()
        yield from rows
        if len(rows) < PAGE_ROWS:
            return
        after = tuple(getattr(rows[-1], column.name) for column in order)


def _as_stored(table: Table) -> list[ColumnElement[Any]]:
    """The columns without conversion: whoever tampers with SQLite by hand leaves text where bytes
    were, and that row is to be named too."""
    return [
        type_coerce(column, NullType()).label(column.name)
        if isinstance(column.type, LargeBinary)
        else column
        for column in table.columns
    ]


def _checked_heads(
    connection: Connection, device: str, keys: list[str], threads: Executor
) -> Iterator[CheckedHead]:
    heads: list[Any] = []
    for row in _pages(connection, HEAD, device):
        heads.append(row)
        if len(heads) == PAGE_ROWS:
            yield from _check(heads, keys, threads)
            heads = []
    yield from _check(heads, keys, threads)


def _check(heads: list[Any], keys: list[str], threads: Executor) -> Iterator[CheckedHead]:
    some = [
        heads[start : start + SIGNATURES_AT_ONCE]
        for start in range(0, len(heads), SIGNATURES_AT_ONCE)
    ]
    for checked in threads.map(partial(_check_some, keys), some):
        yield from checked


def _check_some(keys: list[str], rows: list[Any]) -> list[CheckedHead]:
    checked: list[CheckedHead] = []
    for row in rows:
        head = Head.model_construct(**row._mapping)
        genuine = any(head_is_genuine(head, key) for key in keys) if keys else None
        checked.append((row, genuine))
    return checked


def _seq_gap(connection: Connection, counters: Mapping[str, int]) -> Broken | None:
    """A server's accepted entries of a school are numbered 1, 2, 3 … without a gap."""
    newest = connection.execute(
        select(ENTRY.c.school, func.min(ENTRY.c.seq), func.max(ENTRY.c.seq), func.count())
        .where(ENTRY.c.seq.is_not(None))
        .group_by(ENTRY.c.school)
        .order_by(ENTRY.c.school)
    ).all()
    found = {school: high for school, _, high, _ in newest}
    for school, low, high, count in newest:
        if (low, high) != (1, count):
            return _first_seq_gap(connection, school)
    for school, seq in sorted(counters.items()):
        if found.get(school, 0) != seq:
            return Broken("", 0, "", Fault.SEQ, f"{school}: {found.get(school, 0)} of {seq}")
    return None


def _first_seq_gap(connection: Connection, school: str) -> Broken | None:
    query = (
        select(ENTRY.c.seq, ENTRY.c.device, ENTRY.c.number, ENTRY.c.id)
        .where(ENTRY.c.school == school)
        .order_by(ENTRY.c.seq)
        .limit(PAGE_ROWS)
    )
    due = 1
    while True:
        rows = connection.execute(query.where(ENTRY.c.seq >= due)).all()
        for row in rows:
            if row.seq != due:
                return Broken(
                    row.device, row.number, row.id, Fault.SEQ, f"{row.seq} after {due - 1}"
                )
            due += 1
        if not rows:
            return None


def _json(value: Any) -> dict[str, Any]:
    try:
        found = from_json(value or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
