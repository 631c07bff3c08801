"""The one way into the journal: for a phone's push, for the server's own hand and for imports.

Reads like the story: lock the school, place every entry in its chain, judge what is next, let
what waited try again, write everything in one transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from ledger.chain import Link
from ledger.keys import Head
from ledger.verdicts import Reason
from ledger.wire.journal import Receipt
from server.journal.arrivals import Arrival, stand_in_id
from server.journal.chains import Chain, Chains, Place, known_rows
from server.journal.counter import Counter, keep_counter, take_counter
from server.journal.judge import Judge, Judgement, because
from server.journal.outcomes import Outcome, keep_outcomes, receipt, receipt_of_row, taken_ids
from server.journal.states import States
from server.journal.waiting import try_again


@dataclass(frozen=True, slots=True)
class Sender:
    """Who the entries really come from: the signed-in device and its person."""

    school: str
    device: str
    actor: str


@dataclass(frozen=True, slots=True)
class Appended:
    receipts: list[Receipt]
    end: Link
    """How far the device's chain is held without a gap."""


class Append:
    """One transaction's work. `settle` after the commit, `States.forget` when there was none."""

    def __init__(
        self, connection: Connection, states: States, school: str, received_at: str
    ) -> None:
        self.connection = connection
        self.received_at = received_at
        self.counter: Counter = take_counter(connection, school)
        self.began_at = self.counter.seq
        self.judge = Judge(connection, states, self.counter)
        self.chains = Chains(connection)

    def add(self, sender: Sender, arrivals: list[Arrival], head: Head | None) -> Appended:
        """Add one device's batch and answer every entry in the order it was sent."""
        known = known_rows(self.connection, sender.device, arrivals)
        chain = self.chains.open(sender.device, known)
        receipts = {row.hash: receipt_of_row(row) for row in known}
        early = self.chains.early(sender.device)
        fresh: dict[str, Arrival] = {}
        for one in arrivals:
            if one.hash not in receipts:
                fresh.setdefault(one.hash, one)
        todo = sorted([*early, *fresh.values()], key=lambda one: one.number)
        outcomes = self._decide(sender, chain, todo)
        outcomes = try_again(self.connection, self.judge, sender.school, outcomes)
        keep_outcomes(self.connection, outcomes, self.received_at)
        self.chains.keep(chain)
        if head is not None and arrivals:
            self.chains.keep_head(head)
        receipts |= {
            one.arrival.hash: receipt(one.arrival.id, one.judgement)
            for one in outcomes
            if one.device == sender.device
        }
        return Appended(
            receipts=[_named(receipts[one.hash], one) for one in arrivals],
            end=chain.end,
        )

    @property
    def grew(self) -> bool:
        """True when other devices have something to pull."""
        return self.counter.seq > self.began_at

    def finish(self) -> None:
        """The last writes of the transaction."""
        self.judge.finish()
        self.chains.finish()
        keep_counter(self.connection, self.counter)

    def _decide(self, sender: Sender, chain: Chain, todo: Sequence[Arrival]) -> list[Outcome]:
        self.judge.prepare(one.entry for one in todo if one.entry is not None)
        taken = taken_ids(self.connection, todo)
        outcomes = []
        for arrival in todo:
            judgement = self._place_and_judge(sender, chain, arrival, taken)
            if judgement.reason is Reason.EARLIER_MISSING and arrival.stored_as:
                continue  # still waiting, as it was
            stored_as = arrival.stored_as or arrival.id
            if not arrival.stored_as and (arrival.entry is None or arrival.id in taken):
                stored_as = stand_in_id(arrival, sender.device)
            taken.add(arrival.id)
            outcomes.append(Outcome(arrival, sender.school, sender.device, stored_as, judgement))
        return outcomes

    def _place_and_judge(
        self, sender: Sender, chain: Chain, arrival: Arrival, taken: set[str]
    ) -> Judgement:
        missing = chain.end.number + 1
        place = chain.place(arrival)
        if place is Place.FORKED:
            return because(Reason.CHAIN_FORKED)
        if place is Place.ADRIFT:
            return because(Reason.UNREADABLE)
        if place is Place.EARLY:
            return because(Reason.EARLIER_MISSING, number=missing)
        if arrival.entry is None:
            return because(Reason.UNREADABLE)
        if arrival.id in taken and not arrival.stored_as:
            return because(Reason.ALREADY_EXISTS)
        return self.judge.judge(arrival.entry, sender.device, sender.actor)


def _named(receipt: Receipt, arrival: Arrival) -> Receipt:
    """The answer under the id its author knows, whatever it is stored as."""
    return receipt if receipt.id == arrival.id else replace(receipt, id=arrival.id)
