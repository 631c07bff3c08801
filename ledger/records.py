"""The rows that states stand for, written in the place of those that stood there before.

What names pupils is sealed on its way in.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from pydantic_core import to_json
from sqlalchemy import Connection, Delete, bindparam, delete

from ledger.bulk import Values, insert_values, values_of
from ledger.rules.registry import rule_of
from ledger.rules.rule import RULE_FAULTS
from ledger.sealing import closed_text
from ledger.tables import PRIVATE_TABLES, RECORDS, TABLES_OF_PREFIX

log = logging.getLogger(__name__)


def write_records(
    connection: Connection, school: str, states: Iterable[tuple[str, Any]]
) -> list[str]:
    """Replace the rows of these subjects by what their states say.

    A state is done with before the next one is asked for: made one by one, they need little room.
    Where a rule stumbles over a state, the last rows stay; returns those subjects.
    """
    stumbled: list[str] = []
    rows: dict[str, list[Values]] = {}
    doomed: dict[str, list[dict[str, str]]] = {}
    for subject, state in states:
        rule = rule_of(subject)
        if rule is None:
            continue
        try:
            found = rule.records(state)
        except RULE_FAULTS:
            log.exception("making the records of %s", subject)
            stumbled.append(subject)
            continue
        for table in TABLES_OF_PREFIX[rule.prefix]:
            doomed.setdefault(table, []).append({"this_school": school, "this_subject": subject})
        for table, new in found.items():
            rows.setdefault(table, []).extend(_values(connection, table, new))
    for name, keys in doomed.items():
        connection.execute(_delete_subject(name), keys)
    for name, new in rows.items():
        insert_values(connection, RECORDS[name], new)
    return stumbled


@cache
def _delete_subject(table: str) -> Delete:
    columns = RECORDS[table].c
    return delete(RECORDS[table]).where(
        columns.school == bindparam("this_school"), columns.subject == bindparam("this_subject")
    )


def insert_records(connection: Connection, table: str, rows: Sequence[dict[str, Any]]) -> None:
    """Rows as a rule's `records` gives them."""
    insert_values(connection, RECORDS[table], list(_values(connection, table, rows)))


def _values(connection: Connection, table: str, rows: Iterable[dict[str, Any]]) -> Iterator[Values]:
    in_order = values_of(RECORDS[table])
    place = _place_of_detail(table)
    sealed = table in PRIVATE_TABLES
    for row in rows:
        values = in_order(row)
        if place is not None:
            detail = to_json(values[place]).decode()
            if sealed:
                detail = closed_text(connection, detail)
            values = (*values[:place], detail, *values[place + 1 :])
        yield values


@cache
def _place_of_detail(table: str) -> int | None:
    names = list(RECORDS[table].columns.keys())
    return names.index("detail") if "detail" in names else None
