"""After an update of the app the records mean what the new rules say, and nothing is lost."""

from sqlalchemy import Connection

from client.store.upkeep import follow_rules
from ledger.tables import RECORDS


def rows(connection: Connection) -> dict[str, list[tuple]]:
    return {
        name: sorted(tuple(row) for row in connection.execute(table.select()))
        for name, table in RECORDS.items()
    }


def test_new_rules_rebuild_every_record(connection: Connection) -> None:
    before = rows(connection)
    assert before["point"] and before["staff"]
    for table in RECORDS.values():
        connection.execute(table.delete())
    assert follow_rules(connection, version="7")
    assert rows(connection) == before


def test_the_same_rules_rebuild_nothing(connection: Connection) -> None:
    follow_rules(connection, version="7")
    for table in RECORDS.values():
        connection.execute(table.delete())
    assert not follow_rules(connection, version="7")
    assert not rows(connection)["point"]
