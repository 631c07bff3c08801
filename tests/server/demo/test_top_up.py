"""Yesterday's demo shows today's rounds, and keeps what was done in it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from ledger.reading import open_journal
from ledger.tables import RECORDS
from ledger.verify import verify_journal
from server.demo.seed import seed
from server.demo.top_up import OtherDemo, top_up

THEN = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
"""Ten in the morning at the school."""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    seed(f"sqlite:///{tmp_path}/district.sqlite3", THEN, days=1, with_accounts=False)
    return tmp_path / "district.sqlite3"


def _rounds(database: Path) -> dict[tuple[str, str, int], int]:
    """Check-ins by plan, day and slot."""
    checkin = RECORDS["checkin"]
    with open_journal(database) as connection:
        rows = connection.execute(select(checkin.c.plan, checkin.c.day, checkin.c.slot)).all()
    counted: dict[tuple[str, str, int], int] = {}
    for row in rows:
        key = (row.plan, row.day, row.slot)
        counted[key] = counted.get(key, 0) + 1
    return counted


@pytest.mark.parametrize("later", [timedelta(hours=6), timedelta(days=2), timedelta(days=40)])
def test_every_round_of_the_last_days_is_walked_by_now(database: Path, later: timedelta) -> None:
    before = _rounds(database)
    assert top_up(f"sqlite:///{database}", THEN + later) > 0
    after = _rounds(database)
    assert before.items() <= after.items()
    day = (THEN + later).date().isoformat()
    assert {slot for plan, on, slot in after if on == day and plan.startswith("daily")} >= {0, 1}
    with open_journal(database) as connection:
        assert verify_journal(connection).broken is None
        assert set(connection.scalars(text("SELECT verdict FROM entry"))) == {"accepted"}


def test_a_second_time_there_is_nothing_left_to_do(database: Path) -> None:
    url, now = f"sqlite:///{database}", THEN + timedelta(days=1)
    top_up(url, now)
    assert top_up(url, now) == 0


def test_another_versions_school_is_not_touched(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/other.sqlite3"
    seed(url, THEN, days=1, number=2, with_accounts=False)
    before = _rounds(tmp_path / "other.sqlite3")
    with pytest.raises(OtherDemo):
        top_up(url, THEN + timedelta(days=1))
    assert _rounds(tmp_path / "other.sqlite3") == before
