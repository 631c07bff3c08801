"""Against a server that lies or forgets: no screen claims what it did not prove."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection

from client.store.checkins import check_in as one_check_in
from client.store.errors import NotGenuine
from client.store.journal import own_end
from client.store.photo_views import PhotoReach
from client.store.photos import mark_received, note_own, reaches
from client.store.queue import queue, sync_view
from client.store.receipts import all_confirmed
from client.store.store import Store
from client.store.sync_views import Reach, RecordReach, ServerWord, SyncView
from client.sync.pull import pull_all
from client.sync.run import StoppedShort
from client.ui.sync_centre import status_of
from ledger.verdicts import Verdict
from ledger.wire.journal import Receipt
from tests.client.store.office import SEVEN, Office, check_in
from tests.client.sync.test_run import NOW, Server, run, write
from tests.client.ui.hand_made import HandMade

PHOTO = "ab" * 32


@pytest.fixture
def server(store: Store, office: Office) -> Server:
    return Server(office)


async def view(store: Store, office: Office) -> SyncView:
    return await store.read(lambda c: sync_view(c, office.identity, SEVEN))


async def marks(store: Store, office: Office) -> list[RecordReach]:
    """How far each own entry has come, oldest first."""
    rows, _ = await store.read(lambda c: queue(c, office.identity))
    return [row.reach for row in reversed(rows)]


def green(sync: SyncView) -> bool:
    client = HandMade()
    client.state.app.sync = replace(sync, reach=Reach.ONLINE)
    return status_of(client.state.app).settled


async def test_all_is_synced_when_number_and_hash_are_ours(
    store: Store, server: Server, office: Office
) -> None:
    await write(store, office, 3)
    assert not green(await view(store, office))
    await run(store, server, office)
    sync = await view(store, office)
    assert (sync.word, sync.confirmed, sync.written) == (ServerWord.WHOLE, 3, 3)
    assert sync.all_synced
    assert green(sync)
    assert await marks(store, office) == [RecordReach.ARRIVED] * 3
    await write(store, office, 1)
    assert not green(await view(store, office))
    assert (await marks(store, office))[-1] is RecordReach.ONLY_HERE


async def test_another_hash_is_never_green(store: Store, server: Server, office: Office) -> None:
    await write(store, office, 3)
    server.bend_pushed = lambda answer: answer.model_copy(update={"hash": "f" * 64})
    server.bend_pulled = lambda answer: answer.model_copy(update={"hash": "f" * 64})
    await run(store, server, office)
    sync = await view(store, office)
    assert sync.word is ServerWord.DISPUTED
    assert not sync.all_synced
    assert not green(sync)
    assert await marks(store, office) == [RecordReach.UNSURE] * 3
    assert not await store.read(lambda c: all_confirmed(c, office.identity))
    rows, _ = await store.read(lambda c: queue(c, office.identity))
    opened = await store.read(lambda c: one_check_in(c, office.identity.school, rows[0].id))
    assert opened is not None
    assert opened.reach is RecordReach.UNSURE


async def test_a_server_that_holds_more_than_we_wrote_is_disputed(
    store: Store, server: Server, office: Office
) -> None:
    await write(store, office, 2)
    more = {"number": 9, "hash": "e" * 64}
    server.bend_pulled = lambda answer: answer.model_copy(update=more)
    server.bend_own = lambda answer: answer.model_copy(update=more)
    with pytest.raises(NotGenuine):
        await run(store, server, office)
    assert (await view(store, office)).word is ServerWord.DISPUTED


async def test_a_dispute_ends_when_the_server_agrees_again(
    store: Store, server: Server, office: Office
) -> None:
    await write(store, office, 2)
    server.bend_pulled = lambda answer: answer.model_copy(update={"hash": "f" * 64})
    await run(store, server, office)
    server.bend_pulled = lambda answer: answer
    await run(store, server, office)
    assert green(await view(store, office))


async def test_accepted_receipts_alone_prove_nothing(
    store: Store, server: Server, office: Office
) -> None:
    """It answers "accepted" for everything and says that it holds nothing."""
    await write(store, office, 3)
    nothing = {"number": 0, "hash": ""}
    server.bend_pushed = lambda answer: answer.model_copy(update=nothing)
    server.bend_pulled = lambda answer: answer.model_copy(update=nothing)
    with pytest.raises(StoppedShort):
        await run(store, server, office)
    sync = await view(store, office)
    assert sync.pending == 3
    assert not green(sync)
    assert await marks(store, office) == [RecordReach.ONLY_HERE] * 3


async def test_what_the_server_forgot_is_only_here_again_with_its_photos(
    store: Store, server: Server, office: Office
) -> None:
    await write(store, office, 3)
    await run(store, server, office)
    rows, _ = await store.read(lambda c: queue(c, office.identity))

    def photo(connection: Connection) -> None:
        note_own(connection, rows[0].id, [(PHOTO, 10)], NOW)
        mark_received(connection, [PHOTO], NOW)

    await store.write(photo)
    assert (await store.read(lambda c: reaches(c, [PHOTO])))[PHOTO] is PhotoReach.COMPLETE
    server.held = {1: server.held[1]}

    async def lost(_batch: Any) -> Any:
        raise StoppedShort("seen before it could be sent again")

    server.push = lost  # type: ignore[method-assign]
    with pytest.raises(StoppedShort):
        await run(store, server, office)
    assert await marks(store, office) == [
        RecordReach.ARRIVED,
        RecordReach.ONLY_HERE,
        RecordReach.ONLY_HERE,
    ]
    assert (await store.read(lambda c: reaches(c, [PHOTO])))[PHOTO] is PhotoReach.ONLY_HERE
    assert not green(await view(store, office))


async def test_a_receipt_for_what_was_not_sent_is_ignored(
    store: Store, server: Server, office: Office
) -> None:
    """Neither a colleague's entry nor one of ours that never left is marked by it."""
    await write(store, office, 1)
    other = await store.read(
        lambda c: c.exec_driver_sql("SELECT id, seq FROM entry WHERE seq = 1").one()
    )

    def with_a_stranger(answer: Any) -> Any:
        strange = Receipt(id=other.id, verdict=Verdict.ACCEPTED, seq=77)
        return answer.model_copy(update={"receipts": [*answer.receipts, strange]})

    late: list[str] = []

    def late_one(connection: Connection) -> None:
        late.append(check_in(connection, office, "p2").header.id)

    server.bend_pushed = with_a_stranger
    await run(store, server, office)
    place = await store.read(
        lambda c: c.exec_driver_sql("SELECT seq FROM entry WHERE id = ?", (other.id,)).scalar_one()
    )
    assert place == 1
    await store.write(late_one)
    server.bend_pulled = lambda answer: answer.model_copy(
        update={"receipts": [Receipt(id=late[0], verdict=Verdict.ACCEPTED, seq=78)]}
    )
    await pull_all(store, server, office.identity)  # type: ignore[arg-type]
    assert (await marks(store, office))[-1] is RecordReach.ONLY_HERE


@pytest.mark.parametrize(
    "bent", [{"verdict": Verdict.PENDING, "seq": None}, {"verdict": Verdict.ACCEPTED, "seq": None}]
)
async def test_a_receipt_that_says_nothing_is_not_genuine(
    store: Store, server: Server, office: Office, bent: dict[str, Any]
) -> None:
    await write(store, office, 1)
    server.bend_pushed = lambda answer: answer.model_copy(
        update={"receipts": [replace(one, **bent) for one in answer.receipts]}
    )
    with pytest.raises(NotGenuine):
        await run(store, server, office)
    assert await marks(store, office) == [RecordReach.ONLY_HERE]
    end = await store.read(lambda c: own_end(c, office.identity.device))
    assert end.number == 1
