"""A hazard's life as one table: what may be written in which state, by whom, and what follows.

In the words of a school's office: 登记 → 定级 → 交办 → 整改 → 复查验收 or 退回 → 销号.
"""

from dataclasses import dataclass
from enum import StrEnum

from ledger.entry import Body
from ledger.rules.hazards import bodies
from ledger.rules.rule import Role


class HazardState(StrEnum):
    REGISTERED = "registered"
    """已登记: waits to be graded."""
    GRADED = "graded"
    """已定级: waits to be assigned."""
    ASSIGNED = "assigned"
    """整改中: with the responsible person."""
    RECTIFIED = "rectified"
    """待验收: waits for somebody else to look."""
    RETURNED = "returned"
    """已退回: with the responsible person again."""
    ACCEPTED = "accepted"
    """已验收: waits to be closed."""
    CLOSED = "closed"
    """已销号."""
    FIXED = "fixed"
    """立行立改: done on the spot by its finder; somebody who decides can still return it."""


class By(StrEnum):
    """Who of those whose role may write the kind at all."""

    ANYBODY = "anybody"
    RESPONSIBLE = "responsible"
    """The responsible person."""
    RESPONSIBLE_OR_DECIDER = "responsible_or_decider"
    NOT_THE_RECTIFIER = "not_the_rectifier"
    """Nobody accepts their own work."""
    AUTHOR = "author"
    """Who wrote the last step."""
    NOT_THE_RESPONSIBLE = "not_the_responsible"
    """Nobody grants their own extension."""


@dataclass(frozen=True, slots=True)
class Move:
    """One line of the table."""

    kind: str
    body: type[Body]
    writers: frozenset[Role]
    by: By
    begins: frozenset[HazardState]
    """The states it may be written in; empty for the first entry."""
    leads_to: HazardState | None
    """None leaves the state as it is. What was fixed on the spot begins as FIXED, or as
    RECTIFIED when it is major: somebody else looks at that."""
    decides: bool = False
    """A decision is a proposal while offline: who decided first is right."""


_R, _G, _A = HazardState.REGISTERED, HazardState.GRADED, HazardState.ASSIGNED
_D, _B, _V, _C = (
    HazardState.RECTIFIED,
    HazardState.RETURNED,
    HazardState.ACCEPTED,
    HazardState.CLOSED,
)
_F = HazardState.FIXED
DONE = frozenset({_C, _F})
OPEN = frozenset(HazardState) - DONE
_WORKING = frozenset({_A, _B})
STAFF = frozenset(Role) - {Role.SERVER, Role.DISTRICT_OFFICER}
DECIDERS = frozenset({Role.SAFETY_OFFICER, Role.PRINCIPAL})
_SERVER, _ANY = frozenset({Role.SERVER}), frozenset(HazardState)

# fmt: off
TABLE: tuple[Move, ...] = (
    #    what                           body                      whose role  who of them                begins in                  leads to  decides
    Move("hazard.reported",            bodies.HazardReported,     STAFF,    By.ANYBODY,                frozenset(),               _R),
    Move("hazard.graded",              bodies.HazardGraded,       DECIDERS, By.ANYBODY,                frozenset({_R, _G}),       _G,    True),
    Move("hazard.protected",           bodies.HazardProtected,    STAFF,    By.RESPONSIBLE_OR_DECIDER, OPEN,                      None),
    Move("hazard.assigned",            bodies.HazardAssigned,     DECIDERS, By.ANYBODY,                frozenset({_G, _A, _B}),   _A,    True),
    Move("hazard.acknowledged",        bodies.HazardAcknowledged, STAFF,    By.RESPONSIBLE,            _WORKING,                  None),
    Move("hazard.rectified",           bodies.HazardRectified,    STAFF,    By.RESPONSIBLE,            _WORKING,                  _D),
    Move("hazard.accepted",            bodies.HazardAccepted,     DECIDERS, By.NOT_THE_RECTIFIER,      frozenset({_D}),           _V,    True),
    Move("hazard.returned",            bodies.HazardReturned,     DECIDERS, By.ANYBODY,                frozenset({_D, _V, _F}),   _B,    True),
    Move("hazard.closed",              bodies.HazardClosed,       DECIDERS, By.ANYBODY,                frozenset({_V}),           _C,    True),
    Move("hazard.reopened",            bodies.HazardReopened,     DECIDERS, By.ANYBODY,                frozenset({_C}),           _G,    True),
    Move("hazard.commented",           bodies.HazardCommented,    STAFF,    By.ANYBODY,                frozenset(HazardState),    None),
    Move("hazard.withdrawn",           bodies.HazardWithdrawn,    STAFF,    By.AUTHOR,                 frozenset(HazardState),    None),
    Move("hazard.extension_asked",     bodies.ExtensionAsked,     STAFF,    By.RESPONSIBLE,            _WORKING,                  None),
    Move("hazard.extension_granted",   bodies.ExtensionGranted,   DECIDERS, By.NOT_THE_RESPONSIBLE,    _WORKING,                  None,  True),
    Move("hazard.extension_declined",  bodies.ExtensionDeclined,  DECIDERS, By.ANYBODY,                _WORKING,                  None,  True),
    Move("hazard.overdue_explained",   bodies.OverdueExplained,   STAFF,    By.RESPONSIBLE_OR_DECIDER, frozenset({_G, _A, _B, _D}), None),
    # Written by the server's own hand: what the district's officer said of it, and never refused.
    Move("hazard.supervised",          bodies.HazardSupervised,   _SERVER,  By.ANYBODY,                _ANY,                      None),
    Move("hazard.supervision_lifted",  bodies.HazardSupervisionLifted, _SERVER, By.ANYBODY,            _ANY,                      None),
    Move("hazard.notified",            bodies.HazardNotified,     _SERVER,  By.ANYBODY,                _ANY,                      None),
)
# fmt: on
MOVES: dict[str, Move] = {move.kind: move for move in TABLE}
WAITS_FOR_DECISION = frozenset({_R, _G, _D, _V})
"""States in which the next step is a decider's."""
