"""A night is closed when nobody is unaccounted for, and says who is lacking until then."""

from datetime import timedelta

import pytest

from client.actions.errors import ActionFailed
from client.store.dorms.building import building_night, history
from ledger.rules.dorms.bodies import Mark, Outcome, RoomMarked
from ledger.rules.dorms.nights import rollcall_subject
from ledger.rules.dorms.statuses import Status
from ledger.verdicts import Reason
from tests.client.dorms.house import NIGHT, House, pupil


async def everybody(house: House) -> None:
    for room in ("101", "102"):
        await house.actions.mark_all(await house.room(room))


async def refused(house: House) -> ActionFailed:
    with pytest.raises(ActionFailed) as failed:
        await house.actions.close("b1", NIGHT)
    assert (await house.map()).summary.closing is None
    return failed.value


async def test_it_says_whose_mark_is_lacking(house: House) -> None:
    await house.actions.mark_all(await house.room())
    why = await refused(house)
    assert why.word == "dorms.lacking_mark"
    assert why.values["count"] == 4
    assert "刘思远（102）" in str(why.values["names"])


async def test_it_says_who_is_missing_without_a_step_taken(house: House) -> None:
    await everybody(house)
    room = await house.room()
    await house.actions.mark(room, room.beds[0], Status.MISSING)
    why = await refused(house)
    assert (why.word, why.values["names"]) == ("dorms.lacking_step", "林小雨（101）")
    [search] = await house.missing()
    await house.actions.follow(search, 0, "h1", Outcome.NO_ANSWER)
    await house.actions.close("b1", NIGHT)
    night = (await house.map()).summary
    assert night.closing is not None and night.closing.by == "吴阿姨"
    assert night.counts.of(Status.MISSING) == 1


async def test_it_says_which_two_marks_wait_to_be_chosen_from(house: House) -> None:
    await everybody(house)
    late = RoomMarked(room="102", marks=(Mark(student="s4", status=Status.LATE),))
    await house.tell(("room.marked", rollcall_subject("b1", NIGHT), late), by=house.other)
    why = await refused(house)
    assert (why.word, why.values["names"]) == ("dorms.lacking_choice", "刘思远（102）")


async def test_who_moved_in_after_the_closing_is_seen_as_a_gap(house: House) -> None:
    await everybody(house)
    await house.actions.close("b1", NIGHT)
    await house.tell(pupil(8, "102", "5"))
    night = (await house.map()).summary
    assert night.closing is not None and night.counts.unmarked == 1


async def test_a_building_nobody_lives_in_has_no_roll_to_close(house: House) -> None:
    with pytest.raises(ActionFailed) as failed:
        await house.actions.close("b2", NIGHT)
    assert failed.value.word == "dorms.nobody_lives_here"


async def test_reopening_and_corrections_keep_their_reason(house: House) -> None:
    await everybody(house)
    await house.actions.close("b1", NIGHT, "一切正常")
    with pytest.raises(ActionFailed):
        await house.actions.reopen("b1", NIGHT, "  ")
    room = await house.room()
    await house.actions.mark(room, room.beds[0], Status.LATE, because="23:40 才回")
    await house.actions.reopen("b1", NIGHT, "再点一次")
    told = await house.store.read(lambda c: history(c, "SY01", "b1", NIGHT))
    assert [(one.what, one.about, one.because) for one in told] == [
        ("rollcall.closed", "", ""),
        ("mark.corrected", "林小雨", "23:40 才回"),
        ("rollcall.reopened", "", "再点一次"),
    ]
    with pytest.raises(ActionFailed) as failed:
        await house.actions.reopen("b1", NIGHT, "又点一次")
    assert failed.value.word == f"refusals.{Reason.WRONG_STATE.value}"


async def test_a_closing_by_a_wrong_clock_says_what_the_clock_said(house: House) -> None:
    await everybody(house)
    right = house.now
    house.offset = timedelta(hours=-1)
    await house.actions.close("b1", NIGHT)
    house.offset, house.now = timedelta(), right + timedelta(minutes=1)
    await house.actions.reopen("b1", NIGHT, "再点一次")
    closed, reopened = await house.store.read(lambda c: history(c, "SY01", "b1", NIGHT))
    assert closed.at == right
    assert closed.device_at == right + timedelta(hours=1)
    assert reopened.device_at is None


async def test_closing_twice_names_who_was_first(house: House) -> None:
    await everybody(house)
    await house.actions.close("b1", NIGHT)
    with pytest.raises(ActionFailed) as failed:
        await house.actions.close("b1", NIGHT)
    assert failed.value.word == "refusals.already_closed"
    assert failed.value.values["who"] == "吴阿姨"


async def test_exceptions_are_listed_by_gravity_with_their_names(house: House) -> None:
    await everybody(house)
    room = await house.room()
    await house.actions.mark(room, room.beds[0], Status.LATE)
    await house.actions.mark(room, room.beds[1], Status.MISSING)
    found = await house.store.read(lambda c: building_night(c, house.identity, "b1", NIGHT))
    assert found is not None
    _, odd = found
    assert [(one.name, one.status) for one in odd] == [
        ("陈子轩", Status.MISSING),
        ("林小雨", Status.LATE),
    ]


async def test_nobody_sees_a_building_that_is_not_their_duty(house: House) -> None:
    assert await house.store.read(lambda c: building_night(c, house.identity, "b2", NIGHT)) is None
