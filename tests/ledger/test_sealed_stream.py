"""A sealed file opens whole or says that it is not; no piece can be moved, dropped or added."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import sealed_stream
from ledger.sealed_stream import SealBroken, SealedWriter, unsealed

KEY = bytes(range(32))
HEADER = b"a header\n"


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed_stream, "PIECE_BYTES", 16)


def seal(parts: list[bytes]) -> bytes:
    file = io.BytesIO()
    writer = SealedWriter(file, KEY, HEADER)
    for part in parts:
        writer.write(part)
    writer.close()
    return file.getvalue()


def opened(data: bytes, key: bytes = KEY) -> bytes:
    file = io.BytesIO(data)
    header = file.read(len(HEADER))
    return b"".join(unsealed(file, key, header))


@given(st.lists(st.binary(max_size=50), max_size=6))
def test_what_was_written_comes_out(parts: list[bytes]) -> None:
    assert opened(seal(parts)) == b"".join(parts)


@given(st.binary(max_size=80), st.data())
def test_any_change_is_noticed(content: bytes, data: st.DataObject) -> None:
    sealed = seal([content])
    place = data.draw(st.integers(0, len(sealed) - 1))
    bit = 1 << data.draw(st.integers(0, 7))
    altered = sealed[:place] + bytes([sealed[place] ^ bit]) + sealed[place + 1 :]
    with pytest.raises(SealBroken):
        opened(altered)


@given(st.binary(min_size=1, max_size=80), st.data())
def test_any_end_cut_off_is_noticed(content: bytes, data: st.DataObject) -> None:
    sealed = seal([content])
    with pytest.raises(SealBroken):
        opened(sealed[: data.draw(st.integers(len(HEADER), len(sealed) - 1))])


def test_pieces_in_another_order_or_twice_are_noticed() -> None:
    sealed = seal([bytes(60)])
    body = sealed[len(HEADER) :]
    pieces = [body[start : start + 32] for start in range(0, len(body), 32)]
    assert len(pieces) == 4
    for other in ([1, 0, 2, 3], [0, 0, 1, 3], [0, 1, 3], [0, 1, 2, 2, 3], [0, 1, 2, 3, 3]):
        with pytest.raises(SealBroken):
            opened(HEADER + b"".join(pieces[one] for one in other))


def test_another_key_opens_nothing() -> None:
    with pytest.raises(SealBroken):
        opened(seal([b"secret"]), bytes(32))
