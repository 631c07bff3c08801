"""What to do next, and how long to wait, as rules."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from client.sync.plan import (
    PUSH_ENTRIES,
    SMALLEST_AFTER_CUT,
    CarryOver,
    Known,
    PullNews,
    PullOpen,
    PushPending,
    Rest,
    SendAgain,
    TakeBackOwn,
    after_cut,
    after_success,
    halved,
    next_step,
)
from ledger.wire.journal import PUSH_LIMIT_ENTRIES

NOTHING = Known(pending=0, first_pending=0, written=0)


def test_first_what_can_be_lost_then_what_others_wrote_then_rest() -> None:
    known = Known(pending=3, first_pending=5, written=7)
    assert next_step(known) == PushPending(known.batch)
    sent = replace(known, pending=0, first_pending=0, held_by_server=7)
    assert next_step(sent) == PullNews()
    assert next_step(replace(sent, pulled_all=True)) == Rest()


def test_a_device_without_entries_only_pulls() -> None:
    assert next_step(NOTHING) == PullNews()
    assert next_step(replace(NOTHING, pulled_all=True, held_by_server=0)) == Rest()


def test_a_fresh_device_gets_what_is_open_first_and_then_the_rest() -> None:
    assert next_step(replace(NOTHING, fresh=True)) == PullOpen()
    assert next_step(replace(NOTHING, fresh=False)) == PullNews()
    unsent = Known(pending=2, first_pending=1, written=2, fresh=True)
    assert next_step(unsent) == PushPending(unsent.batch)


def test_a_line_that_keeps_breaking_gets_smaller_batches_and_grows_again() -> None:
    batch, sizes = PUSH_ENTRIES, []
    for _ in range(8):
        batch = after_cut(batch)
        sizes.append(batch)
    assert sizes[:3] == [500, 250, 125]
    assert sizes[-1] == SMALLEST_AFTER_CUT
    assert after_cut(7) == 7, "what was small already is not to blame"
    for _ in range(8):
        batch = after_success(batch)
    assert batch == PUSH_ENTRIES <= PUSH_LIMIT_ENTRIES


def test_a_server_that_lost_answered_entries_gets_them_again_first() -> None:
    """Else its chain has a gap, and what is new could not be accepted."""
    known = Known(pending=2, first_pending=9, written=10, held_by_server=4)
    assert next_step(known) == SendAgain(5, known.batch)
    assert next_step(replace(known, held_by_server=8)) == PushPending(known.batch)
    answered = Known(pending=0, first_pending=0, written=10, held_by_server=4, pulled_all=True)
    assert next_step(answered) == SendAgain(5, answered.batch)


def test_a_device_that_lost_some_of_its_own_asks_before_it_numbers_on() -> None:
    """It may know it, or hear it from a server that has more than it ever wrote."""
    known = Known(pending=2, first_pending=9, written=10, in_doubt=True)
    assert next_step(known) == TakeBackOwn()
    behind = Known(pending=2, first_pending=9, written=10, held_by_server=12)
    assert next_step(behind) == TakeBackOwn()
    assert next_step(replace(behind, held_by_server=8)) == PushPending(behind.batch)


def test_an_entry_written_meanwhile_is_sent_before_resting() -> None:
    known = Known(pending=1, first_pending=8, written=8, held_by_server=7, pulled_all=True)
    assert next_step(known) == PushPending(known.batch)


def test_a_batch_that_is_too_large_is_halved_down_to_one() -> None:
    known = replace(NOTHING, batch=500)
    sizes = []
    for _ in range(12):
        known = halved(known)
        sizes.append(known.batch)
    assert sizes[:3] == [250, 125, 62]
    assert sizes[-1] == 1
    assert halved(replace(NOTHING, batch=10**6)).batch <= PUSH_LIMIT_ENTRIES


numbers = st.integers(0, 500)


@st.composite
def states(draw: st.DrawFn) -> Known:
    written = draw(numbers)
    pending = draw(st.integers(0, written))
    return Known(
        pending=pending,
        first_pending=written - pending + 1 if pending else 0,
        written=written,
        held_by_server=draw(st.none() | st.integers(0, written)),
        pulled_all=draw(st.booleans()),
        inherited=draw(st.integers(0, 3)),
        batch=draw(st.integers(1, PUSH_LIMIT_ENTRIES)),
    )


@given(states())
def test_it_rests_only_when_nothing_is_left(known: Known) -> None:
    step = next_step(known)
    if isinstance(step, Rest):
        assert known.pending == known.inherited == 0
        assert known.pulled_all
        assert known.held_by_server in (None, known.written)
    if isinstance(step, SendAgain):
        assert 1 <= step.number <= known.written


@given(states())
def test_with_a_server_that_answers_it_comes_to_rest(known: Known) -> None:
    for _ in range(2 * (known.written + known.inherited) + 6):
        step = next_step(known)
        if isinstance(step, Rest):
            return
        if isinstance(step, PullOpen):
            known = replace(known, fresh=False)
        elif isinstance(step, PullNews):
            known = replace(known, pulled_all=True, held_by_server=known.written - known.pending)
        elif isinstance(step, SendAgain):
            known = replace(known, held_by_server=min(step.number, known.written))
        elif isinstance(step, CarryOver):
            assert known.pulled_all, "what had arrived is known only then"
            first, written = known.written + 1, known.written + known.inherited
            known = replace(
                known, pending=known.inherited, first_pending=first, written=written, inherited=0
            )
            known = replace(known, pulled_all=False)
        elif isinstance(step, PushPending):
            left = known.pending - min(known.pending, step.limit)
            held = known.written - left
            first = held + 1 if left else 0
            known = replace(known, pending=left, first_pending=first, held_by_server=held)
    raise AssertionError("no rest")
