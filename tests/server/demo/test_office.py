"""The demo's district: founded once, with an officer who can sign in there."""

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from ledger.codes import DISTRICT
from server.accounts.sign_in import sign_in
from server.demo.office import OFFICER, open_office
from server.demo.seed import PASSWORD
from server.district import District
from server.settings import Settings
from server.tables import REFRESH_TOKEN

NOW = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)


def test_it_is_opened_once_and_its_officer_gets_in(tmp_path: Path):
    settings = Settings(database_url=f"sqlite:///{tmp_path}/district.sqlite3", data=str(tmp_path))
    district = District(settings, lambda: NOW)
    try:
        for _ in range(2):
            open_office(settings.database_url, NOW, "明湖区教育局", PASSWORD)
        newest = district.journal.newest(DISTRICT)
        assert newest == 3, "the district, the server's key, the officer"
        sign_in(district.database, district.mint, OFFICER[0], PASSWORD, "127.0.0.1", NOW)
        with district.database.read() as connection:
            row = connection.execute(select(REFRESH_TOKEN)).one()
        assert (row.school, row.actor) == (DISTRICT, OFFICER[1])
    finally:
        district.close()
