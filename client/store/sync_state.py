"""What the sync writes down for the screens and for its own next start."""

from dataclasses import dataclass, replace

from pydantic import TypeAdapter
from sqlalchemy import Connection

from client.store.identity import read_setting, write_setting
from client.store.sync_views import Reach

PROBLEMS_KEPT = 5


@dataclass(frozen=True, slots=True)
class SyncState:
    """All times are the device's, ISO 8601; empty for never."""

    reach: Reach = Reach.NEVER
    since: str = ""
    last_complete: str = ""
    paused: bool = False
    """The person has stopped the sync until they say otherwise."""
    problem: str = ""
    confirmed: int = 0
    """The server's word: it holds this device's entries without a gap up to here …"""
    confirmed_hash: str = ""
    """… and the last of them has this hash …"""
    confirmed_at: str = ""
    """… as it said then, newly."""
    disputed: bool = False
    """Our own chain has another hash there, or does not reach that far."""
    dismissed: int = 0
    """Refused entries up to this number were put aside by the person …"""
    refused_late: tuple[str, ...] = ()
    """… but for these, which were refused after that, or under a former id of this device."""
    photos_wait_for_wifi: bool = False
    problems: tuple[tuple[str, str], ...] = ()
    """The last ones, newest first: when, and the key of the sentence."""


_STATE = TypeAdapter(SyncState)


def read_sync_state(connection: Connection) -> SyncState:
    text = read_setting(connection, "sync")
    return SyncState() if text is None else _STATE.validate_json(text)


def write_sync_state(connection: Connection, state: SyncState) -> None:
    write_setting(connection, "sync", _STATE.dump_json(state).decode())


def change_sync_state(connection: Connection, **fields: object) -> SyncState:
    """Change these fields only; returns the new state."""
    state = replace(read_sync_state(connection), **fields)  # type: ignore[arg-type]
    write_sync_state(connection, state)
    return state


def note_problem(state: SyncState, at: str, word: str) -> tuple[tuple[str, str], ...]:
    """The last problems with this one; the same one again only moves its time."""
    others = tuple(one for one in state.problems if one[1] != word)
    return ((at, word), *others)[:PROBLEMS_KEPT]
