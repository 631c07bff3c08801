"""A run of the sync against a server that does not behave: it stops, says so, and loses nothing."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import pytest

from client.gateway.errors import GatewayError, Refused, TooMuchForProxy, Unreachable
from client.gateway.gateway import Gateway
from client.store.errors import NotGenuine
from client.store.queue import held, own_entries
from client.store.store import Store
from client.sync.enrol import become
from client.sync.pull import WAITING_AT_ONCE
from client.sync.run import StoppedShort, Superseded, run_once
from ledger.abridged import restore
from ledger.clock import Contact, Stamp
from ledger.entry import digest, read_entry
from ledger.identifiers import new_id
from ledger.keys import DeviceKey, Head
from ledger.verdicts import Reason, Verdict
from ledger.wire.journal import OwnAsked, OwnEntry, OwnHeld, Pull, Pulled, Push, Pushed, Receipt
from ledger.wire.problems import Problem, ProblemCode
from tests.client.store.office import SCOPE, SEVEN, Office, check_in, stamp

NOW = SEVEN.isoformat()
KEY = DeviceKey.generate()


class Clock:
    def stamp(self) -> Stamp:
        return stamp()

    def meet(self, server: str) -> Contact:
        return Contact(server, 0.0, "boot", 0.0)


class Server:
    """Accepts what it is sent, in memory; tests bend it."""

    def __init__(self, office: Office) -> None:
        self.seq = office.seq
        self.held: dict[int, str] = {}
        self.given: dict[int, OwnEntry] = {}
        self.heads: list[Head] = []
        self.pushes: list[int] = []
        self.pulls = 0
        self.asked: list[Pull] = []
        self.verdict = Verdict.ACCEPTED
        self.largest = 1000
        self.too_large: GatewayError = Refused(Problem(code=ProblemCode.TOO_LARGE))
        self.bend_pushed: Callable[[Pushed], Pushed] = lambda answer: answer
        self.bend_own: Callable[[OwnHeld], OwnHeld] = lambda answer: answer
        self.bend_pulled: Callable[[Pulled], Pulled] = lambda answer: answer
        self.fail: list[Exception] = []

    @property
    def number(self) -> int:
        number = 0
        while number + 1 in self.held:
            number += 1
        return number

    async def push(self, batch: Push) -> Pushed:
        self.pushes.append(len(batch.entries))
        if len(batch.entries) > self.largest:
            raise self.too_large
        receipts = []
        first = batch.head.number - len(batch.entries) + 1
        entries = restore(batch.entries) if batch.abridged else batch.entries
        for number, one in enumerate(entries, start=first):
            self.held[number] = digest(one.header.encode())
            receipts.append(self._receipt(read_entry(one.header.encode(), None).header.id))
            self.given[number] = OwnEntry(header=one.header, body=one.body, receipt=receipts[-1])
        self.heads.append(batch.head)
        if self.fail:
            raise self.fail.pop()
        answer = Pushed(
            receipts=receipts, number=self.number, hash=self.held.get(self.number, ""), time=NOW
        )
        return self.bend_pushed(answer)

    async def own(self, request: OwnAsked) -> OwnHeld:
        answer = OwnHeld(
            entries=[self.given[number] for number in sorted(self.given) if number > request.after],
            heads=self.heads,
            more=False,
            number=self.number,
            hash=self.held.get(self.number, ""),
            time=NOW,
        )
        return self.bend_own(answer)

    def _receipt(self, id: str) -> Receipt:
        if self.verdict is Verdict.ACCEPTED:
            self.seq += 1
            return Receipt(id=id, verdict=Verdict.ACCEPTED, seq=self.seq)
        return Receipt(id=id, verdict=self.verdict, reason=Reason.EARLIER_MISSING)

    async def pull(self, request: Pull) -> Pulled:
        self.pulls += 1
        self.asked.append(request)
        receipts = []
        if self.verdict is Verdict.ACCEPTED:
            receipts = [self._receipt(id) for id in request.waiting]
        answer = Pulled(
            entries=[],
            heads=[],
            cursors={SCOPE: self.seq},
            more=False,
            receipts=receipts,
            number=self.number,
            hash=self.held.get(self.number, ""),
            time=NOW,
        )
        return self.bend_pulled(answer)


@pytest.fixture
def server(store: Store, office: Office) -> Server:
    return Server(office)


async def run(store: Store, server: Server, office: Office) -> Any:
    gateway = cast(Gateway, server)
    return await run_once(store, gateway, office.identity, KEY, Clock(), lambda time: None)


async def write(store: Store, office: Office, many: int) -> None:
    def work(connection: Any) -> None:
        for _ in range(many):
            check_in(connection, office, "p1")

    await store.write(work)


async def pending(store: Store, office: Office) -> int:
    return (await store.read(lambda c: own_entries(c, office.identity))).pending


async def test_all_is_sent_and_answered(store: Store, server: Server, office: Office) -> None:
    await write(store, office, 7)
    finished = await run(store, server, office)
    assert finished.held_by_server == 7
    assert await pending(store, office) == 0
    assert server.pushes == [7]
    assert server.pulls == 1


@pytest.mark.parametrize(
    "said", [Refused(Problem(code=ProblemCode.TOO_LARGE)), TooMuchForProxy("HTTP 413")]
)
async def test_what_is_too_large_is_sent_in_halves(
    store: Store, server: Server, office: Office, said: GatewayError
) -> None:
    await write(store, office, 7)
    server.largest, server.too_large = 2, said
    await run(store, server, office)
    assert max(server.pushes[-3:]) <= 2
    server.largest = 0
    await write(store, office, 1)
    with pytest.raises(type(said)):
        await run(store, server, office)
    assert await pending(store, office) == 1


async def test_an_answer_that_was_lost_is_asked_for_again(
    store: Store, server: Server, office: Office
) -> None:
    await write(store, office, 3)
    server.fail = [Unreachable("the line broke after the server had committed")]
    with pytest.raises(Unreachable):
        await run(store, server, office)
    assert await pending(store, office) == 3
    await run(store, server, office)
    assert await pending(store, office) == 0


async def test_a_server_restored_from_a_backup_gets_everything_again(
    store: Store, server: Server, office: Office
) -> None:
    await write(store, office, 5)
    await run(store, server, office)
    server.held = {1: server.held[1], 2: server.held[2]}
    await run(store, server, office)
    assert sorted(server.held) == [1, 2, 3, 4, 5]


async def test_a_restored_server_that_takes_only_small_batches(
    store: Store, server: Server, office: Office
) -> None:
    await write(store, office, 5)
    await run(store, server, office)
    server.held, server.largest = {}, 2
    await run(store, server, office)
    assert sorted(server.held) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("many", [1, 5])
async def test_a_server_that_answers_for_nothing_is_not_asked_for_ever(
    store: Store, server: Server, office: Office, many: int
) -> None:
    await write(store, office, many)
    server.bend_pushed = lambda answer: answer.model_copy(update={"receipts": []})
    with pytest.raises(StoppedShort):
        await run(store, server, office)
    assert await pending(store, office) == many
    assert len(server.pushes) < 5


async def test_a_server_that_answers_for_some_is_asked_for_the_rest(
    store: Store, server: Server, office: Office
) -> None:
    await write(store, office, 4)
    server.bend_pushed = lambda answer: answer.model_copy(update={"receipts": answer.receipts[:1]})
    await run(store, server, office)
    assert await pending(store, office) == 0


async def test_a_server_that_forgets_at_once_is_not_sent_to_for_ever(
    store: Store, server: Server, office: Office
) -> None:
    await write(store, office, 3)
    server.bend_pushed = lambda answer: answer.model_copy(update={"number": 0})
    with pytest.raises(StoppedShort):
        await run(store, server, office)
    assert len(server.pushes) < 5


async def test_all_that_the_server_holds_back_is_asked_about_a_message_at_a_time(
    store: Store, server: Server, office: Office
) -> None:
    """A month at points that nobody has entered yet: no answer may be left out for their number."""
    many = 2 * WAITING_AT_ONCE + 5
    await write(store, office, many)
    server.verdict = Verdict.HELD
    await run(store, server, office)
    server.asked = []
    await run(store, server, office)
    asked = [id for one in server.asked for id in one.waiting]
    assert len(asked) == len(set(asked)) == many
    assert all(list(one.reasons) == one.waiting for one in server.asked)
    assert max(len(one.model_dump_json()) for one in server.asked) < 64 * 1024
    server.verdict = Verdict.ACCEPTED
    await run(store, server, office)
    assert await store.read(lambda c: held(c, office.identity)) == {}
    server.asked = []
    await run(store, server, office)
    assert [one.waiting for one in server.asked] == [[]]


async def test_a_server_that_always_has_more_and_nothing_new_is_not_asked_for_ever(
    store: Store, server: Server, office: Office
) -> None:
    server.bend_pulled = lambda answer: answer.model_copy(update={"more": True})
    with pytest.raises((StoppedShort, GatewayError)):
        await run(store, server, office)
    assert server.pulls < 10


async def test_what_does_not_verify_stops_the_run_after_own_entries_are_safe(
    store: Store, server: Server, office: Office
) -> None:
    await write(store, office, 2)
    office.walk("p2")
    bad = office.answer()
    news = [bad.entries[0].model_copy(update={"body": "{}"})]
    server.bend_pulled = lambda answer: answer.model_copy(update={"entries": news})
    with pytest.raises(NotGenuine):
        await run(store, server, office)
    assert await pending(store, office) == 0


async def test_a_run_of_the_former_key_sends_nothing_once_another_has_taken_over(
    store: Store, server: Server, office: Office
) -> None:
    """The chain is sound again, but it is the new key's: the fork must stay where it is."""
    await write(store, office, 2)
    former = office.identity
    await store.write(lambda c: become(c, replace(former, device=new_id())))
    with pytest.raises(Superseded):
        await run(store, server, office)
    assert server.pushes == [] and server.pulls == 0
