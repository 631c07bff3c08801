"""How far this device has read of everybody's journal, and in which of the server's histories."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic_core import from_json, to_json
from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from client.store.identity import read_setting, write_setting
from client.store.tables import CURSOR
from ledger.wire.journal import Pulled

EPOCH = "epoch"
# Made once: every page asks them.
_CURSORS = select(CURSOR.c.scope, CURSOR.c.seq)
_INSERT_CURSOR = insert(CURSOR)
_MOVE_CURSOR = _INSERT_CURSOR.on_conflict_do_update(
    index_elements=["scope"], set_={"seq": _INSERT_CURSOR.excluded.seq}
)


@dataclass(frozen=True, slots=True)
class Position:
    """How far this device has read, and in which of the server's histories."""

    cursors: Mapping[str, int]
    epoch: str = ""


def read_position(connection: Connection) -> Position:
    return Position(cursors(connection), read_epoch(connection))


def position_in(answer: Pulled) -> Position:
    return Position(dict(answer.cursors), answer.epoch)


def read_epoch(connection: Connection) -> str:
    return from_json(read_setting(connection, EPOCH) or '""')


def cursors(connection: Connection) -> dict[str, int]:
    return {scope: seq for scope, seq in connection.execute(_CURSORS)}


def keep_epoch(connection: Connection, epoch: str) -> None:
    if read_epoch(connection) != epoch:
        write_setting(connection, EPOCH, to_json(epoch).decode())


def move_cursors(connection: Connection, reached: Mapping[str, int]) -> None:
    """Those of the scopes named here; the others stay."""
    if reached:
        rows = [{"scope": scope, "seq": seq} for scope, seq in reached.items()]
        connection.execute(_MOVE_CURSOR, rows)
