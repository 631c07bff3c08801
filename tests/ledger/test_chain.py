"""A chain holds exactly when nothing was taken, changed, added or moved."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.chain import Break, Link, follow
from ledger.entry import Entry, read_entry
from ledger.keys import DeviceKey, head_is_genuine, is_public_key, is_signed_by
from tests.devices import TestDevice

DEVICE = TestDevice(school="SY01", actor="t1", id="phone")
ENTRIES = [DEVICE.check_in(f"p{number}") for number in range(12)]

places = st.integers(0, len(ENTRIES) - 1)


def ending(entries: list[Entry]) -> Link:
    return Link(entries[-1].header.number, entries[-1].hash) if entries else Link()


@given(places)
def test_a_chain_can_be_followed_in_any_portions(cut: int) -> None:
    link, broken = follow(Link(), ENTRIES[:cut])
    assert (link, broken) == (ending(ENTRIES[:cut]), None)
    assert follow(link, ENTRIES[cut:]) == (ending(ENTRIES), None)


@given(places)
def test_a_missing_entry_is_a_gap_at_the_one_after_it(lost: int) -> None:
    link, broken = follow(Link(), ENTRIES[:lost] + ENTRIES[lost + 1 :])
    if lost == len(ENTRIES) - 1:
        assert broken is None
        return
    assert broken is not None
    assert (broken.entry, broken.what) == (ENTRIES[lost + 1], Break.GAP)
    assert link == ending(ENTRIES[:lost])


@given(places, places)
def test_an_entry_of_the_past_is_a_fork(reached: int, again: int) -> None:
    if again > reached:
        return
    _, broken = follow(ending(ENTRIES[: reached + 1]), [ENTRIES[again]])
    assert broken is not None
    assert broken.what is Break.FORK


@given(places)
def test_a_changed_header_breaks_the_link_after_it(place: int) -> None:
    entry = ENTRIES[place]
    other = read_entry(entry.header_bytes.replace(b'"t1"', b'"t2"'), entry.body_bytes)
    changed = [*ENTRIES[:place], other, *ENTRIES[place + 1 :]]
    _, broken = follow(Link(), changed)
    if place == len(ENTRIES) - 1:
        assert broken is None, "nothing after it names it: only a signed head can"
        return
    assert broken is not None
    assert (broken.entry, broken.what) == (ENTRIES[place + 1], Break.LINK)


@given(places)
def test_a_changed_body_breaks_at_its_own_entry(place: int) -> None:
    other = read_entry(ENTRIES[place].header_bytes, b"{}")
    _, broken = follow(Link(), [*ENTRIES[:place], other, *ENTRIES[place + 1 :]])
    assert broken is not None
    assert (broken.entry, broken.what) == (other, Break.BODY)


@given(places)
def test_an_erased_body_breaks_nothing(place: int) -> None:
    erased = read_entry(ENTRIES[place].header_bytes, None)
    _, broken = follow(Link(), [*ENTRIES[:place], erased, *ENTRIES[place + 1 :]])
    assert broken is None


@given(places, places)
def test_two_entries_swapped_break_where_the_first_of_them_stood(one: int, two: int) -> None:
    if one == two:
        return
    swapped = list(ENTRIES)
    swapped[one], swapped[two] = swapped[two], swapped[one]
    link, broken = follow(Link(), swapped)
    assert broken is not None
    assert link == ending(ENTRIES[: min(one, two)])


@given(places)
def test_a_signed_head_vouches_for_its_own_place_alone(place: int) -> None:
    entry = ENTRIES[place]
    head = DEVICE.key.sign_head("phone", entry.header.number, entry.hash, entry.header.at)
    assert head_is_genuine(head, DEVICE.key.public)
    for change in (
        {"number": head.number + 1},
        {"hash": "ab" * 32},
        {"device": "another"},
        {"at": "2027-01-01T00:00:00+08:00"},
    ):
        assert not head_is_genuine(head.model_copy(update=change), DEVICE.key.public)
    assert not head_is_genuine(head, DeviceKey.generate().public)


def test_a_key_comes_back_from_its_text_and_shows_nothing() -> None:
    key = DeviceKey.generate()
    assert DeviceKey.from_text(key.to_text()).public == key.public
    assert key.to_text() not in repr(key)
    assert is_public_key(key.public)


@pytest.mark.parametrize("text", ["", "x", "A" * 42, "A" * 44, "密" * 43, "\0", "=" * 8])
def test_what_is_no_key_or_signature_is_refused_quietly(text: str) -> None:
    key = DeviceKey.generate()
    assert not is_public_key(text)
    assert not is_signed_by(text, b"m", key.sign(b"m"))
    assert not is_signed_by(key.public, b"m", text)
    with pytest.raises(ValueError):
        DeviceKey.from_text(text)


@given(st.text(max_size=60))
def test_no_text_makes_a_check_raise(text: str) -> None:
    is_public_key(text)
    is_signed_by(text, b"m", text)
