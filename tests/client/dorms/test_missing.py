"""未归待查: the search begins with the mark, names whom to call, and remembers every call."""

from datetime import timedelta
from pathlib import Path

from ledger.rules.dorms.bodies import MissingFollowed, Outcome
from ledger.rules.dorms.missing import missing_subject
from ledger.rules.dorms.statuses import Status
from ledger.rules.places import Called, LadderStep, SchoolSet
from tests.client.dorms.house import EVENING, NIGHT, House, built

BEFORE = "2026-03-01"


async def raise_first(house: House) -> None:
    room = await house.room()
    await house.actions.mark(room, room.beds[0], Status.MISSING)


async def test_the_mark_and_the_search_are_written_together(house: House) -> None:
    house.now = EVENING - timedelta(days=1)
    room = await house.room(night=BEFORE)
    await house.actions.mark_all(room)
    house.now = EVENING
    await house.leave("s0", "2026-03-02T08:00:00+08:00", "2026-03-02T21:00:00+08:00")
    await raise_first(house)
    assert await house.kinds() == ["room.marked", "room.marked", "missing.raised"]
    [search] = await house.missing()
    assert (search.name, search.room, search.bed) == ("林小雨", "101", "1")
    assert search.raised_at == EVENING and search.pending and not search.followed
    assert "22:10" in search.last_seen, "yesterday's mark"
    assert "03-02 21:00" in search.last_seen, "today's leave"


async def test_the_ladder_says_whom_to_call_and_when(house: House) -> None:
    await raise_first(house)
    [search] = await house.missing()
    assert [(one.minutes, one.due - EVENING) for one in search.ladder] == [
        (0, timedelta()),
        (10, timedelta(minutes=10)),
        (30, timedelta(minutes=30)),
    ]
    calls = [[(one.called, one.name, one.phone) for one in step.calls] for step in search.ladder]
    assert calls == [
        [(Called.HOMEROOM_TEACHER, "赵老师", "13800000002")],
        [(Called.DUTY_LEADER, "钱主任", "13800000003"), (Called.GUARDIAN, "家长", "13900000000")],
        [(Called.PRINCIPAL, "林校长", "13800000004"), (Called.POLICE, "", "110")],
    ]


async def test_a_school_decides_its_own_steps(house: House) -> None:
    ladder = (LadderStep(minutes=5, call=(Called.GUARDIAN,)),)
    changed = SchoolSet(name="实验学校", district="示范区", ladder=ladder)
    await house.tell(("school.set", "school:SY01", changed))
    await raise_first(house)
    [search] = await house.missing()
    assert [(one.minutes, len(one.calls)) for one in search.ladder] == [(5, 1)]


async def test_every_call_and_its_outcome_is_remembered(house: House) -> None:
    await raise_first(house)
    [search] = await house.missing()
    await house.actions.follow(search, 0, "h1", Outcome.NO_ANSWER)
    await house.actions.follow(search, 0, "h1", Outcome.REACHED, "正在赶来")
    [search] = await house.missing()
    assert search.followed
    assert [(one.name, one.outcome, one.note) for one in search.log] == [
        ("赵老师", Outcome.NO_ANSWER, ""),
        ("赵老师", Outcome.REACHED, "正在赶来"),
    ]
    assert search.ladder[0].calls[0].outcome is Outcome.REACHED


async def test_whom_the_server_told_is_shown_and_is_no_call(house: House) -> None:
    await raise_first(house)
    subject = missing_subject("b1", "701", NIGHT, "s0")
    told = MissingFollowed(step=0, whom="h1", outcome=Outcome.TOLD)
    await house.tell(("missing.followed", subject, told))
    [search] = await house.missing()
    # This phone's own entry is not accepted yet, so the server's word has nothing to stand on.
    assert not search.followed
    assert search.ladder[0].calls[0].outcome is None


async def test_found_ends_the_search_and_marks_the_bed(house: House) -> None:
    await raise_first(house)
    [search] = await house.missing()
    await house.actions.found(search, "图书馆")
    assert await house.missing() == ()
    bed = await house.bed("s0")
    assert (bed.status, bed.marks[0].where) == (Status.FOUND, "图书馆")


async def test_any_other_mark_ends_the_search_too(house: House) -> None:
    await raise_first(house)
    room = await house.room()
    assert room.beds[0].missing
    await house.actions.mark(room, room.beds[0], Status.PRESENT)
    assert await house.missing() == ()
    assert (await house.kinds())[-1] == "missing.found"


async def test_found_after_the_closing_is_a_correction(house: House) -> None:
    await raise_first(house)
    for room in ("101", "102"):
        await house.actions.mark_all(await house.room(room))
    [search] = await house.missing()
    await house.actions.follow(search, 0, "guardian", Outcome.REACHED)
    await house.actions.close("b1", NIGHT)
    [search] = await house.missing()
    await house.actions.found(search, "家中")
    room = await house.room()
    assert room.closed and room.beds[0].status is Status.FOUND
    assert (await house.kinds())[-1] == "mark.corrected"


async def test_a_homeroom_teacher_sees_the_search_and_may_end_it(tmp_path: Path) -> None:
    """They may not mark beds, and see no roll-call."""
    from ledger.rules.dorms.bodies import MissingRaised

    house = await built(tmp_path / "teacher.db", actor="h1")
    subject = missing_subject("b1", "701", NIGHT, "s0")
    raised = MissingRaised(room="101", last_seen="昨晚在寝")
    await house.tell(("missing.raised", subject, raised), by=house.other)
    [search] = await house.missing()
    assert (search.name, search.last_seen) == ("林小雨", "昨晚在寝")
    await house.actions.follow(search, 0, "guardian", Outcome.REACHED)
    await house.actions.found(search, "家中")
    assert await house.missing() == ()
    assert await house.kinds() == ["missing.followed", "missing.found"]
    house.store.close()
