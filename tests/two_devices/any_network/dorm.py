"""What is done in a dormitory, by day and at night."""

from datetime import timedelta

from sqlalchemy import select

from client.actions.errors import ActionFailed
from client.actions.leave import LeaveForm
from client.store.dorms.missing import open_searches
from client.store.dorms.room import room_night
from client.store.dorms.views import RoomNight
from ledger.rules.dorms.bodies import Outcome
from ledger.rules.dorms.statuses import Status
from ledger.tables import RECORDS
from tests.ledger.roster.sheets import workbook
from tests.two_devices.any_network.clocks import SCHOOL_ZONE
from tests.two_devices.any_network.luck import Duty, Luck
from tests.two_devices.any_network.phone import Phone
from tests.two_devices.dorm import BUILDING, PUPILS, ROOMS

_LEAVE = RECORDS["leave"]
AWAY = (Status.LATE, Status.SICK, Status.OTHER_ROOM, Status.ACTIVITY, Status.MISSING)


async def mark_room(phone: Phone, luck: Luck) -> None:
    """全到, or one bed otherwise; over what was marked before or beside it."""
    room = await _room(phone, luck.pick(ROOMS) or "")
    if room is None:
        return
    if luck.some(0.5):
        await phone.actions.dorms.mark_all(room)
    elif bed := luck.pick([one for one in room.beds if one.student]):
        status = Status.PRESENT if luck.some(0.4) else luck.pick(AWAY) or Status.LATE
        because = "看错了" if room.closed or luck.some(0.3) else ""
        await phone.actions.dorms.mark(room, bed, status, where="校医室", because=because)


async def settle_bed(phone: Phone, luck: Luck) -> None:
    """Two have marked it otherwise: choose."""
    for id in ROOMS:
        room = await _room(phone, id)
        for bed in room.beds if room else ():
            if bed.contested and room and (right := luck.pick(bed.marks)):
                await phone.actions.dorms.choose(room, bed, right)
                return


async def undo_room(phone: Phone, luck: Luck) -> None:
    if room := await _room(phone, luck.pick(ROOMS) or ""):
        done = await phone.actions.dorms.mark_all(room)
        await phone.actions.dorms.undo(done)


async def close_night(phone: Phone, luck: Luck) -> None:
    """Whatever is still open is done first, as people do it; or not, and it is refused."""
    if luck.some(0.7):
        await settle_bed(phone, luck)
        await look_for_missing(phone, luck)
        for id in ROOMS:
            room = await _room(phone, id)
            if room is not None and not room.closed and room.unmarked:
                await phone.actions.dorms.mark_all(room)
    await phone.actions.dorms.close("b1", await phone.actions.dorms.tonight())


async def reopen_night(phone: Phone, luck: Luck) -> None:
    await phone.actions.dorms.reopen("b1", await phone.actions.dorms.tonight(), "漏了一间")


async def look_for_missing(phone: Phone, luck: Luck) -> None:
    me = await phone.me()
    search = luck.pick(await phone.store.read(lambda c: open_searches(c, me)))
    if search is None:
        return
    if luck.some(0.4):
        await phone.actions.dorms.found(search, "操场")
    else:
        outcome = luck.pick((Outcome.REACHED, Outcome.NO_ANSWER, Outcome.SEARCHED))
        await phone.actions.dorms.follow(search, 0, "guardian", outcome or Outcome.SEARCHED)


async def ask_for_leave(phone: Phone, luck: Luck) -> None:
    now = phone.clock.true_now().astimezone(SCHOOL_ZONE)
    begins = now + timedelta(hours=luck.randint(-20, 4))
    form = LeaveForm(
        luck.pick(tuple(PUPILS)) or "",
        begins,
        begins + timedelta(hours=luck.randint(4, 60)),
        reason="发烧",
    )
    id = await phone.actions.leave.request(form)
    if luck.some(0.3):
        await phone.actions.leave.cancel(id)


async def decide_leave(phone: Phone, luck: Luck) -> None:
    """Approved, declined, taken back or ended: whoever may, and whoever may not is told so."""
    me = await phone.me()
    query = select(_LEAVE.c.id).where(_LEAVE.c.school == me.school).order_by(_LEAVE.c.id)
    id = luck.pick(await phone.store.read(lambda c: list(c.scalars(query))))
    if id is None:
        return
    leave = phone.actions.leave
    match luck.randrange(6):
        case 0:
            await leave.decline(id, "期末考试")
        case 1:
            await leave.cancel(id, "不去了")
        case 2:
            await leave.back(id)
        case _:
            await leave.approve(id)


async def import_roster(phone: Phone, luck: Luck) -> None:
    """The same pupils again, some of them in other beds, and now and then one fewer."""
    places = [(room, bed) for *_, room, bed in PUPILS.values()]
    luck.shuffle(places)
    rows = [
        (f"2026{id}", name, class_, "男", BUILDING, "1", *place, "13900000000")
        for (id, (name, _, class_, *_)), place in zip(PUPILS.items(), places, strict=True)
    ]
    if luck.some(0.2):
        rows.pop()
    roster = await phone.actions.roster.read(workbook(rows))
    plan = await phone.actions.roster.plan(roster, keep_missing=luck.some(0.5))
    if plan.problems:
        raise ActionFailed("roster.problems")
    await phone.actions.roster.carry_out(plan, lambda _: None)


DORM_DUTIES: tuple[Duty, ...] = (
    Duty("mark_room", mark_room),
    Duty("settle_bed", settle_bed),
    Duty("undo_room", undo_room),
    Duty("close_night", close_night),
    Duty("reopen_night", reopen_night),
    Duty("look_for_missing", look_for_missing),
    Duty("ask_for_leave", ask_for_leave),
    Duty("decide_leave", decide_leave),
    Duty("import_roster", import_roster),
)


async def _room(phone: Phone, id: str) -> RoomNight | None:
    """None where the building is not this person's, or not on this device any more."""
    me, night = await phone.me(), await phone.actions.dorms.tonight()
    return await phone.store.read(lambda c: room_night(c, me, "b1", night, id))
