"""A device's push: read, check the one signature, append, answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from ledger.abridged import restore
from ledger.keys import Head, head_is_genuine
from ledger.wire.journal import Push, Pushed
from ledger.wire.problems import ProblemCode
from server.accounts.sign_in import unknown_device
from server.clock import moment
from server.journal.append import Sender
from server.journal.arrivals import Arrival, read_arrivals
from server.journal.journal import Journal
from server.problems import Refusal
from server.tables import DEVICE

_KEY = select(DEVICE.c.public_key, DEVICE.c.revoked_at).where(DEVICE.c.id == bindparam("of_device"))
_WRITING = select(DEVICE.c.id, DEVICE.c.revoked_at).where(
    DEVICE.c.id.in_(bindparam("of_devices", expanding=True))
)


def device_key(connection: Connection, device: str) -> str:
    """The public key of a device that may write. Raises `Refusal`."""
    row = connection.execute(_KEY, {"of_device": device}).one_or_none()
    if row is None:
        raise unknown_device()
    _check_writes(device, {device: row.revoked_at})
    return row.public_key


def _check_writes(device: str, revoked_at: Mapping[str, str | None]) -> None:
    if device not in revoked_at:
        raise unknown_device()
    if revoked_at[device] is not None:
        raise Refusal(ProblemCode.DEVICE_REVOKED)


@dataclass(frozen=True, slots=True)
class Batch:
    """What one device sent, vouched for by its genuine head."""

    sender: Sender
    arrivals: list[Arrival]
    head: Head


def push(journal: Journal, sender: Sender, message: Push) -> Pushed:
    """The signed head vouches for the whole batch; without it nothing is stored."""
    answer = push_together(journal, [read_push(journal, sender, message)])[0]
    if isinstance(answer, Refusal):
        raise answer
    return answer


def read_push(journal: Journal, sender: Sender, message: Push) -> Batch:
    """All that can be done without the school's lock. Raises `Refusal`."""
    head = message.head
    with journal.database.read() as connection:
        public_key = device_key(connection, sender.device)
    if head.device != sender.device or not head_is_genuine(head, public_key):
        raise Refusal(ProblemCode.HEAD_NOT_GENUINE, "the head is not signed by this device")
    entries = restore(message.entries) if message.abridged else message.entries
    arrivals = read_arrivals(entries, head)
    if arrivals and (arrivals[-1].number, arrivals[-1].hash) != (head.number, head.hash):
        raise Refusal(ProblemCode.HEAD_NOT_GENUINE, "the head is not that of the last entry")
    return Batch(sender, arrivals, head)


def push_together(journal: Journal, batches: Sequence[Batch]) -> list[Pushed | Refusal]:
    """Append batches of one school in one transaction; an answer for each, in their order."""
    answers: list[Pushed | Refusal] = []
    devices = [one.sender.device for one in batches]
    with journal.append(batches[0].sender.school) as work:
        # Once more under the school's lock: one may have been revoked just now.
        found = work.connection.execute(_WRITING, {"of_devices": devices})
        revoked_at = {row.id: row.revoked_at for row in found}
        work.chains.expect(devices)
        for one in batches:
            try:
                _check_writes(one.sender.device, revoked_at)
            except Refusal as refusal:
                answers.append(refusal)
                continue
            appended = work.add(one.sender, one.arrivals, one.head)
            answers.append(
                Pushed(
                    receipts=appended.receipts,
                    number=appended.end.number,
                    hash=appended.end.hash,
                    time=moment(journal.now()),
                )
            )
    return answers
