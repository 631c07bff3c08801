"""A duty that is taken away and given back: the pupils' data goes with it and comes again."""

from pathlib import Path

from ledger.tables import RECORDS
from tests.two_devices.any_network.day import PEOPLE, Day
from tests.two_devices.any_network.dorm import ask_for_leave
from tests.two_devices.any_network.luck import Duty
from tests.two_devices.any_network.phone import Phone


async def leaves_of(phone: Phone) -> int:
    return await phone.store.read(lambda c: len(c.execute(RECORDS["leave"].select()).all()))


async def test_what_one_wrote_oneself_comes_back_too(tmp_path: Path) -> None:
    day = Day(tmp_path)
    try:
        await day.admit("phone", "desk")
        phone, (actor, called, usual) = day.phones["phone"], PEOPLE["phone"]
        await day.do("phone", Duty("ask_for_leave", ask_for_leave), luck=1)
        await day.sync("phone")
        assert await leaves_of(phone) == 1
        day.ground.employ(actor, called, ())
        await day.sync("phone")
        assert await leaves_of(phone) == 0, "no duty, no pupils"
        day.ground.employ(actor, called, usual)
        await day.sync("phone")
        await day.sync("phone")
        assert await leaves_of(phone) == 1
        await day.agree()
    finally:
        await day.close()


async def test_what_one_wrote_under_an_earlier_key_comes_back_too(tmp_path: Path) -> None:
    day = Day(tmp_path)
    try:
        await day.admit("phone", "desk")
        phone = day.phones["phone"]
        await day.do("phone", Duty("ask_for_leave", ask_for_leave), luck=1)
        await day.sync("phone")
        day.ground.revoke((await phone.me()).device)
        await day.sync("phone")
        assert phone.revoked
        assert await leaves_of(phone) == 0, "a device that was shut out shows no pupils"
        await phone.sign_in()
        await day.sync("phone")
        assert await leaves_of(phone) == 1
        await day.agree()
    finally:
        await day.close()
