"""Many rows go in as one by one would: none is lost where one statement's rows end."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, func, insert, select
from sqlalchemy.exc import IntegrityError

from ledger.bulk import TOGETHER, insert_rows
from ledger.tables.journal import HEAD


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        HEAD.create(connection)
        yield connection
    engine.dispose()


def heads(numbers: range) -> list[dict[str, Any]]:
    texts = [column.name for column in HEAD.columns if column.name != "number"]
    return [{name: f"{name} {n}" for name in texts} | {"number": n} for n in numbers]


@pytest.mark.parametrize(
    "count", [0, 1, TOGETHER - 1, TOGETHER, TOGETHER + 1, 2 * TOGETHER, 3 * TOGETHER + 7]
)
def test_every_row_is_there(connection: Connection, count: int) -> None:
    insert_rows(connection, HEAD, heads(range(count)))
    found = connection.execute(select(HEAD).order_by(HEAD.c.number)).mappings()
    assert [dict(row) for row in found] == heads(range(count))


def test_a_known_row_stays_as_it_was_and_those_beside_it_come(connection: Connection) -> None:
    rows = heads(range(2 * TOGETHER))
    known = {**rows[TOGETHER // 2], "signature": "the first"}
    connection.execute(insert(HEAD), known)
    insert_rows(connection, HEAD, rows, ignore_known=True)
    assert connection.scalar(select(func.count()).select_from(HEAD)) == len(rows)
    assert connection.scalar(
        select(HEAD.c.signature).where(HEAD.c.number == known["number"])
    ) == "the first"  # fmt: skip


def test_a_row_twice_is_an_error_unless_asked_for(connection: Connection) -> None:
    rows = heads(range(TOGETHER))
    with pytest.raises(IntegrityError):
        insert_rows(connection, HEAD, [*rows[:-1], rows[0]])
