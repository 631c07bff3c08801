"""What goes out is made once for all who ask, and never says more than stands."""

import json
from typing import Any

import pytest
from sqlalchemy import update

from ledger.tables.journal import ENTRY
from server.district import District
from server.journal import outgoing
from server.journal.append import Sender
from server.journal.outgoing import LIGHT, Outgoing, Stretch
from server.journal.push import push
from tests.devices import TestDevice
from tests.server.school import SCHOOL, TEACHER, admit


@pytest.fixture
def phone(district: District) -> TestDevice:
    device = admit(district, TEACHER)[0]
    for _ in range(40):
        device.check_in("p1")
    push(district.journal, Sender(SCHOOL, device.id, TEACHER), device.push_of())
    return device


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many entries each piece had that was made anew."""
    sizes: list[int] = []
    make = outgoing._texts

    def note(connection: Any, school: str, content: Any) -> list[bytes]:
        sizes.append(len(content))
        return make(connection, school, content)

    monkeypatch.setattr(outgoing, "_texts", note)
    return sizes


def said(district: District, shared: Outgoing, without: str = "") -> list[dict[str, Any]]:
    with district.database.read() as connection:
        rows = connection.execute(LIGHT.where(ENTRY.c.school == SCHOOL).order_by(ENTRY.c.seq)).all()
        parts = Stretch.of(rows, rows[-1].seq, False).besides(without)
        pieces = shared.entries(connection, SCHOOL, parts)
    return json.loads(b"[" + b"".join(one.plain for one in pieces) + b"]")


def test_the_second_who_asks_gets_what_was_made_for_the_first(
    district: District, phone: TestDevice, made: list[int]
) -> None:
    shared = Outgoing()
    first = said(district, shared)
    before = list(made)
    assert said(district, shared) == first and made == before
    assert [one["seq"] for one in first] == list(range(1, len(first) + 1))
    ids = [json.loads(one["header"])["id"] for one in first]
    assert ids[-40:] == [one.header.id for one in phone.entries]


def test_only_pieces_with_own_entries_are_made_for_one_device_alone(
    district: District, phone: TestDevice, made: list[int]
) -> None:
    shared = Outgoing()
    everything = said(district, shared)
    made.clear()
    others = said(district, shared, without=phone.id)
    assert others == everything[:-40]
    assert sum(made) < outgoing.TOGETHER[0]


def test_what_is_left_around_own_entries_is_shared_too(
    district: District, phone: TestDevice, made: list[int]
) -> None:
    between = [admit(district, TEACHER)[0] for _ in range(3)]
    for one in between:
        one.check_in("p2")
        push(district.journal, Sender(SCHOOL, one.id, TEACHER), one.push_of())
    shared = Outgoing()
    everything = said(district, shared)
    for one in between:
        made.clear()
        mine = one.entries[0].header.id
        rest = [entry for entry in everything if json.loads(entry["header"])["id"] != mine]
        assert said(district, shared, without=one.id) == rest
    # The first two made the pieces of eight around them, and single ones.
    assert sum(made) <= outgoing.TOGETHER[1]


def test_an_erased_body_is_gone_from_the_next_answer(district: District, phone: TestDevice) -> None:
    shared = Outgoing()
    assert said(district, shared)[-1]["body"] is not None
    with district.database.write() as connection:
        connection.execute(
            update(ENTRY).where(ENTRY.c.id == phone.entries[-1].header.id).values(body=None)
        )
    assert said(district, shared)[-1]["body"] is None


def test_what_is_kept_has_a_limit_and_is_forgotten_when_asked(
    district: District, phone: TestDevice, made: list[int]
) -> None:
    small = Outgoing(kept_bytes=1)
    first = said(district, small)
    assert said(district, small) == first and small._size <= 1 and not small._pieces
    shared = Outgoing()
    said(district, shared)
    made.clear()
    shared.forget(SCHOOL)
    assert said(district, shared) == first and sum(made) == len(first)
    assert shared._size == sum(len(one.piece) for one in shared._pieces.values())
