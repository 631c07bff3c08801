"""Pushes that wait for the writer go into one transaction together: group commit.

When a school's phones come back in the same minute, each push alone would pay for a commit, and
for writing the records of the round that all of them walked.
"""

from itertools import count
from threading import Lock

from ledger.wire.journal import Pushed
from server.journal.journal import Journal
from server.journal.push import Batch, push_together
from server.problems import Refusal

ENTRIES_TOGETHER = 1000
"""So that nobody waits long because of others."""


class GroupCommit:
    """Batches take a ticket from any thread, and their turns on the one that writes."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._tickets = count()
        self._waiting: dict[int, Batch] = {}
        self._answers: dict[int, Pushed | Refusal] = {}
        self._alone: set[int] = set()
        """Were in a group that failed: one of it may be the reason."""
        self._lock = Lock()

    def join(self, batch: Batch) -> int:
        """The batch's ticket."""
        ticket = next(self._tickets)
        with self._lock:
            self._waiting[ticket] = batch
        return ticket

    def turn(self, ticket: int) -> Pushed:
        """The answer for this ticket's batch; others that wait may be appended along with it.

        Raises `Refusal`.
        """
        answer = self._answers.get(ticket)
        if answer is None:
            group = self._group(ticket)
            self._alone.update(group)
            answers = push_together(self._journal, list(group.values()))
            self._alone.difference_update(group)
            answer = answers[0]
            with self._lock:
                for one, said in zip(group, answers, strict=True):
                    if self._waiting.pop(one, None) is not None:
                        self._answers[one] = said
        if isinstance(answer, Refusal):
            raise answer
        return answer

    def leave(self, ticket: int) -> None:
        """Nobody waits for this answer any more."""
        with self._lock:
            self._waiting.pop(ticket, None)
        self._answers.pop(ticket, None)
        self._alone.discard(ticket)

    def _group(self, ticket: int) -> dict[int, Batch]:
        """This ticket's batch, and in their order those that may go with it."""
        with self._lock:
            own = self._waiting[ticket]
            waiting = list(self._waiting.items())
        group, entries = {ticket: own}, len(own.arrivals)
        if ticket in self._alone:
            return group
        for other, batch in waiting:
            if other == ticket or other in self._alone or batch.sender.school != own.sender.school:
                continue
            entries += len(batch.arrivals)
            if entries > ENTRIES_TOGETHER:
                break
            group[other] = batch
        return group
