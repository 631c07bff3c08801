"""Entries that waited are judged again when what they waited for has come."""

from collections.abc import Iterable

from sqlalchemy import Connection, select

from ledger.tables.journal import ENTRY
from ledger.verdicts import Reason, Verdict
from server.journal.chains import stored_arrival
from server.journal.judge import Judge
from server.journal.outcomes import Outcome, judgement_of_row
from server.tables import HELD


def try_again(
    connection: Connection, judge: Judge, school: str, outcomes: list[Outcome]
) -> list[Outcome]:
    """`outcomes` with those of entries that this transaction set free, as long as there are any."""
    while reasons := judge.take_news():
        outcomes = judge_waiting(connection, judge, school, reasons, outcomes)
    return outcomes


def judge_waiting(
    connection: Connection,
    judge: Judge,
    school: str,
    reasons: Iterable[Reason],
    outcomes: list[Outcome],
) -> list[Outcome]:
    """Judge once more what waits for one of `reasons`, each device's entries in their order."""
    wanted = set(reasons)
    by_id = {one.stored_as: one for one in outcomes}
    for stored in _waiting_rows(connection, school, wanted):
        by_id.setdefault(stored.stored_as, stored)
    candidates = [
        one
        for one in by_id.values()
        if one.judgement.verdict is Verdict.HELD and one.judgement.reason in wanted
    ]
    judge.prepare(one.arrival.entry for one in candidates if one.arrival.entry is not None)
    changed = {one.stored_as for one in outcomes}
    for one in candidates:
        entry = one.arrival.entry
        if entry is None:
            continue
        # Its author was checked when it came in: only an entry of that device's own can wait.
        judgement = judge.judge(entry, one.device, entry.header.actor)
        if judgement != one.judgement:
            one.judgement = judgement
            changed.add(one.stored_as)
    return [one for one in by_id.values() if one.stored_as in changed]


def _waiting_rows(
    connection: Connection, school: str, reasons: Iterable[Reason]
) -> Iterable[Outcome]:
    rows = connection.execute(
        select(ENTRY)
        .join(HELD, HELD.c.id == ENTRY.c.id)
        .where(HELD.c.school == school, HELD.c.reason.in_([one.value for one in reasons]))
        .order_by(ENTRY.c.received_at, ENTRY.c.device, ENTRY.c.number)
    )
    for row in rows.all():
        judgement = judgement_of_row(row)
        yield Outcome(stored_arrival(row), school, row.device, row.id, judgement)
