"""The screens' state follows the store, whatever happens on the way."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from client.state import loading as module
from client.state.app import State
from client.state.loading import Loading
from client.store.store import Store


class _Clock:
    def true_now(self) -> datetime:
        return datetime.now(UTC)


async def _second(read: list[set[str]]) -> None:
    for _ in range(500):
        if len(read) >= 2:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("read only once")


async def test_one_failed_reading_does_not_silence_the_screens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "RESTART_S", 0.01)
    store = Store.open(tmp_path / "device.db")
    loading = Loading(store, _Clock(), State())
    await loading.start()
    read: list[set[str]] = []

    async def refresh(topics: set[str]) -> None:
        read.append(topics)
        if len(read) == 1:
            raise RuntimeError("a bug")

    monkeypatch.setattr(loading, "refresh", refresh)
    store.changes.publish({"round"})
    await _second(read)
    assert read[0] == {"round"}
    assert "all" in read[1]
    await loading.stop()
    store.close()


async def test_changes_during_a_reading_lead_to_one_more(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "device.db")
    loading = Loading(store, _Clock(), State())
    await loading.start()
    read: list[set[str]] = []
    gate = asyncio.Event()

    async def refresh(topics: set[str]) -> None:
        read.append(topics)
        await gate.wait()

    loading.refresh = refresh  # type: ignore[method-assign]
    store.changes.publish({"round"})
    await asyncio.sleep(0.01)
    for topic in ("point", "sync", "round"):
        store.changes.publish({topic})
    gate.set()
    await _second(read)
    await asyncio.sleep(0.05)
    assert read == [{"round"}, {"point", "sync", "round"}]
    await loading.stop()
    store.close()
