"""The figures in docs/security.md are the ones in the code."""

from pathlib import Path

import pytest
from argon2 import PasswordHasher

from client.device.vault.sealed_file import FILE_NAME, NEW_LOG_N, Seal
from client.device.vault.system_keyring import SERVICE
from ledger.codes import ENROLMENT_CHARACTERS
from server.accounts import passwords, slowdown
from server.commands import ENROLMENT_HOURS
from server.settings import Settings

PAGE = " ".join((Path(__file__).parents[2] / "docs" / "security.md").read_text("utf-8").split())
SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
SEAL = Seal(log_n=NEW_LOG_N, salt="00")
HASHER = PasswordHasher()
FIGURES = [
    f"N = 2{str(NEW_LOG_N).translate(SUPERSCRIPT)}, r = {SEAL.r}, p = {SEAL.p}",
    f"`{FILE_NAME}`",
    f"`{SERVICE}`",
    f"{HASHER.time_cost} passes, {HASHER.memory_cost // 1024} MiB, {HASHER.parallelism} lanes, "
    f"{HASHER.salt_len}-byte salt, {HASHER.hash_len}-byte hash",
    f"{passwords.SHORTEST} to {passwords.LONGEST} characters",
    f"Access tokens live {Settings().access_minutes} minutes, refresh tokens "
    f"{Settings().refresh_days} days",
    f"After {slowdown.ACCOUNT_LIMIT} wrong passwords an account waits "
    f"{slowdown.FIRST_WAIT_S:.0f} seconds, then twice as long each time, up to "
    f"{slowdown.LONGEST_WAIT_S / 60:.0f} minutes; an address after {slowdown.ADDRESS_LIMIT}",
    f"{ENROLMENT_CHARACTERS * 5} random bits, one device, {ENROLMENT_HOURS:.0f} hours",
]


@pytest.mark.parametrize("figure", FIGURES)
def test_every_figure_is_the_real_one(figure: str) -> None:
    assert figure in PAGE


def test_the_password_hasher_is_the_one_described() -> None:
    assert passwords.hash_password("long enough").startswith("$argon2id$v=19$m=65536,t=3,p=4$")
