"""A supervisor's phone with two rooms of four beds."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.client.dorms.house import House, built


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    house = await built(tmp_path / "phone.db")
    yield house
    house.store.close()
