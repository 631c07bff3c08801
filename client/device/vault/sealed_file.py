"""A file of secrets under a passphrase, for machines without a keyring.

The file is one line of JSON (format, scrypt's cost and salt) and the secrets, sealed with
AES-256-GCM under the key that scrypt makes of the passphrase; the line is sealed along, so that
nobody can weaken it. Every write makes a new nonce and replaces the whole file. Forgetting the
passphrase only means signing in again.
"""

import asyncio
import contextlib
import os
import secrets
import tempfile
import unicodedata
from pathlib import Path
from typing import Annotated, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from client.device.vault.errors import DamagedSecrets, SecretStoreFailed, WrongPassphrase

FILE_NAME = "secrets.sealed"
FILE_LIMIT_BYTES = 1024 * 1024
NEW_LOG_N = 16
"""scrypt's cost for a new file: 2^16 blocks of 1 KiB, twice over; 64 MiB and some tenths of a
second."""
NONCE_BYTES = 12
SALT_BYTES = 16
Base16 = Annotated[str, Field(pattern=r"^([0-9a-f]{2})+$", max_length=128)]


class Seal(BaseModel):
    """The first line of the file. What is dear is bounded: a forged line must not eat the
    machine's memory (2^20 and 8 are 1 GiB)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["xunan secrets 1"] = "xunan secrets 1"
    log_n: Annotated[int, Field(ge=14, le=20)]
    r: Annotated[int, Field(ge=8, le=8)] = 8
    p: Annotated[int, Field(ge=1, le=4)] = 2
    salt: Base16

    def line(self) -> bytes:
        return self.model_dump_json().encode() + b"\n"

    def key(self, passphrase: str) -> bytes:
        """Slow on purpose. The same passphrase typed on another keyboard is the same text."""
        text = unicodedata.normalize("NFKC", passphrase).encode()
        scrypt = Scrypt(bytes.fromhex(self.salt), 32, 2**self.log_n, self.r, self.p)
        return scrypt.derive(text)


_SECRETS = TypeAdapter(dict[str, str])


class SealedFile:
    """An opened file of secrets; what it holds is in memory until the process ends."""

    def __init__(self, path: Path, seal: Seal, key: bytes, held: dict[str, str]) -> None:
        self._path = path
        self._seal = seal
        self._aes = AESGCM(key)
        self._held = held
        self._writing = asyncio.Lock()

    def __repr__(self) -> str:
        return f"SealedFile({str(self._path)!r})"

    @classmethod
    def open(cls, path: Path, passphrase: str) -> "SealedFile":
        """Open the file, or make an empty one. Blocks for some tenths of a second.

        Raises `WrongPassphrase`, `DamagedSecrets` and `SecretStoreFailed`.
        """
        if not passphrase:
            raise WrongPassphrase("empty")
        try:
            data = path.read_bytes() if path.stat().st_size <= FILE_LIMIT_BYTES else b""
        except FileNotFoundError:
            seal = Seal(log_n=NEW_LOG_N, salt=secrets.token_bytes(SALT_BYTES).hex())
            fresh = cls(path, seal, seal.key(passphrase), {})
            fresh._write({})
            return fresh
        except OSError as error:
            raise SecretStoreFailed(type(error).__name__) from error
        return cls._unseal(path, data, passphrase)

    @classmethod
    def _unseal(cls, path: Path, data: bytes, passphrase: str) -> "SealedFile":
        line, end, rest = data.partition(b"\n")
        try:
            seal = Seal.model_validate_json(line)
        except ValidationError as error:
            raise DamagedSecrets("the first line") from error
        if not end or len(rest) < NONCE_BYTES:
            raise DamagedSecrets("too short")
        key = seal.key(passphrase)
        try:
            plain = AESGCM(key).decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], line + end)
        except InvalidTag:
            # A damaged file looks the same, but a typing error is by far the likelier.
            raise WrongPassphrase("does not open") from None
        try:
            return cls(path, seal, key, _SECRETS.validate_json(plain))
        except ValidationError:
            raise DamagedSecrets("the contents") from None

    async def get(self, name: str) -> str | None:
        return self._held.get(name)

    async def set(self, name: str, secret: str) -> None:
        await self._replace({name: secret})

    async def delete(self, name: str) -> None:
        if name in self._held:
            await self._replace({name: None})

    async def _replace(self, changes: dict[str, str | None]) -> None:
        async with self._writing:
            held = {k: v for k, v in {**self._held, **changes}.items() if v is not None}
            await asyncio.to_thread(self._write, held)
            self._held = held

    def _write(self, held: dict[str, str]) -> None:
        """Replace the file by a complete new one, or leave the old one as it was."""
        line, nonce = self._seal.line(), secrets.token_bytes(NONCE_BYTES)
        data = line + nonce + self._aes.encrypt(nonce, _SECRETS.dump_json(held), line)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            # mkstemp makes it readable by its owner alone.
            descriptor, name = tempfile.mkstemp(dir=self._path.parent, prefix=f".{FILE_NAME}.")
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                Path(name).replace(self._path)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
            self._flush_directory()
        except OSError as error:
            raise SecretStoreFailed(type(error).__name__) from error

    def _flush_directory(self) -> None:
        # Windows can't open a directory, and renames there are durable without it.
        with contextlib.suppress(PermissionError):
            directory = os.open(self._path.parent, os.O_RDONLY)
            try:
                os.fsync(directory)
            finally:
                os.close(directory)
