"""A pupil is erased on the server: the words go from every device, its author's too."""

from datetime import datetime, timedelta, timezone

from sqlalchemy import Connection, select

from client.actions.leave import LeaveForm
from client.running import Running
from ledger.reading import open_journal
from ledger.tables import RECORDS
from ledger.tables.journal import ENTRY
from ledger.verify import verify_journal
from server.district import District
from server.roster.erasure import erase
from tests.server import running as server_process
from tests.server.school import SCHOOL
from tests.two_devices.conftest import Start, enrolment_for, until
from tests.two_devices.dorm import HOMEROOM, SUPERVISOR, found_dorm
from tests.two_devices.test_round_trip import all_synced

NOW = datetime.now(timezone(timedelta(hours=8))).replace(microsecond=0)


def about(connection: Connection, pupil: str) -> list[str]:
    """Kinds of entries about the pupil that still have their words, and the records there are."""
    leave, student = RECORDS["leave"], RECORDS["student"]
    kinds = connection.scalars(
        select(ENTRY.c.kind).where(
            ENTRY.c.subject.like(f"student:{pupil}")
            | ENTRY.c.subject.like("leave:%")
            | ENTRY.c.subject.like("reason:%"),
            ENTRY.c.body.is_not(None),
        )
    ).all()
    records = [
        *connection.scalars(select(leave.c.id).where(leave.c.student == pupil)),
        *connection.scalars(select(student.c.id).where(student.c.id == pupil)),
        *connection.scalars(select(RECORDS["leave_reason"].c.id)),
    ]
    return [*kinds, *records]


async def words_on(client: Running, pupil: str) -> list[str]:
    return await client._open_store().read(lambda c: about(c, pupil))


async def test_an_erased_pupil_is_nowhere_and_all_chains_hold(
    start: Start, server: server_process.Running, district: District
) -> None:
    found_dorm(district)
    teacher = await start("teacher", enrolment_for(district, HOMEROOM, server.address))
    supervisor = await start("supervisor", enrolment_for(district, SUPERVISOR, server.address))
    await until(lambda: all_synced(teacher) and all_synced(supervisor))
    form = LeaveForm("s1", NOW, NOW + timedelta(hours=5), reason="发烧", pick_up="李父")
    await teacher.actions.leave.request(form)
    await until(lambda: all_synced(teacher))
    await supervisor.actions.office.sync_now()
    assert await words_on(teacher, "s1") and await words_on(supervisor, "s1")

    count = erase(district.journal, SCHOOL, ["s1"])
    assert count >= 3
    with district.database.read() as connection:
        assert about(connection, "s1") == []
    for client in (teacher, supervisor):
        await client.actions.office.sync_now()
        assert await words_on(client, "s1") == []
        path = client._open_store().path
        with open_journal(path) as connection:
            report = verify_journal(connection)
        assert report.broken is None and report.erased >= 2
    assert await words_on(teacher, "s2") == ["student.set", "s2"]
    with open_journal(district.settings.effective_database_url) as connection:
        report = verify_journal(connection)
    assert (report.broken, report.erased) == (None, count)

    # The running server kept its own memory of the leave; nothing more is written about it.
    assert erase(district.journal, SCHOOL, ["s1"]) == 0
