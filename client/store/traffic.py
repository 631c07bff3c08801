"""How many bytes went to and came from the server, day by day of the device's own calendar."""

from pydantic import TypeAdapter
from sqlalchemy import Connection

from client.store.identity import read_setting, write_setting
from client.store.sync_views import TrafficView

DAYS_KEPT = 31
_NAME = "traffic"
_DAYS = TypeAdapter(dict[str, tuple[int, int]])


def traffic_on(connection: Connection, day: str) -> TrafficView:
    """An ISO date's bytes."""
    return TrafficView(*_read(connection).get(day, (0, 0)))


def add_traffic(connection: Connection, day: str, sent: int, received: int) -> None:
    if not sent and not received:
        return
    days = _read(connection)
    before = days.get(day, (0, 0))
    days[day] = (before[0] + sent, before[1] + received)
    kept = dict(sorted(days.items())[-DAYS_KEPT:])
    write_setting(connection, _NAME, _DAYS.dump_json(kept).decode())


def _read(connection: Connection) -> dict[str, tuple[int, int]]:
    text = read_setting(connection, _NAME)
    return {} if text is None else _DAYS.validate_json(text)
