"""How far the runs of the sync that are under way have come, for the screens.

Nothing hangs on it: it is gone when a run ends, and forgotten when the app starts.
"""

from collections.abc import Iterable

from pydantic import TypeAdapter
from sqlalchemy import Connection

from client.store.identity import read_setting, write_setting
from client.store.sync_views import Moving, ProgressView

RUNS = (Moving.RECORDS, Moving.NEWS, Moving.PHOTOS)
"""What the sync moves."""
_PROGRESS = TypeAdapter(ProgressView)


def read_progress(connection: Connection) -> ProgressView | None:
    """What is shown of it: records before news, and photos last."""
    for moving in RUNS:
        text = read_setting(connection, _name(moving))
        if text is not None:
            return _PROGRESS.validate_json(text)
    return None


def write_progress(connection: Connection, progress: ProgressView) -> None:
    write_setting(connection, _name(progress.moving), _PROGRESS.dump_json(progress).decode())


def forget_progress(connection: Connection, movings: Iterable[Moving] = RUNS) -> None:
    """Nothing of these is under way."""
    for moving in movings:
        write_setting(connection, _name(moving), None)


def _name(moving: Moving) -> str:
    return f"progress.{moving.value}"
