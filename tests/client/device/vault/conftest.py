"""A cheap seal for tests: what they try does not depend on how long a key takes to make."""

import pytest


@pytest.fixture(autouse=True)
def cheap_seal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("client.device.vault.sealed_file.NEW_LOG_N", 14)
