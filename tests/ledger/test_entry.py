"""An entry is its bytes: what was written comes back, and what is no entry is refused."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.entry import (
    BODY_LIMIT_BYTES,
    HEADER_LIMIT_BYTES,
    START_HASH,
    Body,
    Clock,
    Entry,
    UnreadableEntry,
    digest,
    read_entry,
    write_entry,
)
from ledger.identifiers import new_id

AT = "2026-03-02T07:10:00.000+08:00"


class Note(Body):
    text: str = ""


def written(text: str = "正常", **fields: object) -> Entry:
    known = {"kind": "checkin.recorded", "subject": "round:daily:2026-03-02:0"}
    known |= {"scope": "school:SY01", "school": "SY01", "actor": "t1", "device": "phone"}
    plain = {"number": 1, "previous": START_HASH, "at": AT, "clock": Clock(uptime=1.5)}
    return write_entry(**{**known, **plain, "body": Note(text=text), **fields})  # type: ignore[arg-type]


def changed_header(**fields: object) -> bytes:
    return json.dumps({**json.loads(written().header_bytes), **fields}).encode()


@given(st.text(max_size=300).filter(lambda text: text.isprintable()))
def test_what_was_written_comes_back_byte_for_byte(text: str) -> None:
    entry = written(text, actor=text[:120] or "t1")
    again = read_entry(entry.header_bytes, entry.body_bytes)
    assert again == entry
    assert again.body_is_genuine
    assert Note.model_validate_json(again.body_bytes or b"").text == text


def test_the_hash_is_that_of_the_headers_bytes_and_the_header_holds_the_bodys() -> None:
    entry = written()
    assert entry.hash == hashlib.sha256(entry.header_bytes).hexdigest()
    assert entry.body_bytes is not None
    assert entry.header.body_hash == hashlib.sha256(entry.body_bytes).hexdigest()


def test_the_same_fact_twice_has_two_hashes() -> None:
    """The salt: whoever knows a body's hash can't guess the body by trying."""
    assert written().header.body_hash != written().header.body_hash


def test_another_body_is_not_genuine_and_an_erased_one_leaves_the_entry_whole() -> None:
    entry = written()
    assert not read_entry(entry.header_bytes, b'{"text":"other"}').body_is_genuine
    erased = read_entry(entry.header_bytes, None)
    assert erased.body_is_genuine
    assert erased.hash == entry.hash


def test_a_header_of_a_newer_version_keeps_its_bytes() -> None:
    data = changed_header(weather="rain")
    assert read_entry(data, None).header_bytes == data
    assert read_entry(data, None).hash == digest(data)


@pytest.mark.parametrize(
    "fields",
    [
        {"number": 0},
        {"number": -1},
        {"number": "first"},
        {"seen": -1},
        {"id": "short"},
        {"kind": ""},
        {"kind": "k" * 121},
        {"subject": ""},
        {"school": "s" * 17},
        {"previous": "0" * 63},
        {"previous": "G" * 64},
        {"body_hash": ""},
        {"photos": ["no hash"]},
        {"at": "yesterday"},
        {"at": "2026-03-02T07:10:00"},
        {"at": "2026-03-02 07:10:00+08:00"},
        {"clock": None},
        {"clock": {"uptime": "long"}},
        {"actor": None},
    ],
)
def test_a_header_that_breaks_its_form_is_unreadable(fields: dict[str, object]) -> None:
    with pytest.raises(UnreadableEntry):
        read_entry(changed_header(**fields), None)


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"null", b"\xff\xfe", b'{"id":', b"\x00"])
def test_what_is_no_header_is_unreadable(data: bytes) -> None:
    with pytest.raises(UnreadableEntry):
        read_entry(data, None)


@given(st.binary(max_size=400))
def test_no_bytes_make_it_raise_anything_else(data: bytes) -> None:
    with pytest.raises(UnreadableEntry):
        read_entry(data, data)


def test_the_limits_hold_to_the_byte() -> None:
    fits = changed_header(filler="x" * (HEADER_LIMIT_BYTES - len(changed_header(filler=""))))
    assert len(fits) == HEADER_LIMIT_BYTES
    read_entry(fits, b"x" * BODY_LIMIT_BYTES)
    with pytest.raises(UnreadableEntry, match="header is too long"):
        read_entry(fits + b" ", None)
    with pytest.raises(UnreadableEntry, match="body is too long"):
        read_entry(fits, b"x" * (BODY_LIMIT_BYTES + 1))


@given(st.integers(0, 2**48 - 1), st.integers(0, 2**48 - 1))
def test_identifiers_sort_by_their_time(one: int, two: int) -> None:
    first, second = new_id(one), new_id(two)
    assert len(first) == 36
    assert first[14] == "7"
    assert first[19] in "89ab"
    if one != two:
        assert (first < second) == (one < two)
