"""A bundle is taken in once, whoever brings it and however often; a bad one changes nothing."""

import hashlib
import os
from pathlib import Path

import httpx
import pytest

from ledger.command import main
from ledger.verdicts import Verdict
from ledger.wire.bundles import BundleTaken
from ledger.wire.problems import ProblemCode
from server.accounts.enrolment import revoke_device
from server.district import District
from server.journal.own_hand import read_own_key
from server.settings import Settings
from tests.devices import TestDevice, sent
from tests.ledger.bundle.parcels import bundle_of
from tests.server.photos.pictures import jpeg
from tests.server.school import PRINCIPAL, SCHOOL, TEACHER, admit, found_school
from tests.server.test_push import Admitted, push, verdicts

OTHER = "SY02"


@pytest.fixture
def phone(district: District) -> Admitted:
    return admit(district, TEACHER)


@pytest.fixture
def carrier(district: District) -> Admitted:
    return admit(district, PRINCIPAL)


@pytest.fixture
def server_key(district: District) -> str:
    with district.database.read() as connection:
        return read_own_key(connection, SCHOOL).key.public


async def deliver(client: httpx.AsyncClient, by: Admitted, data: bytes) -> httpx.Response:
    headers = {"Authorization": f"Bearer {by[1].access_token}"}
    return await client.post("/v1/bundles", content=data, headers=headers)


def stored(district: District) -> list[tuple]:
    with district.database.read() as connection:
        query = "SELECT id, device, actor, verdict, seq FROM entry ORDER BY id"
        return [tuple(row) for row in connection.exec_driver_sql(query)]


async def test_what_a_colleague_brings_is_its_authors_own(
    client: httpx.AsyncClient, phone: Admitted, carrier: Admitted, district: District, server_key
) -> None:
    device = phone[0]
    for point in ("p1", "p2", "nowhere"):
        device.check_in(point)
    data = bundle_of(device, server_key=server_key)
    answer = await deliver(client, carrier, data)
    taken = BundleTaken.model_validate_json(answer.content)
    assert (taken.entries, taken.accepted, taken.held, taken.refused) == (3, 2, 1, 0)
    mine = [row for row in stored(district) if row[1] == device.id]
    assert {row[2] for row in mine} == {TEACHER} and len(mine) == 3


async def test_again_and_later_by_its_author_changes_nothing(
    client: httpx.AsyncClient, phone: Admitted, carrier: Admitted, district: District, server_key
) -> None:
    device = phone[0]
    device.check_in("p1")
    device.check_in("p2")
    data = bundle_of(device, server_key=server_key)
    first = await deliver(client, carrier, data)
    before = stored(district)
    assert (await deliver(client, carrier, data)).json() == first.json()
    pushed = await push(client, phone)
    assert verdicts(pushed) == [Verdict.ACCEPTED] * 2
    assert stored(district) == before
    device.check_in("p3")
    assert verdicts(await push(client, phone)) == [Verdict.ACCEPTED] * 3


async def test_what_a_killed_server_was_receiving_is_forgotten(
    client: httpx.AsyncClient, phone: Admitted, carrier: Admitted, district: District, server_key
) -> None:
    left = Path(district.settings.data) / "bundles" / "arriving-left"
    left.parent.mkdir()
    left.write_bytes(b"half of one")
    os.utime(left, (0, 0))
    phone[0].check_in("p1")
    await deliver(client, carrier, bundle_of(phone[0], server_key=server_key))
    assert not list(left.parent.iterdir())


async def test_an_entry_that_lost_its_body_keeps_back_no_other(
    client: httpx.AsyncClient, phone: Admitted, carrier: Admitted, district: District, server_key
) -> None:
    """And nobody can take its author's words from it by bringing it without them."""
    device = phone[0]
    for point in ("p1", "p2", "p3"):
        device.check_in(point)
    entries = [sent(entry) for entry in device.entries]
    entries[1] = entries[1].model_copy(update={"body": None})
    data = bundle_of(device, server_key=server_key, entries=entries)
    taken = BundleTaken.model_validate_json((await deliver(client, carrier, data)).content)
    assert (taken.entries, taken.accepted, taken.held, taken.refused) == (3, 1, 1, 0)
    assert verdicts(await push(client, phone)) == [Verdict.ACCEPTED] * 3


async def test_photos_come_along_once(
    client: httpx.AsyncClient, phone: Admitted, carrier: Admitted, district: District, server_key
) -> None:
    device, picture = phone[0], jpeg()

    name = hashlib.sha256(picture).hexdigest()
    device.check_in("p1", photos=(name,))
    stranger = hashlib.sha256(picture + b"0").hexdigest()
    data = bundle_of(
        device,
        server_key=server_key,
        photos=[name, stranger],
        read_photo={name: picture, stranger: picture + b"0"}.__getitem__,
    )
    assert (await deliver(client, carrier, data)).json()["photos"] == 1
    assert district.photos.held(SCHOOL, [name, stranger]) == {name}
    assert (await deliver(client, carrier, data)).json()["photos"] == 0


def bad_bundles(device: TestDevice, district: District, server_key: str) -> dict[str, bytes]:
    good = bundle_of(device, server_key=server_key)
    found_school(district, OTHER)
    with district.database.read() as connection:
        other_key = read_own_key(connection, OTHER).key.public
    stranger = TestDevice(SCHOOL, TEACHER, device.id)
    stranger.check_in("p1")
    unknown = TestDevice(SCHOOL, TEACHER, "nobody")
    unknown.check_in("p1")
    elsewhere = TestDevice(OTHER, TEACHER, device.id, device.key)
    elsewhere.check_in("p1")
    return {
        ProblemCode.BUNDLE_DAMAGED: good[:-100],
        "altered": good[:-100] + bytes([good[-100] ^ 1]) + good[-99:],
        "something else": b"hello",
        ProblemCode.BUNDLE_NEWER: good.replace(b'"version":1', b'"version":2', 1),
        ProblemCode.BUNDLE_FOREIGN: bundle_of(device, server_key=other_key),
        "another school": bundle_of(elsewhere, server_key=other_key),
        ProblemCode.BUNDLE_NOT_GENUINE: bundle_of(stranger, server_key=server_key),
        "unknown device": bundle_of(unknown, server_key=server_key),
    }


async def test_a_bad_one_says_why_and_changes_nothing(
    client: httpx.AsyncClient, phone: Admitted, carrier: Admitted, district: District, server_key
) -> None:
    phone[0].check_in("p1")
    bad = bad_bundles(phone[0], district, server_key)
    before = stored(district)
    codes = {}
    for name, data in bad.items():
        answer = await deliver(client, carrier, data)
        assert answer.status_code >= 400, name
        codes[name] = answer.json()["code"]
    assert stored(district) == before
    assert {name: code for name, code in codes.items() if name in set(ProblemCode)} == {
        name: name for name in bad if name in set(ProblemCode)
    }
    assert codes["altered"] == codes["something else"] == ProblemCode.BUNDLE_DAMAGED
    assert codes["another school"] == ProblemCode.BUNDLE_FOREIGN
    assert codes["unknown device"] == ProblemCode.BUNDLE_NOT_GENUINE


async def test_a_revoked_author_is_not_let_in_by_a_colleague(
    client: httpx.AsyncClient, phone: Admitted, carrier: Admitted, district: District, server_key
) -> None:
    phone[0].check_in("p1")
    data = bundle_of(phone[0], server_key=server_key)
    revoke_device(district.journal, phone[0].id)
    before = stored(district)
    answer = await deliver(client, carrier, data)
    assert answer.json()["code"] == ProblemCode.BUNDLE_NOT_GENUINE
    assert stored(district) == before


async def test_many_entries_go_in_by_thousands_as_one_chain(
    client: httpx.AsyncClient, phone: Admitted, carrier: Admitted, server_key, monkeypatch
) -> None:
    monkeypatch.setattr("server.bundles.taking.ENTRIES_AT_ONCE", 4)
    for _ in range(11):
        phone[0].check_in("p1")
    answer = await deliver(client, carrier, bundle_of(phone[0], server_key=server_key))
    assert answer.json()["accepted"] == 11
    assert verdicts(await push(client, phone)) == [Verdict.ACCEPTED] * 11


def test_the_command_takes_one_in_and_names_what_is_wrong(
    phone: Admitted,
    district: District,
    settings: Settings,
    server_key,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if settings.database_url.startswith("postgres"):
        pytest.skip("the command is the same on both")
    phone[0].check_in("p1")
    good, bad = tmp_path / "good.xunan", tmp_path / "bad.xunan"
    good.write_bytes(bundle_of(phone[0], server_key=server_key))
    bad.write_bytes(good.read_bytes()[:-1])
    where = ["--database", settings.effective_database_url, "--data", settings.data]
    assert main(["bundle", "import", str(good), *where]) == 0
    assert "1 accepted" in capsys.readouterr().out
    assert main(["bundle", "import", str(bad), *where]) == 1
    complaint = capsys.readouterr().err
    assert "cut off or altered" in complaint and "nothing was taken" in complaint
