"""The file of secrets: never plain, never half-written, and honest about a wrong passphrase."""

import asyncio
import json
import os
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from client.device.vault.errors import DamagedSecrets, SecretStoreFailed, WrongPassphrase
from client.device.vault.sealed_file import SealedFile

CHEAP = '{"format":"xunan secrets 1","log_n":14,"r":8,"p":1,"salt":"00"}\n'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "profile" / "secrets.sealed"


async def test_nothing_of_it_is_plain(path: Path) -> None:
    store = SealedFile.open(path, "a passphrase")
    await store.set("device_key", "s3cret")
    data = path.read_bytes()
    for text in (b"s3cret", b"device_key", b"passphrase"):
        assert text not in data


async def test_only_its_owner_may_read_it(path: Path) -> None:
    previous = os.umask(0)
    try:
        await SealedFile.open(path, "a passphrase").set("device_key", "s3cret")
    finally:
        os.umask(previous)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_a_wrong_passphrase_is_said_and_harms_nothing(path: Path) -> None:
    await SealedFile.open(path, "right").set("device_key", "s3cret")
    before = path.read_bytes()
    for wrong in ("wrong", "right ", "Right", ""):
        with pytest.raises(WrongPassphrase):
            SealedFile.open(path, wrong)
    assert path.read_bytes() == before
    assert await SealedFile.open(path, "right").get("device_key") == "s3cret"


async def test_the_same_passphrase_from_another_keyboard_opens_it(path: Path) -> None:
    await SealedFile.open(path, "１２３é").set("device_key", "s3cret")
    assert await SealedFile.open(path, "123e\u0301").get("device_key") == "s3cret"


def test_the_cost_stands_in_the_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    SealedFile.open(path, "a passphrase")
    line = json.loads(path.read_bytes().partition(b"\n")[0])
    assert line["format"] == "xunan secrets 1"
    assert (2 ** line["log_n"]) * line["r"] * 128 * line["p"] >= 128 * 1024 * 1024
    assert len(bytes.fromhex(line["salt"])) == 16


async def test_the_first_line_cannot_be_changed(path: Path) -> None:
    await SealedFile.open(path, "right").set("device_key", "s3cret")
    path.write_bytes(path.read_bytes().replace(b'"p":2', b'"p":1'))
    with pytest.raises(WrongPassphrase):
        SealedFile.open(path, "right")


@pytest.mark.parametrize(
    "line",
    [
        "",
        "{}\n",
        "SQLite format 3\0",
        CHEAP.replace("14", "30"),
        CHEAP.replace('"r":8', '"r":1000000'),
        CHEAP.replace("secrets 1", "secrets 2"),
        CHEAP.replace('"00"', '"zz"'),
        CHEAP,
        CHEAP.rstrip("\n"),
        "x" * (2 * 1024 * 1024),
    ],
)
def test_a_file_that_is_not_one_is_damaged_and_stays_as_it_is(path: Path, line: str) -> None:
    path.parent.mkdir()
    path.write_text(line)
    with pytest.raises(DamagedSecrets):
        SealedFile.open(path, "right")
    assert path.read_text() == line


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(min_size=12, max_size=200))
def test_any_bytes_after_a_good_line_do_not_open(tmp_path: Path, rest: bytes) -> None:
    path = tmp_path / "secrets.sealed"
    path.write_bytes(CHEAP.encode() + rest)
    with pytest.raises(WrongPassphrase):
        SealedFile.open(path, "right")


async def test_a_write_that_fails_leaves_the_old_file(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = SealedFile.open(path, "right")
    await store.set("device_key", "old")
    before = path.read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        with pytest.raises(SecretStoreFailed):
            await store.set("device_key", "new")
    assert path.read_bytes() == before
    assert os.listdir(path.parent) == [path.name]
    assert await store.get("device_key") == "old"


def test_every_write_has_a_nonce_of_its_own(path: Path) -> None:
    one = SealedFile.open(path, "right")
    first = path.read_bytes()
    one._write({})
    assert path.read_bytes() != first


async def test_many_writes_at_once_are_all_kept(path: Path) -> None:
    store = SealedFile.open(path, "right")
    await asyncio.gather(*(store.set(f"name {n}", str(n)) for n in range(20)))
    again = SealedFile.open(path, "right")
    assert [await again.get(f"name {n}") for n in range(20)] == [str(n) for n in range(20)]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_directory_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(SecretStoreFailed):
            SealedFile.open(tmp_path / "secrets.sealed", "right")
    finally:
        tmp_path.chmod(0o700)


def test_a_path_that_leads_nowhere_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SecretStoreFailed):
        SealedFile.open(tmp_path / "file" / "secrets.sealed", "right")
