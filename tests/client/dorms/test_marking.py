"""A full room costs one tap, a person only touches exceptions, and everything can be undone."""

import pytest

from client.actions.errors import ActionFailed
from client.store import onward
from client.store.dorms.views import TileState
from client.store.verdicts import keep_receipts
from ledger.rules.dorms.bodies import Mark, RoomMarked
from ledger.rules.dorms.nights import rollcall_subject
from ledger.rules.dorms.statuses import Status
from ledger.verdicts import Verdict
from ledger.wire.journal import Receipt
from tests.client.dorms.house import NIGHT, House

SUBJECT = rollcall_subject("b1", NIGHT)


async def test_one_tap_marks_a_full_room_in_one_entry(house: House) -> None:
    done = await house.actions.mark_all(await house.room())
    assert done.marked == 4
    assert await house.kinds() == ["room.marked"]
    room = await house.room()
    assert [one.status for one in room.beds] == [Status.PRESENT] * 4
    assert room.state is TileState.DONE and room.pending
    assert room.saves[0].by == "吴阿姨"


async def test_beds_stand_in_their_real_order_with_names_and_empty_ones(house: House) -> None:
    await house.moves_out("s1")
    room = await house.room()
    assert [(one.bed, one.name) for one in room.beds] == [
        ("1", "林小雨"),
        ("2", ""),
        ("3", "王欣怡"),
        ("4", "张浩然"),
    ]


async def test_an_approved_leave_that_covers_the_evening_fills_the_roll_by_itself(
    house: House,
) -> None:
    await house.leave("s0", "2026-03-02T17:00:00+08:00", "2026-03-03T07:00:00+08:00")
    await house.leave("s1", "2026-03-02T17:00:00+08:00", "2026-03-03T07:00:00+08:00", "l2", False)
    await house.leave("s2", "2026-03-02T22:30:00+08:00", "2026-03-03T07:00:00+08:00", "l3")
    await house.actions.mark_all(await house.room())
    room = await house.room()
    assert [one.status for one in room.beds] == [Status.LEAVE, *[Status.PRESENT] * 3]
    assert room.beds[0].marks[0].leave == "l1"
    assert room.state is TileState.DONE


async def test_a_leave_that_has_ended_explains_nothing_and_is_shown(house: House) -> None:
    await house.leave("s0", "2026-03-01T08:00:00+08:00", "2026-03-02T20:00:00+08:00")
    bed = await house.bed("s0")
    assert bed.leave is not None and bed.leave.over and not bed.covered
    await house.actions.mark_all(await house.room())
    assert (await house.bed("s0")).status is Status.PRESENT
    await house.leave(
        "s1",
        "2026-03-01T08:00:00+08:00",
        "2026-03-02T20:00:00+08:00",
        "l2",
        True,
        "2026-03-02T19:00:00+08:00",
    )
    assert (await house.bed("s1")).leave is None, "they said that they are back"


async def test_exceptions_stay_when_the_rest_is_marked(house: House) -> None:
    room = await house.room()
    await house.actions.mark(room, room.beds[1], Status.SICK, where="校医室")
    await house.actions.mark_all(await house.room())
    room = await house.room()
    assert [one.status for one in room.beds] == [
        Status.PRESENT,
        Status.SICK,
        Status.PRESENT,
        Status.PRESENT,
    ]
    assert room.beds[1].marks[0].where == "校医室"
    assert room.state is TileState.EXCEPTIONS
    assert (await house.actions.mark_all(room)).entry == "", "nothing was left to mark"


async def test_a_tap_too_many_is_undone(house: House) -> None:
    done = await house.actions.mark_all(await house.room())
    await house.actions.undo(done)
    assert (await house.map()).tiles[0].state is TileState.OPEN
    assert await house.kinds() == ["room.marked", "marks.withdrawn"]


async def test_undoing_a_missing_mark_ends_the_search_it_began(house: House) -> None:
    room = await house.room()
    done = await house.actions.mark(room, room.beds[0], Status.MISSING)
    assert len(await house.missing()) == 1
    await house.actions.undo(done)
    assert await house.missing() == ()
    assert (await house.bed("s0")).status is None


async def test_two_marks_of_one_bed_are_both_shown_and_one_tap_chooses(house: House) -> None:
    await house.actions.mark_all(await house.room())
    late = RoomMarked(room="101", marks=(Mark(student="s2", status=Status.LATE),))
    await house.tell(("room.marked", SUBJECT, late), by=house.other)
    room, bed = await house.room(), await house.bed("s2")
    assert room.state is TileState.CONTESTED
    assert {(one.by, one.status) for one in bed.marks} == {
        ("吴阿姨", Status.PRESENT),
        ("孙阿姨", Status.LATE),
    }
    right = next(one for one in bed.marks if one.status is Status.LATE)
    await house.actions.choose(room, bed, right)
    bed = await house.bed("s2")
    assert (bed.status, bed.contested, len(bed.marks)) == (Status.LATE, False, 1)


async def test_who_moved_out_this_afternoon_is_marked_for_nobodys_gap(house: House) -> None:
    """The phone hears of it only after the room was marked."""
    shown = await house.room()
    await house.moves_out("s3")
    await house.actions.mark_all(shown)
    room = await house.room()
    assert [one.name for one in room.strangers] == ["张浩然"]
    assert [one.student for one in room.pupils] == ["s0", "s1", "s2"]
    assert (await house.map()).summary.counts.total == 7


async def test_a_phone_whose_clock_is_wrong_by_a_day_marks_tonight(house: House) -> None:
    from datetime import timedelta

    house.offset = timedelta(days=1)
    assert await house.actions.tonight() == NIGHT
    await house.actions.mark_all(await house.room())
    [save] = (await house.room()).saves
    assert not save.later
    assert save.at == house.now


async def test_yesterdays_night_made_up_today_says_so(house: House) -> None:
    from datetime import datetime

    house.now = datetime.fromisoformat("2026-03-03T14:00:00+08:00")
    assert await house.actions.tonight() == "2026-03-03"
    await house.actions.mark_all(await house.room())
    await house.actions.mark_all(await house.room("102"))
    assert all(one.later for one in (await house.room()).saves)
    await house.actions.close("b1", NIGHT)
    closing = (await house.map()).summary.closing
    assert closing is not None and closing.later


async def test_swapped_beds_are_an_exception_by_themselves(house: House) -> None:
    room = await house.room()
    await house.actions.mark(room, room.beds[0], Status.OTHER_ROOM, where="302", swapped=True)
    mark = (await house.bed("s0")).marks[0]
    assert (mark.where, mark.swapped) == ("302", True)


async def test_a_closed_night_takes_no_tap_without_a_reason(house: House) -> None:
    for room in ("101", "102"):
        await house.actions.mark_all(await house.room(room))
    await house.actions.close("b1", NIGHT)
    room = await house.room()
    assert room.closed
    with pytest.raises(ActionFailed) as failed:
        await house.actions.mark_all(room)
    assert failed.value.word == "dorms.closed_already"
    with pytest.raises(ActionFailed) as failed:
        await house.actions.mark(room, room.beds[0], Status.LATE)
    assert failed.value.word == "dorms.say_why"
    await house.actions.mark(room, room.beds[0], Status.LATE, because="看错床位")
    assert (await house.room()).closed, "a correction keeps it closed"
    assert (await house.bed("s0")).status is Status.LATE


async def test_a_colleagues_room_that_comes_between_two_saves_stands_beside_both(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onward, "LONG", 1)
    done = await house.actions.mark_all(await house.room())
    house.seq += 1
    accepted = Receipt(id=done.entry, verdict=Verdict.ACCEPTED, seq=house.seq)
    await house.store.write(lambda c: keep_receipts(c, house.identity, [accepted]))
    theirs = RoomMarked(room="102", marks=(Mark(student="s4", status=Status.SICK),))
    await house.tell(("room.marked", SUBJECT, theirs), by=house.other)
    room = await house.room()
    await house.actions.mark(room, room.beds[1], Status.LATE)
    assert (await house.bed("s1")).status is Status.LATE
    assert (await house.bed("s4", "102")).status is Status.SICK
