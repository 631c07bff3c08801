"""Pushes that wait go together: each still gets its own answer, and one's fault stays its own."""

from typing import Any

import pytest

from ledger.wire.journal import Push
from ledger.wire.problems import ProblemCode
from server.accounts.enrolment import revoke_device
from server.district import District
from server.journal.append import Append, Sender
from server.journal.group_commit import GroupCommit
from server.journal.push import Batch, push, read_push
from server.problems import Refusal
from tests.devices import TestDevice
from tests.server.school import TEACHER, admit


def batch_of(district: District, device: TestDevice, message: Push | None = None) -> Batch:
    sender = Sender(device.school, device.id, device.actor)
    return read_push(district.journal, sender, message or device.push_of())


@pytest.fixture
def crowd(district: District) -> list[TestDevice]:
    devices = [admit(district, TEACHER)[0] for _ in range(4)]
    for device in devices:
        device.check_in("p1")
        device.check_in("p2")
    return devices


@pytest.fixture
def commits(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The `seq` that every transaction began at."""
    began: list[int] = []
    start = Append.__init__

    def note(self: Append, *arguments: Any) -> None:
        start(self, *arguments)
        began.append(self.began_at)

    monkeypatch.setattr(Append, "__init__", note)
    return began


def test_all_that_wait_share_one_transaction_and_each_gets_its_own_receipts(
    district: District, crowd: list[TestDevice], commits: list[int]
) -> None:
    together = GroupCommit(district.journal)
    tickets = [together.join(batch_of(district, device)) for device in crowd]
    answers = [together.turn(ticket) for ticket in tickets]
    assert len(commits) == 1
    for device, answer in zip(crowd, answers, strict=True):
        assert [one.id for one in answer.receipts] == [one.header.id for one in device.entries]
        assert {one.verdict for one in answer.receipts} == {"accepted"}
        assert (answer.number, answer.hash) == (2, device.entries[-1].hash)
    seqs = [one.seq for answer in answers for one in answer.receipts]
    assert seqs == list(range(commits[0] + 1, commits[0] + 9))


def test_the_same_batch_twice_in_a_group_is_stored_once(
    district: District, crowd: list[TestDevice]
) -> None:
    together = GroupCommit(district.journal)
    tickets = [together.join(batch_of(district, crowd[0])) for _ in range(2)]
    first, second = (together.turn(ticket) for ticket in tickets)
    assert first.receipts == second.receipts


def test_a_device_revoked_while_it_waited_is_refused_and_the_others_are_not(
    district: District, crowd: list[TestDevice]
) -> None:
    together = GroupCommit(district.journal)
    tickets = [together.join(batch_of(district, device)) for device in crowd]
    revoke_device(district.journal, crowd[1].id)
    assert together.turn(tickets[0]).number == 2
    with pytest.raises(Refusal) as refused:
        together.turn(tickets[1])
    assert refused.value.problem.code is ProblemCode.DEVICE_REVOKED
    assert [together.turn(ticket).number for ticket in tickets[2:]] == [2, 2]


def test_after_a_group_has_failed_everybody_goes_alone(
    district: District, crowd: list[TestDevice], monkeypatch: pytest.MonkeyPatch
) -> None:
    together = GroupCommit(district.journal)
    tickets = [together.join(batch_of(district, device)) for device in crowd]
    add = Append.add

    def stumble(self: Append, sender: Sender, *rest: Any) -> Any:
        if sender.device == crowd[2].id:
            raise OSError("only this one")
        return add(self, sender, *rest)

    monkeypatch.setattr(Append, "add", stumble)
    with pytest.raises(OSError, match="only this one"):
        together.turn(tickets[0])
    assert together.turn(tickets[1]).number == 2
    with pytest.raises(OSError, match="only this one"):
        together.turn(tickets[2])
    assert together.turn(tickets[3]).number == 2
    assert (
        push(
            district.journal,
            Sender(crowd[0].school, crowd[0].id, crowd[0].actor),
            crowd[0].push_of(),
        ).number
        == 2
    ), "its phone sends again, and nothing of it was half stored"


def test_whoever_has_left_takes_part_in_nothing_and_leaves_nothing_behind(
    district: District, crowd: list[TestDevice]
) -> None:
    together = GroupCommit(district.journal)
    tickets = [together.join(batch_of(district, device)) for device in crowd]
    together.leave(tickets[1])
    assert [together.turn(tickets[place]).number for place in (0, 2, 3)] == [2, 2, 2]
    for ticket in tickets:
        together.leave(ticket)
    assert not together._waiting and not together._answers and not together._alone
    with pytest.raises(KeyError):
        together.turn(tickets[1])
