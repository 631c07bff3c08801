"""Clocks that are wrong: nothing leaves, is hidden or changes its order for that."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from ledger.tables import RECORDS
from tests.two_devices.any_network.day import Day
from tests.two_devices.any_network.duties import Duty, check_in, close_round
from tests.two_devices.any_network.phone import Phone

WALK = (Duty("check_in", check_in), Duty("close_round", close_round))
YEAR = timedelta(days=366)


async def closed_rounds(phone: Phone) -> int:
    table = RECORDS["round"]
    return await phone.store.read(
        lambda c: len(c.execute(select(table.c.subject).where(table.c.closed)).all())
    )


async def test_a_phone_a_year_ahead_still_knows_todays_rounds(tmp_path: Path) -> None:
    day = Day(tmp_path)
    try:
        await day.admit("desk", "officer")
        for duty in WALK:
            await day.do("desk", duty, luck=4607)
        await day.sync("desk")
        day.phones["officer"].watch.wrong_by = YEAR
        await day.sync("officer")
        assert await closed_rounds(day.phones["officer"]) == 1
        await day.agree()
    finally:
        await day.close()
