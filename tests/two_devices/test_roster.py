"""The safety officer imports a roster on their own device; the server comes to the same school."""

import pytest
from sqlalchemy import func, select

from client.actions.errors import ActionFailed
from client.store.sync_state import SyncState, write_sync_state
from ledger.roster.problems import Trouble, UnusableRoster
from ledger.tables import RECORDS
from ledger.tables.journal import ENTRY
from server.district import District
from tests.ledger.roster.sheets import LI, OUYANG, WANG, workbook
from tests.server import running as server_process
from tests.server.school import OFFICER
from tests.two_devices.conftest import Start, enrolment_for, until
from tests.two_devices.test_round_trip import all_synced


async def test_a_roster_is_planned_offline_written_once_and_accepted_by_the_server(
    start: Start, server: server_process.Running, district: District
) -> None:
    officer = await start("officer", enrolment_for(district, OFFICER, server.address))
    await until(lambda: all_synced(officer))
    server.stop()
    roster = officer.actions.roster
    staff = [("李老师", "班主任、宿管", "15400000009", "一号楼", "701")]
    crowd = [(str(n), f"学生{n}", "703", "男", "", "", "", "", "") for n in range(100, 500)]
    read = await roster.read(workbook([LI, WANG, OUYANG, *crowd], staff=staff))
    plan = await roster.plan(read, keep_missing=False)
    assert len(plan.added) == 403 and not plan.problems
    told: list[int] = []
    await roster.carry_out(plan, told.append)
    assert told == [300, plan.steps]
    assert (await roster.plan(read, keep_missing=False)).groups == []

    # A move: those who looked after the pupil hear of it, and those who do from now on.
    moved = (*LI[:4], "二号楼", "2", "202", "2", LI[8])
    again = await roster.read(workbook([moved, WANG, *crowd]))
    await roster.carry_out(await roster.plan(again, keep_missing=False), told.append)
    kinds = await officer._open_store().read(
        lambda c: c.scalars(select(ENTRY.c.kind).order_by(ENTRY.c.number.desc()).limit(4)).all()
    )
    assert kinds[:3] == ["student.left", "student.set", "student.left"]
    sealed = await officer._open_store().read(
        lambda c: c.scalar(select(RECORDS["student"].c.detail).limit(1))
    )
    assert "李小明" not in (sealed or "")


async def test_what_an_officer_imports_reaches_the_server(
    start: Start, server: server_process.Running, district: District
) -> None:
    officer = await start("officer", enrolment_for(district, OFFICER, server.address))
    await until(lambda: all_synced(officer))
    staff = [("李老师", "班主任", "", "", "701")]
    roster = officer.actions.roster
    plan = await roster.plan(
        await roster.read(workbook([LI, WANG, OUYANG], staff=staff)), keep_missing=False
    )
    await roster.carry_out(plan, lambda _: None)
    await officer.actions.office.sync_now()
    with district.database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(RECORDS["student"])) == 3
        assert connection.scalar(select(func.count()).select_from(RECORDS["building"])) == 2
        names = connection.scalars(select(RECORDS["staff"].c.name)).all()
    assert "李老师" in names

    # A device that has not synced yet would take everybody for new.
    server.stop()
    await officer._open_store().write(lambda c: write_sync_state(c, SyncState()))
    with pytest.raises(ActionFailed) as failed:
        await roster.plan(await roster.read(workbook([LI])), keep_missing=False)
    assert failed.value.word == "roster.sync_first"
    with pytest.raises(UnusableRoster) as wrong:
        await roster.read(b"nothing")
    assert wrong.value.problem.trouble is Trouble.NOT_A_WORKBOOK
