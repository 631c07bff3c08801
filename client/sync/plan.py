"""What to do next, as a pure function of what is known. Other modules do it."""

from dataclasses import dataclass, replace

from ledger.wire.journal import PUSH_LIMIT_ENTRIES

PUSH_ENTRIES = 1000
"""Big batches: on a slow link each costs a round trip in which nothing else moves."""
SMALLEST_AFTER_CUT = 50
"""Below this a cut is not the batch's fault."""


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
    fresh: bool = False
    """Nothing was ever read from the server."""
    pulled_all: bool = False
    inherited: int = 0
    """Unanswered entries under this device's former ids."""
    batch: int = PUSH_ENTRIES
    in_doubt: bool = False
    """Something of this device's own chain was lost here."""


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
class PullOpen:
    """Get what is open and due today, so that the person can begin."""


@dataclass(frozen=True, slots=True)
class TakeBackOwn:
    """Ask what the server holds of this device's own entries, before anything is numbered on."""


@dataclass(frozen=True, slots=True)
class PullNews:
    """Get what others wrote."""


@dataclass(frozen=True, slots=True)
class CarryOver:
    """Write anew what was left unsent under former ids."""


@dataclass(frozen=True, slots=True)
class Rest:
    """Nothing to do."""


Step = PushPending | SendAgain | TakeBackOwn | PullOpen | PullNews | CarryOver | Rest


def next_step(known: Known) -> Step:
    """Own entries first, they are what can be lost; then what is open; then what others wrote.

    A device that the server knows more of than it does itself has lost some, whether it noticed
    or not.
    """
    if known.in_doubt or (known.held_by_server or 0) > known.written:
        return TakeBackOwn()
    answered = known.first_pending - 1 if known.pending else known.written
    if known.held_by_server is not None and known.held_by_server < answered:
        return SendAgain(known.held_by_server + 1, known.batch)
    if known.pending:
        return PushPending(known.batch)
    if known.fresh:
        return PullOpen()
    if not known.pulled_all:
        return PullNews()
    # Only now: what had arrived under a former id has come back with the news.
    if known.inherited:
        return CarryOver()
    return Rest()


def halved(known: Known) -> Known:
    """After "too large": try half. Stays at one, which any server takes."""
    return replace(known, batch=max(1, min(known.batch, PUSH_LIMIT_ENTRIES) // 2))


def after_cut(batch: int) -> int:
    """The batch for the next try over a line that broke under this one: so that a line which
    never holds long enough for much gets something through at last."""
    return batch if batch <= SMALLEST_AFTER_CUT else max(SMALLEST_AFTER_CUT, batch // 2)


def after_success(batch: int) -> int:
    """The batch for the next run after one that went through."""
    return min(PUSH_ENTRIES, batch * 2)
