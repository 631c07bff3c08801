"""What to do next, as a pure function of what is known. Other modules do it."""

from dataclasses import dataclass, replace

from ledger.wire import PUSH_LIMIT_ENTRIES

PUSH_ENTRIES = 500


@dataclass(frozen=True, slots=True)
class Known:
    """What one run of the sync knows so far."""

    pending: int
    """Own entries the server has not answered for."""
    first_pending: int
    """The number of the oldest of them; 0 when there are none."""
    written: int
    """The number of the newest own entry."""
    held_by_server: int | None = None
    """How far the server says it holds this device's entries; None before it said so."""
    pulled_all: bool = False
    batch: int = PUSH_ENTRIES


@dataclass(frozen=True, slots=True)
class PushPending:
    """Send the oldest unanswered entries."""

    limit: int


@dataclass(frozen=True, slots=True)
class SendAgain:
    """The server has lost entries it once answered for (a restored backup): send from here."""

    number: int
    limit: int


@dataclass(frozen=True, slots=True)
class PullNews:
    """Get what others wrote."""


@dataclass(frozen=True, slots=True)
class Rest:
    """Nothing to do."""


Step = PushPending | SendAgain | PullNews | Rest


def next_step(known: Known) -> Step:
    """Own entries first, they are what can be lost; then what others wrote."""
    answered = known.first_pending - 1 if known.pending else known.written
    if known.held_by_server is not None and known.held_by_server < answered:
        return SendAgain(known.held_by_server + 1, known.batch)
    if known.pending:
        return PushPending(known.batch)
    if not known.pulled_all:
        return PullNews()
    return Rest()


def halved(known: Known) -> Known:
    """After "too large": try half. Stays at one, which any server takes."""
    return replace(known, batch=max(1, min(known.batch, PUSH_LIMIT_ENTRIES) // 2))
