"""What actions ask of the rest of the app: ports, whose adapters are handed in."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Protocol

from client.store.attendance import Group
from client.store.hazard_lists import HazardColumn, HazardFilter
from client.store.identity import Identity
from client.store.parcel_views import BundleView


class StorageUse(Protocol):
    """What this device's data take up, in bytes."""

    @property
    def database(self) -> int: ...
    @property
    def photos(self) -> int: ...
    @property
    def freeable(self) -> int: ...


class Office(Protocol):
    """The port to the district and to what this device keeps for it. Errors carry a `word`."""

    async def sign_in_with_code(self, server: str, code: str) -> None: ...

    async def sign_in(self, server: str, username: str, password: str) -> None: ...

    async def sign_out(self) -> None: ...

    async def sync_now(self) -> bool: ...

    async def pause_sync(self) -> None: ...

    async def resume_sync(self) -> None: ...

    async def storage_use(self) -> StorageUse | None: ...

    async def free_space(self) -> int: ...

    async def export_bundle(self, target: Path | None, name: str) -> BundleView: ...

    async def take_in_bundle(self, source: str | bytes) -> BundleView: ...

    async def stop_bundle(self) -> None: ...

    async def carried_bundles(self) -> tuple[BundleView, ...]: ...


class Entrance(Protocol):
    """The port to what stands before the app can be used. Errors carry a `word`."""

    async def unlock(self, passphrase: str) -> None: ...

    async def forget_passphrase(self) -> None: ...

    async def start_over(self) -> None: ...

    async def try_again(self) -> None: ...


class Documents(Protocol):
    """The port to what is printed. Errors are `ActionFailed`."""

    async def ledger(
        self,
        identity: Identity,
        wanted: HazardFilter,
        columns: Sequence[HazardColumn],
        ending: str,
    ) -> bytes: ...

    async def notice(self, identity: Identity, hazard: str) -> bytes: ...

    async def month(self, identity: Identity, group: Group, first: date, ending: str) -> bytes: ...

    async def night(self, identity: Identity, night: date, ending: str) -> bytes: ...


class Reader(Protocol):
    """The port to the scanner."""

    def read(self, image: bytes) -> str | None: ...

    def read_still(self, image: bytes) -> str | None: ...
