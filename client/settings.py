"""Where this process keeps its data and how it was started."""

import os
import platform
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ASSETS = ROOT / "assets"
FONT = ASSETS / "fonts" / "NotoSansSC-Regular.ttf"


@dataclass(frozen=True, slots=True)
class ClientSettings:
    data: Path
    """The folder of this profile's database and, where needed, its encrypted secrets."""
    profile: str = "default"
    """Several clients on one machine are told apart by this."""
    passphrase: str | None = None
    """Opens the encrypted secrets where there is no keyring; asked for when absent."""
    enrolment: str = ""
    """An enrolment QR text to use when nobody has signed in yet."""
    device_name: str = ""

    @property
    def database(self) -> Path:
        return self.data / "xunan.db"

    @property
    def photos(self) -> Path:
        return self.data / "photos"

    @property
    def carried(self) -> Path:
        """The folder of others' bundles that wait for a network."""
        return self.data / "carried"

    @property
    def backups(self) -> Path:
        """The folder of the nightly copies."""
        return self.data / "backups"

    @classmethod
    def from_environment(cls, profile: str = "default") -> "ClientSettings":
        """Packaged apps keep their data where flet says; a checkout keeps it in storage/."""
        packaged = os.environ.get("FLET_APP_STORAGE_DATA")
        base = Path(packaged) if packaged else ROOT / "storage"
        return cls(
            data=Path(os.environ.get("XUNAN_CLIENT_DATA") or base / profile),
            profile=profile,
            passphrase=os.environ.get("XUNAN_PASSPHRASE"),
            enrolment=os.environ.get("XUNAN_ENROLMENT", ""),
            device_name=os.environ.get("XUNAN_DEVICE_NAME", ""),
        )


def app_version() -> str:
    try:
        return version("xunan")
    except PackageNotFoundError:
        # A packaged phone app carries no metadata of its own.
        return "0.1.0"


def platform_name() -> str:
    """One of "android", "ios", "windows", "macos", "linux"."""
    return {"win32": "windows", "darwin": "macos"}.get(sys.platform, sys.platform)


def device_name() -> str:
    """What the device is called in the list of devices until somebody renames it."""
    return platform.node() or platform_name()
