"""A device's push: read, check the one signature, append, answer."""

from sqlalchemy import Connection, select

from ledger.keys import head_is_genuine
from ledger.wire import ProblemCode, Push, Pushed
from server.accounts.sign_in import unknown_device
from server.clock import moment
from server.journal.append import Sender
from server.journal.arrivals import read_arrivals
from server.journal.journal import Journal
from server.problems import Refusal
from server.tables import DEVICE


def device_key(connection: Connection, device: str) -> str:
    """The public key of a device that may write."""
    row = connection.execute(
        select(DEVICE.c.public_key, DEVICE.c.revoked_at).where(DEVICE.c.id == device)
    ).one_or_none()
    if row is None:
        raise unknown_device()
    if row.revoked_at is not None:
        raise Refusal(ProblemCode.DEVICE_REVOKED)
    return row.public_key


def push(journal: Journal, sender: Sender, message: Push) -> Pushed:
    """The signed head vouches for the whole batch; without it nothing is stored."""
    head = message.head
    with journal.database.read() as connection:
        public_key = device_key(connection, sender.device)
    if head.device != sender.device or not head_is_genuine(head, public_key):
        raise Refusal(ProblemCode.HEAD_NOT_GENUINE, "the head is not signed by this device")
    arrivals = read_arrivals(message.entries, head)
    if arrivals and (arrivals[-1].number, arrivals[-1].hash) != (head.number, head.hash):
        raise Refusal(ProblemCode.HEAD_NOT_GENUINE, "the head is not that of the last entry")
    with journal.append(sender.school) as work:
        # Once more under the school's lock: it may have been revoked just now.
        device_key(work.connection, sender.device)
        appended = work.add(sender, arrivals, head)
    return Pushed(
        receipts=appended.receipts,
        number=appended.end.number,
        hash=appended.end.hash,
        time=moment(journal.now()),
    )
