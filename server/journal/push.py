"""A device's push: read, check the one signature, append, answer."""

from ledger.keys import head_is_genuine
from ledger.wire import ProblemCode, Push, Pushed
from server.clock import moment
from server.journal.append import Sender
from server.journal.arrivals import read_arrivals
from server.journal.journal import Journal
from server.problems import Refusal


def push(journal: Journal, sender: Sender, public_key: str, message: Push) -> Pushed:
    """The signed head vouches for the whole batch; without it nothing is stored."""
    head = message.head
    if head.device != sender.device or not head_is_genuine(head, public_key):
        raise Refusal(ProblemCode.HEAD_NOT_GENUINE, "the head is not signed by this device")
    arrivals = read_arrivals(message.entries, head)
    if arrivals and (arrivals[-1].number, arrivals[-1].hash) != (head.number, head.hash):
        raise Refusal(ProblemCode.HEAD_NOT_GENUINE, "the head is not that of the last entry")
    with journal.append(sender.school) as work:
        appended = work.add(sender, arrivals, head)
    return Pushed(
        receipts=appended.receipts,
        number=appended.end.number,
        hash=appended.end.hash,
        time=moment(journal.now()),
    )
