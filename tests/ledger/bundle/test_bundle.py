"""A bundle opens whole for the server alone, and says what is wrong with it to everybody."""

import hashlib
import io
import json
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.bundle.format import (
    BundleDamaged,
    BundleError,
    BundleForeign,
    BundleNewer,
    NotABundle,
    check_whole,
)
from ledger.bundle.reading import open_bundle, photos_in
from ledger.bundle.writing import write_bundle
from ledger.keys import DeviceKey
from tests.devices import TestDevice, sent
from tests.ledger.bundle.parcels import JPEG, PHOTO, SERVER, bundle_of


def writer(entries: int = 3) -> TestDevice:
    device = TestDevice("SY01", "t1", "phone-1")
    for _ in range(entries):
        device.check_in("p1")
    return device


GOOD = bundle_of(writer(), photos=[PHOTO])


def test_what_went_in_comes_out() -> None:
    device = writer()
    data = bundle_of(device, photos=[PHOTO])
    opened = open_bundle(io.BytesIO(data), SERVER)
    assert [one.header_bytes for one in opened.entries] == [
        one.header_bytes for one in device.entries
    ]
    assert opened.head == device.head_of(device.entries)
    assert list(photos_in(io.BytesIO(data), SERVER)) == [(PHOTO, JPEG)]
    line, _ = check_whole(io.BytesIO(data))
    assert (line.school, line.entries, line.photos) == ("SY01", 3, 1)


def test_a_lost_stick_names_nobody_and_tells_nothing() -> None:
    # Long enough that sealed bytes don't have them by chance.
    for told in (b"phone-1", b'"actor":"t1"', b"checkin", PHOTO.encode(), JPEG[:60]):
        assert told not in GOOD
    with pytest.raises(BundleForeign):
        open_bundle(io.BytesIO(GOOD), DeviceKey.generate())


@given(st.integers(0, len(GOOD) - 1), st.integers(0, 7))
def test_any_altered_bit_is_noticed_by_the_server_and_by_a_carrier(place: int, bit: int) -> None:
    altered = GOOD[:place] + bytes([GOOD[place] ^ 1 << bit]) + GOOD[place + 1 :]
    with pytest.raises(BundleError):
        check_whole(io.BytesIO(altered))
    if place < len(GOOD) - 32:
        with pytest.raises(BundleError):
            open_bundle(io.BytesIO(altered), SERVER)


@given(st.integers(0, len(GOOD) - 1))
def test_any_cut_is_noticed(end: int) -> None:
    with pytest.raises(BundleError):
        check_whole(io.BytesIO(GOOD[:end]))
    with pytest.raises(BundleError):
        open_bundle(io.BytesIO(GOOD[:end]), SERVER)


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\n", b"{}\n", b'{"format":"zip","version":1}\n'])
def test_something_else_is_no_bundle(data: bytes) -> None:
    with pytest.raises(NotABundle):
        check_whole(io.BytesIO(data))


def test_a_newer_one_says_so() -> None:
    line, _, rest = GOOD.partition(b"\n")
    newer = json.dumps({**json.loads(line), "version": 2, "sealed": "otherwise"}).encode()
    with pytest.raises(BundleNewer):
        check_whole(io.BytesIO(newer + b"\n" + rest))


def slipped_in(device: TestDevice) -> list:
    """A carrier's own entry in the place of the second."""
    forger = TestDevice("SY01", "t1", "phone-1")
    forger.entries = device.entries[:1]
    forged = forger.check_in("p2")
    return [device.entries[0], forged, *device.entries[2:]]


@pytest.mark.parametrize(
    "change",
    [
        lambda device: slipped_in(device),
        lambda device: device.entries[:2],
        lambda device: [device.entries[0], device.entries[2]],
        lambda device: [device.entries[1], device.entries[0], device.entries[2]],
        lambda device: [*device.entries, TestDevice("SY01", "t1", "phone-1").check_in("p1")],
    ],
)
def test_anybody_can_seal_but_only_what_leads_to_the_signed_head_is_taken(change) -> None:
    device = writer()
    data = bundle_of(device, entries=[sent(entry) for entry in change(device)])
    with pytest.raises(BundleDamaged):
        open_bundle(io.BytesIO(data), SERVER)


def test_an_altered_body_is_not_passed_on_as_its_authors() -> None:
    device = writer()
    entries = [sent(entry) for entry in device.entries]
    entries[1] = entries[1].model_copy(update={"body": '{"note":"!"}'})
    with pytest.raises(BundleDamaged):
        open_bundle(io.BytesIO(bundle_of(device, entries=entries)), SERVER)


def test_a_photo_under_another_name_is_damaged() -> None:
    data = bundle_of(writer(), photos=["ab" * 32])
    with pytest.raises(BundleDamaged):
        open_bundle(io.BytesIO(data), SERVER)


def test_hundreds_of_photos_take_no_more_memory_than_a_few(tmp_path) -> None:
    """60 MB of photos go in and out; never more than a few pieces are held."""
    path, device = tmp_path / "many.xunan", writer(1)
    big = b"\xff\xd8\xff" + bytes(400_000)

    name = hashlib.sha256(big).hexdigest()

    tracemalloc.start()
    with path.open("wb") as file:
        write_bundle(
            file,
            school="SY01",
            server_key=SERVER.public,
            head=device.head_of(device.entries),
            entries=[sent(device.entries[0])],
            photos=[name] * 150,
            read_photo=lambda hash: big,
        )
    with path.open("rb") as file:
        open_bundle(file, SERVER)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert path.stat().st_size > 60_000_000
    assert most < 8_000_000
