"""What is left out on the way is put back to the byte, whatever was written."""

from hypothesis import given
from hypothesis import strategies as st

from ledger.abridged import abridge, restore
from ledger.wire.journal import SentEntry
from tests.devices import TestDevice, sent

TEXTS = st.text() | st.sampled_from(
    ['"previous":""', '"body_hash":""', '\\"previous\\":\\"\\"', "", "{}", '{"previous":""}']
)
ENTRIES = st.builds(SentEntry, header=TEXTS, body=TEXTS | st.none())


def written(many: int) -> list[SentEntry]:
    phone = TestDevice("SY01", "t1", "phone")
    return [sent(phone.check_in(f"p{number % 3}")) for number in range(many)]


@given(st.lists(ENTRIES, max_size=6))
def test_any_texts_come_out_as_they_went_in(entries: list[SentEntry]) -> None:
    way, abridged = abridge(entries)
    assert (restore(way) if abridged else way) == entries


@given(
    st.integers(1, 12),
    st.lists(st.tuples(st.integers(0, 11), ENTRIES), max_size=3),
    st.sets(st.integers(0, 11)),
)
def test_a_chain_with_strange_neighbours_and_erased_bodies_comes_out_whole(
    many: int, strange: list[tuple[int, SentEntry]], erased: set[int]
) -> None:
    entries = written(many)
    for number in erased & set(range(many)):
        entries[number] = entries[number].model_copy(update={"body": None})
    for place, one in strange:
        entries.insert(place, one)
    way, abridged = abridge(entries)
    assert (restore(way) if abridged else way) == entries


def test_only_the_first_of_a_batch_names_what_came_before_it() -> None:
    entries = written(5)
    way, abridged = abridge(entries)
    assert abridged
    assert ['"previous":""' in one.header for one in way] == [False, True, True, True, True]
    assert all('"body_hash":""' in one.header for one in way)
    assert [one.body for one in way] == [one.body for one in entries]


def test_a_header_that_says_the_mark_itself_travels_as_it_is() -> None:
    entries = [*written(2), SentEntry(header='{"previous":""}', body=None)]
    assert abridge(entries) == (entries, False)
