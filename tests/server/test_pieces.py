"""Ready pieces, joined, are one ordinary gzip file."""

import gzip
import zlib

from hypothesis import given
from hypothesis import strategies as st

from server.pieces import Piece, gzip_of


@given(st.lists(st.binary(max_size=200), max_size=8))
def test_joined_pieces_unpack_to_their_texts_one_after_the_other(texts: list[bytes]) -> None:
    packed = gzip_of([Piece.of(text) for text in texts])
    assert gzip.decompress(packed) == b"".join(texts)
    # As httpx reads it: one member, and nothing left behind it.
    reader = zlib.decompressobj(zlib.MAX_WBITS | 16)
    assert reader.decompress(packed) + reader.flush() == b"".join(texts)
    assert reader.eof and not reader.unused_data
