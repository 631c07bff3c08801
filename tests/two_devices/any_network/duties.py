"""What people do, as a list: a new duty is one function and one line in `DUTIES`.

A duty gets the device it is done on and some luck to choose by. It may find nothing to do, and it
may be told by the rules that it can't be done (`ActionFailed`): both are part of the day.
"""

import io
from datetime import timedelta
from functools import lru_cache

from PIL import Image
from sqlalchemy import Connection, select

from client.actions.check_in import CheckedIn, all_normal
from client.actions.decide_hazard import Assignment, HazardDone
from client.actions.recognise import KnownPoint, UnknownPoint
from client.store.hazard_drafts import HazardDraft, Picture, RectifyDraft
from client.store.journal import append
from client.store.places import point, points
from client.store.rounds import rounds_now
from ledger.codes import point_code_text, typed_code
from ledger.entry import Body
from ledger.rules.checkins import ItemResult, Method, Result
from ledger.rules.hazards.bodies import Category, HazardGrade, Lane, PhotoUse
from ledger.scopes import school_scope
from ledger.tables import RECORDS
from ledger.tables.journal import ENTRY
from tests.server.school import SCHOOL, TOKENS
from tests.two_devices.any_network.clocks import SCHOOL_ZONE
from tests.two_devices.any_network.dorm import DORM_DUTIES
from tests.two_devices.any_network.luck import Duty, Luck
from tests.two_devices.any_network.phone import Phone

NEW_TOKENS = {4: "BBBBBBBBB4", 5: "BBBBBBBBB5"}
"""Labels of points that go up during a run, by their number."""
COLOURS = ("red", "green", "blue", "white", "black", "orange", "purple", "grey")
_HAZARD, _CHECK_IN = RECORDS["hazard"], RECORDS["checkin"]


async def check_in(phone: Phone, luck: Luck) -> None:
    token = luck.pick([*TOKENS.values(), *NEW_TOKENS.values(), *await _issued(phone)]) or ""
    code, method = point_code_text(SCHOOL, token), Method.SCAN
    if luck.some(0.2):
        code, method = typed_code(token), Method.TYPED
    found = await phone.actions.recognise(code, method)
    if isinstance(found, UnknownPoint):
        await phone.actions.check_in(found, note="标签未知")
    if not isinstance(found, KnownPoint):
        return
    if luck.some(0.3):
        items = (ItemResult(item="1", result=Result.ABNORMAL, note="松动"),)
        hazard = HazardDraft(
            pictures=await _pictures(phone, luck, PhotoUse.BEFORE, luck.randint(0, 2)),
            point=found.point.id,
            area="gate",
            item="1",
        )
        await phone.actions.check_in(found, items, "有问题", (hazard,))
    else:
        await phone.actions.check_in(found, all_normal(found))


async def withdraw_check_in(phone: Phone, luck: Luck) -> None:
    me = await phone.me()
    rows = await phone.store.read(
        lambda c: c.execute(
            select(_CHECK_IN.c.id, _CHECK_IN.c.subject, _CHECK_IN.c.point, _CHECK_IN.c.actor)
            .where(_CHECK_IN.c.school == me.school)
            .order_by(_CHECK_IN.c.id)
        ).all()
    )
    # Mostly one's own; the server has to refuse the others.
    row = luck.pick([row for row in rows if row.actor == me.actor or luck.some(0.1)])
    if row is not None:
        await phone.actions.withdraw(CheckedIn(row.id, row.subject, row.point), "点错了")


async def close_round(phone: Phone, luck: Luck) -> None:
    me = await phone.me()
    now = phone.clock.true_now()
    _, rounds = await phone.store.read(lambda c: rounds_now(c, me.school, now, me.actor))
    round_ = luck.pick([one for one in rounds if not one.closed or luck.some(0.2)])
    if round_ is not None:
        await phone.actions.close_round(round_, {one.point: "校园施工" for one in round_.missing})


async def report_hazard(phone: Phone, luck: Luck) -> None:
    lane = luck.pick((Lane.DEADLINE, Lane.DEADLINE, Lane.ON_SPOT)) or Lane.DEADLINE
    pictures = await _pictures(phone, luck, PhotoUse.BEFORE, luck.randint(0, 2))
    if lane is Lane.ON_SPOT:
        pictures += await _pictures(phone, luck, PhotoUse.AFTER, 1)
    draft = HazardDraft(
        pictures=pictures,
        content="楼梯扶手松动",
        lane=lane,
        grade=luck.pick(tuple(HazardGrade)) or HazardGrade.GENERAL,
        area="gate",
        point=luck.pick(("", "p1", "p2")) or "",
        measure="已拧紧",
    )
    await phone.actions.hazards.report(draft)


async def grade_hazard(phone: Phone, luck: Luck) -> None:
    if id := await _hazard(phone, luck, "registered", "graded"):
        grade = luck.pick(tuple(HazardGrade)) or HazardGrade.GENERAL
        await phone.actions.hazards.grade([id], grade, Category.FIRE, "")


async def assign_hazard(phone: Phone, luck: Luck) -> None:
    if id := await _hazard(phone, luck, "registered", "graded", "assigned", "returned"):
        day = phone.clock.true_now().astimezone(SCHOOL_ZONE).date()
        wanted = Assignment(
            luck.pick(("t1", "officer")) or "t1",
            luck.pick(("更换", "加固")) or "更换",
            (day + timedelta(days=luck.randint(0, 9))).isoformat(),
            grade=luck.pick(tuple(HazardGrade)) or HazardGrade.GENERAL,
            protection=luck.pick(("", "拉警戒线")) or "",
        )
        await phone.actions.hazards.assign([id], wanted)


async def work_on_hazard(phone: Phone, luck: Luck) -> None:
    """What the responsible person does before it is done."""
    hazards = phone.actions.hazards
    id = await _hazard(phone, luck, "graded", "assigned", "returned")
    if id is None:
        return
    day = phone.clock.true_now().astimezone(SCHOOL_ZONE).date()
    match luck.randrange(4):
        case 0:
            await hazards.acknowledge(id)
        case 1:
            await hazards.ask_extension(id, (day + timedelta(days=5)).isoformat(), "等配件")
        case 2:
            await hazards.explain(id, "配件没到", "围挡")
        case _:
            await hazards.protect(id, "拉警戒线")


async def rectify_hazard(phone: Phone, luck: Luck) -> None:
    if id := await _hazard(phone, luck, "assigned", "returned"):
        pictures = await _pictures(phone, luck, PhotoUse.AFTER, luck.randint(1, 2))
        draft = RectifyDraft(
            pictures=pictures, done="已更换", overdue_because="配件没到", protection="围挡"
        )
        await phone.actions.hazards.rectify(id, draft)


async def answer_extension(phone: Phone, luck: Luck) -> None:
    if id := await _hazard(phone, luck, "assigned", "returned"):
        day = phone.clock.true_now().astimezone(SCHOOL_ZONE).date()
        if luck.some(0.5):
            until = (day + timedelta(days=luck.randint(0, 9))).isoformat()
            await phone.actions.hazards.grant_extension(id, until)
        else:
            await phone.actions.hazards.decline_extension(id, "不能再拖")


async def accept_hazard(phone: Phone, luck: Luck) -> None:
    if id := await _hazard(phone, luck, "rectified"):
        await phone.actions.hazards.accept([id], close=luck.some(0.5))


async def return_hazard(phone: Phone, luck: Luck) -> None:
    if id := await _hazard(phone, luck, "rectified", "accepted", "fixed"):
        await phone.actions.hazards.return_([id], "还在滴水")


async def close_hazard(phone: Phone, luck: Luck) -> None:
    if id := await _hazard(phone, luck, "accepted"):
        await phone.actions.hazards.close([id])


async def reopen_hazard(phone: Phone, luck: Luck) -> None:
    if id := await _hazard(phone, luck, "closed"):
        await phone.actions.hazards.reopen(id, "又坏了")


async def comment_on_hazard(phone: Phone, luck: Luck) -> None:
    if id := await _hazard(phone, luck):
        pictures = await _pictures(phone, luck, PhotoUse.OTHER, luck.randint(0, 1))
        await phone.actions.hazards.comment(id, "看过了", pictures)


async def withdraw_step(phone: Phone, luck: Luck) -> None:
    """Take back one's own last step on some hazard."""
    me = await phone.me()
    rows = await phone.store.read(
        lambda c: c.execute(
            select(ENTRY.c.id, ENTRY.c.subject)
            .where(ENTRY.c.actor == me.actor, ENTRY.c.kind.like("hazard.%"))
            .order_by(ENTRY.c.id)
        ).all()
    )
    row = luck.pick(rows[-4:])
    if row is not None:
        done = HazardDone(((row.subject.partition(":")[2], row.id),))
        await phone.actions.hazards.undo(done)


async def reissue_label(phone: Phone, luck: Luck) -> None:
    me = await phone.me()
    id = luck.pick(("p1", "p2", "p3"))
    place = await phone.store.read(lambda c: point(c, me.school, id or ""))
    if place is not None:
        await phone.actions.issue_label(place, "标签破损")


class NewerBody(Body):
    """Of a kind that only a newer app knows."""

    said: str = ""


async def use_newer_app(phone: Phone, luck: Luck) -> None:
    """Write what a newer version of the app writes and nobody here can read yet."""
    me = await phone.me()
    kind = luck.pick(("newer.done", "hazard.sniffed")) or ""
    subject = f"{kind.partition('.')[0]}:1"
    stamp = phone.clock.stamp()

    def work(connection: Connection) -> None:
        body = NewerBody(said="以后才懂")
        append(
            connection,
            me,
            stamp,
            kind=kind,
            subject=subject,
            body=body,
            scope=school_scope(me.school),
        )

    await phone.store.write(work)


DUTIES: tuple[Duty, ...] = (
    Duty("check_in", check_in),
    Duty("withdraw_check_in", withdraw_check_in),
    Duty("close_round", close_round),
    Duty("report_hazard", report_hazard),
    Duty("grade_hazard", grade_hazard),
    Duty("assign_hazard", assign_hazard),
    Duty("work_on_hazard", work_on_hazard),
    Duty("rectify_hazard", rectify_hazard),
    Duty("answer_extension", answer_extension),
    Duty("accept_hazard", accept_hazard),
    Duty("return_hazard", return_hazard),
    Duty("close_hazard", close_hazard),
    Duty("reopen_hazard", reopen_hazard),
    Duty("comment_on_hazard", comment_on_hazard),
    Duty("withdraw_step", withdraw_step),
    Duty("reissue_label", reissue_label),
    Duty("use_newer_app", use_newer_app),
    *DORM_DUTIES,
)


async def _issued(phone: Phone) -> list[str]:
    """Tokens of labels this device knows, also of reissued ones."""
    me = await phone.me()
    found = await phone.store.read(lambda c: points(c, me.school))
    return [label.token for place in found for label in place.labels]


async def _hazard(phone: Phone, luck: Luck, *states: str) -> str | None:
    me = await phone.me()
    query = select(_HAZARD.c.id).where(_HAZARD.c.school == me.school).order_by(_HAZARD.c.id)
    if states:
        query = query.where(_HAZARD.c.state.in_(states))
    return luck.pick(await phone.store.read(lambda c: list(c.scalars(query))))


async def _pictures(phone: Phone, luck: Luck, use: PhotoUse, many: int) -> tuple[Picture, ...]:
    hazards = phone.actions.hazards
    return tuple(
        [await hazards.add_picture(_camera(luck.pick(COLOURS) or "red"), use) for _ in range(many)]
    )


@lru_cache
def _camera(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (96, 72), colour).save(out, "JPEG")
    return out.getvalue()
