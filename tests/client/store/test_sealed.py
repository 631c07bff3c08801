"""Pupils' data on a device: unreadable in the file, and gone with the duty."""

from pathlib import Path

import pytest
from sqlalchemy import select

from client.store.dorms.nights import marks as marks_of
from client.store.identity import Identity, read_identity, write_identity
from client.store.journal import append
from client.store.lost_scopes import wipe_grant
from client.store.outgoing import next_outgoing
from client.store.sealed import forget_sealed
from client.store.store import Store
from ledger.clock import Stamp
from ledger.entry import Clock
from ledger.projection import load_subjects
from ledger.rules.dorms.bodies import Mark, RoomMarked
from ledger.rules.dorms.nights import rollcall_subject
from ledger.rules.dorms.statuses import Status
from ledger.rules.dorms.students import StudentSet
from ledger.sealing import Seal, Sealed, new_key, opened_text
from ledger.tables import RECORDS
from ledger.tables.journal import ENTRY
from ledger.verdicts import Verdict

IDENTITY = Identity("SY01", "o1", "phone", (), "http://127.0.0.1:1", "server", "key")
STAMP = Stamp("2026-03-02T20:00:00+08:00", Clock(uptime=1.0))
PUPIL = StudentSet(
    class_id="701", building="b1", room="302", bed="1", name="欧阳小满", phone="13900000000",
    since="2026-03-01",
)  # fmt: skip
STUDENT = RECORDS["student"]


@pytest.fixture
async def store(tmp_path: Path):
    store = Store.open(tmp_path / "xunan.db")
    store.use_seal(Seal(new_key()))
    await store.write(lambda c: write_identity(c, IDENTITY))
    yield store
    store.close()


async def enter(store: Store) -> None:
    await store.write(
        lambda c: append(c, IDENTITY, STAMP, kind="student.set", subject="student:s1", body=PUPIL)
    )


async def test_no_name_and_no_number_lies_open_in_the_file(store: Store) -> None:
    await enter(store)
    await store.write(lambda c: c.exec_driver_sql("UPDATE entry SET reason = ''"))
    files = b"".join(path.read_bytes() for path in store.path.parent.glob("xunan.db*"))
    assert "欧阳小满".encode() not in files
    assert b"13900000000" not in files
    detail = await store.read(lambda c: opened_text(c, c.scalar(select(STUDENT.c.detail)) or ""))
    assert "欧阳小满" in detail


async def test_what_is_said_beside_a_bed_lies_sealed_too(store: Store) -> None:
    marks = (Mark(student="s1", status=Status.SICK, where="市第一人民医院"),)
    body = RoomMarked(room="302", marks=marks, because="咳得厉害")
    subject = rollcall_subject("b1", "2026-03-02")
    await store.write(
        lambda c: append(c, IDENTITY, STAMP, kind="room.marked", subject=subject, body=body)
    )
    files = b"".join(path.read_bytes() for path in store.path.parent.glob("xunan.db*"))
    for words in ("市第一人民医院", "咳得厉害"):
        assert words.encode() not in files
    seen = await store.read(lambda c: marks_of(c, "SY01", "b1", "2026-03-02"))
    assert seen.by_student["s1"][0]["where"] == "市第一人民医院"


async def test_the_server_gets_it_as_it_was_written(store: Store) -> None:
    await enter(store)
    sent = await store.read(lambda c: next_outgoing(c, IDENTITY, 10))
    assert sent is not None and sent.entries[0].body is not None
    assert StudentSet.model_validate_json(sent.entries[0].body).name == "欧阳小满"


async def test_another_key_opens_nothing(store: Store) -> None:
    await enter(store)
    store.use_seal(Seal(new_key()))
    with pytest.raises(Sealed):
        await store.read(lambda c: load_subjects(c, IDENTITY.school, ["student:s1"]))
    lost = await store.write(forget_sealed)
    assert lost == 1, "its author is told"
    [row] = await store.read(lambda c: c.execute(select(ENTRY.c.verdict, ENTRY.c.body)).all())
    assert (row.verdict, row.body) == ("pending", None), "sent without its body: no hole"
    assert await store.read(lambda c: c.scalar(select(STUDENT.c.id))) is None


async def test_with_the_duty_the_words_go_and_the_chain_stays(store: Store) -> None:
    await enter(store)
    await store.write(
        lambda c: c.execute(ENTRY.update().values(verdict=Verdict.ACCEPTED.value, seq=1))
    )

    def lose(c) -> None:
        identity = read_identity(c)
        assert identity is not None
        wipe_grant(c, identity, "pupils:SY01:b1:*")

    await store.write(lose)
    [row] = await store.read(lambda c: c.execute(select(ENTRY.c.header, ENTRY.c.body)).all())
    assert row.header and row.body is None
    assert await store.read(lambda c: c.scalar(select(STUDENT.c.id))) is None


async def test_a_family_still_held_keeps_what_it_covers(store: Store) -> None:
    await enter(store)
    await store.write(
        lambda c: c.execute(
            ENTRY.update().values(verdict=Verdict.ACCEPTED.value, seq=1, device="another")
        )
    )
    held = ("pupils:SY01:*:701",)
    await store.write(lambda c: wipe_grant(c, IDENTITY, "pupils:SY01:b1:*", held))
    assert await store.read(lambda c: c.scalar(select(STUDENT.c.id))) == "s1"
    await store.write(lambda c: wipe_grant(c, IDENTITY, "pupils:SY01:*:701"))
    assert await store.read(lambda c: c.scalar(select(STUDENT.c.id))) is None
