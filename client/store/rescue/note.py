"""What a rescue found, kept until the person has read it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from pydantic import TypeAdapter
from sqlalchemy import Connection, select

from client.store.identity import read_setting, write_setting
from ledger.tables.journal import ENTRY
from ledger.verdicts import Verdict

NOTE = "rescue"
CHAIN = "chain"


class ChainState(StrEnum):
    """May this device go on numbering its entries?"""

    SOUND = "sound"
    IN_DOUBT = "in_doubt"
    """Something of it was lost here: the server is asked what it holds before anything is sent."""
    BROKEN = "broken"
    """It can't go on: what is unsent is written anew under a new key."""


@dataclass(frozen=True, slots=True)
class Missing:
    """Own entries `first` to `last` are not here. `after` and `before` are when the ones around
    them were written, device clock, ISO 8601; empty where there is none."""

    first: int
    last: int
    after: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class RescueNote:
    at: str
    """When, ISO 8601."""
    rescued: int
    """Records of everybody that are here again."""
    own: int
    unsent: int
    """Own ones among them that the server had not answered for."""
    backup: str = ""
    """When the backup was made that helped; empty without one."""
    missing: tuple[Missing, ...] = ()
    settled: bool = False
    """The server was asked since, and what it had of them is back."""
    renewed: bool = False
    """The rest was written anew under a new key."""
    put_aside: str = ""
    """The name of the damaged file, kept unchanged."""


_NOTE = TypeAdapter(RescueNote)


def read_note(connection: Connection) -> RescueNote | None:
    text = read_setting(connection, NOTE)
    return None if text is None else _NOTE.validate_json(text)


def write_note(connection: Connection, note: RescueNote | None) -> None:
    """None: the person has read it."""
    write_setting(connection, NOTE, None if note is None else _NOTE.dump_json(note).decode())


def chain_state(connection: Connection) -> ChainState:
    text = read_setting(connection, CHAIN)
    return ChainState(text) if text in set(ChainState) else ChainState.SOUND


def set_chain_state(connection: Connection, state: ChainState) -> None:
    write_setting(connection, CHAIN, None if state is ChainState.SOUND else state.value)


def missing_of(connection: Connection, device: str, known_up_to: int) -> tuple[Missing, ...]:
    """The gaps in a device's own entries, up to the largest number there ever was as far as
    anything says. What retention has removed from the beginning is no gap."""
    rows = connection.execute(
        select(ENTRY.c.number, ENTRY.c.at).where(ENTRY.c.device == device).order_by(ENTRY.c.number)
    ).all()
    return tuple(_gaps([(row.number, row.at) for row in rows], known_up_to))


def _gaps(rows: list[tuple[int, str]], known_up_to: int) -> Iterable[Missing]:
    before: tuple[int, str] | None = None
    for number, at in rows:
        if before is not None and number > before[0] + 1:
            yield Missing(before[0] + 1, number - 1, before[1], at)
        before = (number, at)
    last, at = before or (0, "")
    if known_up_to > last:
        yield Missing(last + 1, known_up_to, at)


def settle_note(connection: Connection, device: str, *, renewed: bool = False) -> None:
    """The server has given back what it had: say what is still missing."""
    note = read_note(connection)
    if note is None:
        return
    last = max((one.last for one in note.missing), default=0)
    still = missing_of(connection, device, last)
    write_note(connection, replace(note, missing=still, settled=True, renewed=renewed))


def unsent_of(connection: Connection, device: str) -> int:
    return len(
        connection.scalars(
            select(ENTRY.c.id).where(
                ENTRY.c.device == device, ENTRY.c.verdict == Verdict.PENDING.value
            )
        ).all()
    )
