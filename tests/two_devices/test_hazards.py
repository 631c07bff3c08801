"""A hazard's life between a teacher's phone and the principal's desk, over a real server."""

import errno
import hashlib
import io
import os
from dataclasses import replace
from datetime import date, timedelta, timezone
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

from client.actions.decide_hazard import Assignment
from client.actions.errors import ActionFailed
from client.actions.recognise import KnownPoint
from client.running import Running
from client.state.views import (
    HazardDetail,
    HazardDraft,
    HazardFilter,
    PhotoReach,
    RectifyDraft,
    Shown,
)
from client.words import t
from ledger.codes import point_code_text
from ledger.rules.checkins import ItemResult, Method, Result
from ledger.rules.hazards.bodies import (
    Category,
    HazardAssigned,
    HazardGrade,
    HazardGraded,
    HazardReported,
    Lane,
    PhotoNote,
    PhotoUse,
)
from ledger.rules.hazards.conditions import ConditionSet, national_list
from ledger.rules.hazards.overdue import Climbed
from ledger.rules.hazards.states import HazardState
from ledger.verdicts import Verdict
from server.clock import utc_now
from server.district import District
from server.journal.append import Sender
from server.journal.own_hand import Fact, write_as_server
from server.journal.push import push
from server.settings import Settings
from tests.client.photos.test_develop import bomb
from tests.server import running as server_process
from tests.server.school import SCHOOL, TOKENS, admit
from tests.two_devices.conftest import Start, enrolment_for, until


def camera(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (1200, 900), colour).save(out, "JPEG")
    return out.getvalue()


def school_today() -> date:
    """Deadlines and numbers go by the school's own day, which is not UTC's from 16:00 on."""
    return utc_now().astimezone(timezone(timedelta(hours=8))).date()


def in_days(days: int) -> str:
    return (school_today() + timedelta(days=days)).isoformat()


async def report(phone: Running, content: str, *colours: str) -> str:
    hazards = phone.actions.hazards
    pictures = [await hazards.add_picture(camera(colour)) for colour in colours]
    draft = HazardDraft(pictures=tuple(pictures), content=content, point="p1", area="gate")
    return (await hazards.report(draft)).steps[0][0]


async def opened(client: Running, id: str) -> HazardDetail:
    assert client.loading is not None
    await client.loading.open_hazard(id)
    found = client.state.hazards.opened
    assert found is not None
    return found


async def until_state(client: Running, id: str, state: HazardState) -> HazardDetail:
    async def look() -> None:
        assert client.loading is not None
        await client.loading.open_hazard(id)

    await look()

    def there() -> bool:
        found = client.state.hazards.opened
        return found is not None and found.line.state is state and not found.line.pending

    await until(there, f"{state} on {client.settings.device_name}")
    return await opened(client, id)


async def test_a_hazard_goes_from_the_photograph_to_closing(
    server: server_process.Running, district: District, start: Start
):
    phone = await start("phone", enrolment_for(district, "t1", server.address))
    desk = await start("desk", enrolment_for(district, "principal", server.address))
    id = await report(phone, "消防栓漏水", "red", "blue")
    seen = await until_state(desk, id, HazardState.REGISTERED)
    assert seen.line.number == f"{school_today().year}-0001"
    assert [photo.use for photo in seen.before] == [PhotoUse.BEFORE] * 2
    assert (seen.line.place, seen.line.reporter_name) == ("校门 1 号点", "陈晓")

    await desk.actions.hazards.assign([id], Assignment("t1", "更换阀门", in_days(7)))
    mine = await until_state(phone, id, HazardState.ASSIGNED)
    assert (mine.measure, mine.line.days_left) == ("更换阀门", 7)
    assert {"hazard.rectified", "hazard.acknowledged"} <= mine.may
    assert "hazard.accepted" not in mine.may
    await phone.actions.hazards.acknowledge(id)

    after = await phone.actions.hazards.add_picture(camera("green"), PhotoUse.AFTER)
    await phone.actions.hazards.rectify(id, RectifyDraft(pictures=(after,), done="已更换"))
    await until_state(desk, id, HazardState.RECTIFIED)
    await desk.actions.hazards.return_([id], "阀门还在滴水", in_days(9))
    back = await until_state(phone, id, HazardState.RETURNED)
    assert back.returned_because == "阀门还在滴水"
    assert len(back.before) == 2 and len(back.after) == 1

    again = await phone.actions.hazards.add_picture(camera("white"), PhotoUse.AFTER)
    await phone.actions.hazards.rectify(id, RectifyDraft(pictures=(again,), done="换了垫圈"))
    await until_state(desk, id, HazardState.RECTIFIED)
    await desk.actions.hazards.accept([id])
    done = await until_state(phone, id, HazardState.CLOSED)
    assert done.accepted_by == "林校" and done.closed_at is not None
    assert [step.kind.partition(".")[2] for step in done.steps] == [
        *("reported", "graded", "assigned", "acknowledged", "rectified", "returned"),
        *("rectified", "accepted", "closed"),
    ]
    with pytest.raises(ActionFailed) as late:
        await desk.actions.hazards.return_([id], "再看看")
    assert late.value.word == "refusals.already_closed"
    assert (await opened(desk, id)).line.state is HazardState.CLOSED


async def test_photos_follow_their_record_and_come_to_who_needs_them(
    server: server_process.Running, district: District, start: Start, settings: Settings
):
    phone = await start("phone", enrolment_for(district, "t1", server.address))
    desk = await start("desk", enrolment_for(district, "principal", server.address))
    server.stop()
    id = await report(phone, "", "red")
    photo = (await opened(phone, id)).before[0]
    assert photo.reach is PhotoReach.ONLY_HERE
    port = int(server.address.rsplit(":", 1)[1])
    again = server_process.run_server(settings, port=port)
    try:
        phone.wake()
        desk.wake()

        async def look() -> PhotoReach:
            return (await opened(phone, id)).before[0].reach

        await until(lambda: phone.state.app.sync and phone.state.app.sync.photos == 0, "sent")
        assert await look() is PhotoReach.COMPLETE
        assert district.photos.held("SY01", [photo.hash]) == {photo.hash}
        await until(lambda: desk.photos.thumbnail_path(photo.hash), "the thumbnail at the desk")
        original = await desk.actions.hazards.photo(photo.hash)
        assert original is not None
        here = phone.photos.path(photo.hash)
        assert here is not None and original.read_bytes() == here.read_bytes()
    finally:
        again.stop()


async def test_who_comes_second_is_told_who_was_first_and_keeps_the_text(
    server: server_process.Running, district: District, start: Start, settings: Settings
):
    phone = await start("phone", enrolment_for(district, "t1", server.address))
    desk = await start("desk", enrolment_for(district, "principal", server.address))
    officer = await start("officer", enrolment_for(district, "officer", server.address))
    id = await report(phone, "插座松动", "red")
    await until_state(desk, id, HazardState.REGISTERED)
    await until_state(officer, id, HazardState.REGISTERED)
    server.stop()
    await officer.actions.hazards.assign([id], Assignment("t1", "请电工更换", in_days(3)))
    await desk.actions.hazards.assign([id], Assignment("officer", "整排检修", in_days(5)))
    port = int(server.address.rsplit(":", 1)[1])
    again = server_process.run_server(settings, port=port)
    try:
        officer.wake()
        desk.wake()
        seen = await until_state(phone, id, HazardState.ASSIGNED)
        # Who comes first is chance; who comes second keeps what they wrote, and learns of it.
        texts = {
            "请电工更换": ("周安", desk, "整排检修"),
            "整排检修": ("林校", officer, "请电工更换"),
        }
        first, second, lost_text = texts[seen.measure]

        def refused() -> bool:
            found = second.state.hazards.opened
            # The verdict comes with the push; what won, with the pull after it.
            return (
                found is not None
                and found.measure == seen.measure
                and any(step.verdict is Verdict.REFUSED for step in found.steps)
            )

        await opened(second, id)
        await until(refused, "the later proposal marked")
        found = await opened(second, id)
        lost = [step for step in found.steps if step.verdict is Verdict.REFUSED]
        assert any(step.said.get("measure") == lost_text for step in lost)
        told = dict(lost[0].reason_detail)
        assert told["who"] == first and told["what"].startswith("hazard.")
        assert found.measure == seen.measure
    finally:
        again.stop()


async def test_a_decision_is_undone_while_it_is_still_here(
    server: server_process.Running, district: District, start: Start
):
    phone = await start("phone", enrolment_for(district, "t1", server.address))
    desk = await start("desk", enrolment_for(district, "principal", server.address))
    id = await report(phone, "护栏松动", "red")
    await until_state(desk, id, HazardState.REGISTERED)
    server.stop()
    done = await desk.actions.hazards.assign([id], Assignment("t1", "加固", in_days(3)))
    await desk.actions.hazards.undo(done)
    found = await opened(desk, id)
    assert found.line.state is HazardState.REGISTERED
    assert (found.line.responsible, found.measure) == ("", "")
    assert [step.withdrawn for step in found.steps] == [False, True, True, False, False]


async def test_what_the_rules_forbid_is_refused_here_and_now(
    server: server_process.Running, district: District, start: Start
):
    phone = await start("phone", enrolment_for(district, "officer", server.address))
    hazards = phone.actions.hazards
    id = await report(phone, "灭火器过期", "red")
    with pytest.raises(ActionFailed) as past:
        await hazards.assign([id], Assignment("officer", "更换", in_days(-3)))
    assert past.value.word == "refusals.deadline_past"
    await hazards.assign([id], Assignment("officer", "更换", in_days(3)))
    with pytest.raises(ActionFailed) as bare:
        await hazards.rectify(id, RectifyDraft(done="换了"))
    assert bare.value.word == "refusals.photo_missing"
    after = await hazards.add_picture(camera("green"), PhotoUse.AFTER)
    await hazards.rectify(id, RectifyDraft(pictures=(after,), done="换了"))
    with pytest.raises(ActionFailed) as own:
        await hazards.accept([id])
    assert own.value.word == "refusals.own_work"
    assert (await opened(phone, id)).line.state is HazardState.RECTIFIED


async def test_a_report_that_was_begun_outlives_a_killed_app(
    server: server_process.Running, district: District, start: Start
):
    phone = await start("phone", enrolment_for(district, "t1", server.address))
    picture = await phone.actions.hazards.add_picture(camera("red"))
    draft = HazardDraft(pictures=(picture,), content="楼梯扶手松", lane=Lane.ON_SPOT)
    await phone.actions.hazards.keep_report_draft(draft)
    await phone.stop()
    again = await start("phone")
    found = await again.actions.hazards.report_draft()
    assert found == draft
    assert (await again.actions.hazards.preview(picture))[:3] == b"\xff\xd8\xff"


async def test_a_picture_that_is_none_is_refused_and_the_draft_stays(
    server: server_process.Running, district: District, start: Start, tmp_path: Path
):
    phone = await start("phone", enrolment_for(district, "t1", server.address))
    draft = HazardDraft(content="有字")
    await phone.actions.hazards.keep_report_draft(draft)
    whole = camera("red")
    for bad, word in (
        (b"", "photos.empty"),
        (b"not a picture", "photos.not_a_photo"),
        (whole[: len(whole) // 2], "photos.damaged"),
        (bomb(20_000, 10_000), "photos.too_large"),
    ):
        with pytest.raises(ActionFailed) as refused:
            await phone.actions.hazards.add_picture(bad)
        assert refused.value.word == word
    assert await phone.actions.hazards.report_draft() == draft


async def test_a_full_disk_loses_nothing_and_says_what_to_free(
    server: server_process.Running,
    district: District,
    start: Start,
    monkeypatch: pytest.MonkeyPatch,
):
    phone = await start("phone", enrolment_for(district, "t1", server.address))
    picture = await phone.actions.hazards.add_picture(camera("red"))
    draft = HazardDraft(pictures=(picture,), content="扶手松动")
    await phone.actions.hazards.keep_report_draft(draft)

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "no space left on device")

    with monkeypatch.context() as scarce:
        scarce.setattr(os, "fsync", full)
        with pytest.raises(ActionFailed) as refused:
            await phone.actions.hazards.report(draft)
        with pytest.raises(ActionFailed) as another:
            await phone.actions.hazards.add_picture(camera("blue"))
    assert refused.value.word == another.value.word == "photos.no_room"
    assert "空间" in t(refused.value.word)
    assert [path for path in phone.photos.root.rglob("*") if path.is_file()] == []
    assert phone.loading is not None
    await phone.loading.show_hazards(HazardFilter(shown=Shown.ALL))
    assert phone.state.hazards.page is not None and phone.state.hazards.page.lines == ()
    assert await phone.actions.hazards.report_draft() == draft
    assert (await phone.actions.hazards.report(draft)).steps


async def test_fixed_on_the_spot_is_one_step_and_may_still_come_back(
    server: server_process.Running, district: District, start: Start
):
    phone = await start("phone", enrolment_for(district, "t1", server.address))
    desk = await start("desk", enrolment_for(district, "principal", server.address))
    hazards = phone.actions.hazards
    pictures = (
        await hazards.add_picture(camera("red")),
        await hazards.add_picture(camera("green"), PhotoUse.AFTER),
    )
    draft = HazardDraft(pictures=pictures, lane=Lane.ON_SPOT, content="积水", measure="拖干")
    with pytest.raises(ActionFailed) as half:
        await hazards.report(replace(draft, pictures=pictures[:1]))
    assert half.value.word == "refusals.photo_missing"
    id = (await hazards.report(draft)).steps[0][0]
    seen = await until_state(desk, id, HazardState.FIXED)
    assert (len(seen.before), len(seen.after), seen.done) == (1, 1, "拖干")
    await desk.actions.hazards.return_([id], "地漏还是堵的", in_days(2))
    back = await until_state(phone, id, HazardState.RETURNED)
    assert (back.line.responsible, back.returned_because) == ("t1", "地漏还是堵的")


async def test_several_are_accepted_in_one_step_or_none_is(
    server: server_process.Running, district: District, start: Start
):
    desk = await start("desk", enrolment_for(district, "principal", server.address))
    officer = await start("officer", enrolment_for(district, "officer", server.address))
    ids = [await report(officer, f"第 {n} 处", "red") for n in range(3)]
    for id in ids:
        await until_state(desk, id, HazardState.REGISTERED)
    await desk.actions.hazards.assign(ids, Assignment("officer", "更换", in_days(3)))
    for id in ids[:2]:
        await until_state(officer, id, HazardState.ASSIGNED)
        after = await officer.actions.hazards.add_picture(camera("green"), PhotoUse.AFTER)
        draft = RectifyDraft(pictures=(after,), done="换了", funds=12.5)
        await officer.actions.hazards.rectify(id, draft)
        await until_state(desk, id, HazardState.RECTIFIED)
    with pytest.raises(ActionFailed):
        await desk.actions.hazards.accept(ids)
    assert (await opened(desk, ids[0])).line.state is HazardState.RECTIFIED
    done = await desk.actions.hazards.accept(ids[:2])
    assert [hazard for hazard, _ in done.steps] == [ids[0], ids[0], ids[1], ids[1]]
    closed = await until_state(officer, ids[1], HazardState.CLOSED)
    assert (closed.accepted_by, closed.funds) == ("林校", 12.5)


async def test_a_districts_own_condition_reaches_phones_and_the_notice(
    server: server_process.Running, district: District, start: Start
):
    phone = await start("phone", enrolment_for(district, "t1", server.address))
    desk = await start("desk", enrolment_for(district, "principal", server.address))
    body = ConditionSet(name="充电柜放在教学楼内", category=Category.FIRE, basis="区里要求")
    with district.journal.append(SCHOOL) as work:
        write_as_server(work, [Fact("condition.set", "condition:local-1", body)])
    phone.wake()
    desk.wake()

    def there() -> bool:
        return any(one.id == "local-1" for one in phone.state.hazards.conditions)

    await until(there, "the district's condition on the phone")
    assert len(phone.state.hazards.conditions) == len(national_list()) + 1
    draft = HazardDraft(
        content="楼里有充电柜",
        grade=HazardGrade.MAJOR,
        category=Category.FIRE,
        condition="local-1",
        protection="已断电",
    )
    id = (await phone.actions.hazards.report(draft)).steps[0][0]
    seen = await until_state(desk, id, HazardState.REGISTERED)
    assert seen.condition is not None and seen.condition.sentence == "区里要求：充电柜放在教学楼内"
    assert seen.protection == "已断电" and not seen.needs_protection
    assert seen.line.climbed is Climbed.DISTRICT
    wanted = Assignment(
        "t1",
        "移到室外",
        in_days(3),
        HazardGrade.MAJOR,
        Category.FIRE,
        "local-1",
        basis="GB 50016",
    )
    await desk.actions.hazards.assign([id], wanted)
    notice = PdfReader(io.BytesIO(await desk.actions.hazard_notice(id))).pages[0].extract_text()
    told = "".join(notice.split())
    assert "区里要求：充电柜放在教学楼内；GB50016" in told


def ten_days_late(district: District, photo: bytes) -> str:
    """A hazard that was assigned to the officer two weeks ago, for four days later."""
    writers = {actor: admit(district, actor)[0] for actor in ("t1", "principal")}
    hash = hashlib.sha256(photo).hexdigest()
    told = (
        ("t1", "reported", HazardReported(content="护栏松动", photos=(PhotoNote(hash=hash),))),
        ("principal", "graded", HazardGraded(grade=HazardGrade.GENERAL, category=Category.FIRE)),
        (
            "principal",
            "assigned",
            HazardAssigned(responsible="officer", measure="加固", deadline=in_days(-10)),
        ),
    )
    for seen, (actor, kind, body) in enumerate(told):
        device = writers[actor]
        device.now = utc_now() - timedelta(days=14) + timedelta(minutes=seen)
        photos = [one.hash for one in getattr(body, "photos", ())]
        entry = device.write(f"hazard.{kind}", "hazard:late", body, photos=photos, seen=seen)
        sender = Sender(SCHOOL, device.id, actor)
        pushed = push(district.journal, sender, device.push_of([entry]))
        assert pushed.receipts[-1].verdict == "accepted", pushed.receipts
    district.photos.keep(Sender(SCHOOL, writers["t1"].id, "t1"), hash, photo)
    return hash


async def test_a_late_hazard_climbs_and_asks_why_and_what_protects_meanwhile(
    server: server_process.Running, district: District, start: Start
):
    hash = ten_days_late(district, camera("red"))
    phone = await start("officer", enrolment_for(district, "officer", server.address))
    desk = await start("desk", enrolment_for(district, "principal", server.address))
    mine = await until_state(phone, "late", HazardState.ASSIGNED)
    assert (mine.line.days_left, mine.line.climbed) == (-10, Climbed.DISTRICT)
    assert mine.needs_reason
    # Whoever has to rectify it has its photos in full, before there is no network.
    await until(lambda: phone.photos.path(hash), "the original on the responsible person's phone")
    hazards = phone.actions.hazards
    after = await hazards.add_picture(camera("green"), PhotoUse.AFTER)
    draft = RectifyDraft(pictures=(after,), done="加固了")
    for half in (
        draft,
        replace(draft, overdue_because="等配件"),
        replace(draft, protection="围挡"),
    ):
        with pytest.raises(ActionFailed) as refused:
            await hazards.rectify("late", half)
        assert refused.value.word == "hazards.say_why_late"
    with pytest.raises(ActionFailed):
        await hazards.explain("late", "等配件", " ")
    await hazards.explain("late", "等配件", "围挡，专人值守")
    await hazards.ask_extension("late", in_days(5), "配件下周到")
    await until_state(desk, "late", HazardState.ASSIGNED)
    await until(lambda: asked_until(desk), "the extension that is asked for")
    await desk.actions.hazards.grant_extension("late", in_days(5))
    await until(lambda: not late(phone), "the new deadline")
    found = await opened(phone, "late")
    assert (found.overdue_because, found.protection) == ("等配件", "围挡，专人值守")
    assert (found.line.days_left, found.line.climbed) == (5, Climbed.NOBODY)
    assert (await opened(desk, "late")).overdue_because == "等配件"


def asked_until(client: Running) -> bool:
    found = client.state.hazards.opened
    return found is not None and found.line.asked_until is not None


def late(client: Running) -> bool:
    found = client.state.hazards.opened
    return found is None or found.line.overdue


async def test_an_abnormal_item_is_a_hazard_in_the_same_step(
    server: server_process.Running, district: District, start: Start
):
    phone = await start("phone", enrolment_for(district, "t1", server.address))
    desk = await start("desk", enrolment_for(district, "principal", server.address))
    found = await phone.actions.recognise(point_code_text(SCHOOL, TOKENS["p1"]), Method.SCAN)
    assert isinstance(found, KnownPoint)
    items = (ItemResult(item="1", result=Result.ABNORMAL),)
    picture = await phone.actions.hazards.add_picture(camera("red"))
    draft = HazardDraft(pictures=(picture,), point="p1", area="gate", item="1")
    done = await phone.actions.check_in(found, items, "", (draft,))
    assert desk.loading is not None
    await desk.loading.show_inbox()
    await until(lambda: desk.state.hazards.inbox and desk.state.hazards.inbox.lines, "the hazard")
    inbox = desk.state.hazards.inbox
    assert inbox is not None
    line = inbox.lines[0]
    assert (line.content, line.point_name, line.photos) == ("门体牢固", "校门 1 号点", 1)
    seen = await opened(desk, line.id)
    assert seen.steps[0].said["check_in"] == done.entry


async def test_over_mobile_data_only_thumbnails_come_by_themselves(
    server: server_process.Running, district: District, start: Start
):
    phone = await start("phone", enrolment_for(district, "t1", server.address))
    other = await start("other", enrolment_for(district, "officer", server.address))
    other.wake(metered=True)
    desk = await start("desk", enrolment_for(district, "principal", server.address))
    id = await report(phone, "漏水", "red")
    await until_state(desk, id, HazardState.REGISTERED)
    await desk.actions.hazards.assign([id], Assignment("officer", "换", in_days(3)))
    photo = (await opened(phone, id)).before[0].hash
    await until(lambda: other.photos.thumbnail_path(photo), "the thumbnail")
    await until_state(other, id, HazardState.ASSIGNED)
    assert other.photos.path(photo) is None
    assert await other.actions.hazards.photo(photo) is not None


async def test_signing_out_waits_for_photos_that_are_not_sent(
    server: server_process.Running, district: District, start: Start
):
    phone = await start("phone", enrolment_for(district, "t1", server.address))
    server.stop()
    id = await report(phone, "漏水", "red")
    photo = (await opened(phone, id)).before[0].hash
    await phone.actions.office.sign_out()
    assert phone.photos.path(photo) is not None
