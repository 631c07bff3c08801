"""What the server itself writes for a school: signed, chained and judged like everything else."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from ledger.entry import Body, Clock, write_entry
from ledger.identifiers import new_id
from ledger.keys import DeviceKey
from ledger.permissions import scope_of
from ledger.verdicts import Verdict
from ledger.wire.journal import Receipt
from server.journal.append import Append, Sender
from server.journal.arrivals import Arrival
from server.journal.people import SERVER_ACTOR
from server.tables import OWN_KEY

ENTRIES_UNDER_ONE_HEAD = 1000


class NotAccepted(Exception):
    """The journal's own rules object to what the server was asked to write."""

    def __init__(self, receipt: Receipt) -> None:
        super().__init__(f"{receipt.reason}: {receipt.remarks}")
        self.receipt = receipt


@dataclass(frozen=True, slots=True)
class Fact:
    kind: str
    subject: str
    body: Body
    photos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnKey:
    device: str
    key: DeviceKey


def make_own_key(connection: Connection, school: str) -> OwnKey:
    own = OwnKey(new_id(), DeviceKey.generate())
    connection.execute(
        insert(OWN_KEY),
        {"school": school, "device": own.device, "private_key": own.key.to_text()},
    )
    return own


def read_own_key(connection: Connection, school: str) -> OwnKey:
    row = connection.execute(select(OWN_KEY).where(OWN_KEY.c.school == school)).one()
    return OwnKey(row.device, DeviceKey.from_text(row.private_key))


def write_as_server(work: Append, facts: Sequence[Fact]) -> None:
    """Append these facts; all of them are accepted, or `NotAccepted` undoes the transaction."""
    school = work.counter.school
    own = read_own_key(work.connection, school)
    for start in range(0, len(facts), ENTRIES_UNDER_ONE_HEAD):
        _write(work, own, facts[start : start + ENTRIES_UNDER_ONE_HEAD])


def _write(work: Append, own: OwnKey, facts: Sequence[Fact]) -> None:
    school = work.counter.school
    end = work.chains.end(own.device)
    work.judge.prepare_subjects(fact.subject for fact in facts)
    number, previous = end.number, end.hash
    arrivals = []
    for fact in facts:
        number += 1
        entry = write_entry(
            kind=fact.kind,
            subject=fact.subject,
            scope=scope_of(fact.kind, school, fact.subject, fact.body),
            school=school,
            actor=SERVER_ACTOR,
            device=own.device,
            number=number,
            previous=previous,
            at=work.received_at,
            clock=Clock(uptime=0.0, server=work.received_at, offset=0.0),
            body=fact.body,
            seen=work.judge.seen(fact.subject),
            photos=fact.photos,
        )
        previous = entry.hash
        arrivals.append(Arrival.of(entry))
    head = own.key.sign_head(own.device, number, previous, work.received_at)
    appended = work.add(Sender(school, own.device, SERVER_ACTOR), arrivals, head)
    for receipt in appended.receipts:
        if receipt.verdict is not Verdict.ACCEPTED:
            raise NotAccepted(receipt)
