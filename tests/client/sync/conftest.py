"""A school's database on one phone, for what sends and fetches."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from client.store.store import Store
from tests.client.store.office import Office, open_school


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
async def store(tmp_path: Path, office: Office) -> AsyncIterator[Store]:
    store = Store(open_school(tmp_path / "xunan.sqlite3", office))
    yield store
    store.close()
