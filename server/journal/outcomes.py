"""Verdicts as rows and as receipts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json, to_json
from sqlalchemy import (
    ARRAY,
    Connection,
    String,
    any_,
    bindparam,
    cast,
    func,
    insert,
    select,
    update,
)

from ledger.bulk import insert_rows
from ledger.photos import note_photos
from ledger.tables.journal import ENTRY
from ledger.verdicts import Reason, Verdict
from ledger.wire.journal import Receipt
from server.journal.arrivals import Arrival
from server.journal.chains import release
from server.journal.judge import Judgement
from server.tables import HELD

# Made once, as those of a chain are; each with one parameter instead of hundreds.
_TAKEN_OF_JSON = select(ENTRY.c.id).where(
    ENTRY.c.id.in_(select(func.json_each(bindparam("ids")).table_valued("value").c.value))
)
_TAKEN_OF_ARRAY = select(ENTRY.c.id).where(
    ENTRY.c.id == any_(cast(bindparam("ids"), ARRAY(String)))
)


@dataclass(slots=True)
class Outcome:
    """What became of an arrival in this transaction."""

    arrival: Arrival
    school: str
    device: str
    stored_as: str
    judgement: Judgement


def judgement_of_row(row: Any) -> Judgement:
    return Judgement(
        verdict=Verdict(row.verdict),
        seq=row.seq,
        reason=Reason(row.reason) if row.reason else None,
        remarks={} if row.remarks == "{}" else from_json(row.remarks),
    )


def receipt_of_row(row: Any) -> Receipt:
    """The same answer again."""
    return receipt(row.id, judgement_of_row(row))


def receipt(id: str, judged: Judgement) -> Receipt:
    return Receipt(
        id=id,
        verdict=judged.verdict,
        seq=judged.seq,
        reason=judged.reason,
        remarks=judged.remarks,
    )


def taken_ids(connection: Connection, arrivals: Iterable[Arrival]) -> set[str]:
    """Which of these ids the journal already has, whoever wrote them."""
    ids = [one.id for one in arrivals if not one.stored_as]
    if connection.dialect.name == "postgresql":
        return set(connection.scalars(_TAKEN_OF_ARRAY, {"ids": ids}))
    return set(connection.scalars(_TAKEN_OF_JSON, {"ids": to_json(ids).decode()}))


def keep_outcomes(connection: Connection, outcomes: Sequence[Outcome], received_at: str) -> None:
    """Write every verdict; nothing that came in is left out."""
    new = [_row(one, received_at) for one in outcomes if not one.arrival.stored_as]
    insert_rows(connection, ENTRY, new)
    # Whatever the verdict: a refused entry's photo is evidence too, and its author may send it.
    note_photos(
        connection,
        (
            one.arrival.entry.header
            for one in outcomes
            if one.arrival.entry is not None
            and one.arrival.entry.header.photos
            and one.stored_as == one.arrival.id
            and one.judgement.reason is not Reason.WRONG_SCHOOL
            and one.judgement.reason is not Reason.WRONG_AUTHOR
        ),
    )
    changed = [one for one in outcomes if one.arrival.stored_as]
    if changed:
        statement = update(ENTRY).where(ENTRY.c.id == bindparam("stored_as"))
        connection.execute(
            statement, [{"stored_as": one.stored_as, **_verdict(one)} for one in changed]
        )
        release(connection, [one.stored_as for one in changed])
    held = [_held(one) for one in outcomes if one.judgement.verdict is Verdict.HELD]
    if held:
        connection.execute(insert(HELD), held)


def _verdict(outcome: Outcome) -> dict[str, Any]:
    judged = outcome.judgement
    return {
        "verdict": str(judged.verdict),
        "seq": judged.seq,
        "reason": str(judged.reason) if judged.reason else "",
        "remarks": to_json(judged.remarks).decode() if judged.remarks else "{}",
    }


def _row(outcome: Outcome, received_at: str) -> dict[str, Any]:
    arrival = outcome.arrival
    header = None if arrival.entry is None else arrival.entry.header
    return {
        "id": outcome.stored_as,
        "school": outcome.school,
        "device": outcome.device,
        "number": arrival.number,
        "hash": arrival.hash,
        "kind": header.kind if header else "",
        "subject": header.subject if header else "",
        "scope": header.scope if header else "",
        "actor": header.actor if header else "",
        "at": header.at if header else "",
        "header": arrival.header,
        "body": arrival.body,
        "received_at": received_at,
        **_verdict(outcome),
    }


def _held(outcome: Outcome) -> dict[str, Any]:
    reason = outcome.judgement.reason
    return {
        "id": outcome.stored_as,
        "school": outcome.school,
        "device": outcome.device,
        "number": outcome.arrival.number,
        "reason": reason.value if reason else "",
    }
