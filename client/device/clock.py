"""The device's clock with what vouches for it."""

import contextlib
import secrets
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from ledger.clock import Contact, Stamp, estimated_offset, meet, stamp

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_PROCESS = secrets.token_hex(6)


def uptime() -> float:
    """Seconds that no setting of the clock changes; counts sleep where the system can."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


def boot_id() -> str:
    """Names the stretch in which `uptime` is comparable: a boot, or else this process."""
    with contextlib.suppress(OSError):
        return _BOOT_ID.read_text().strip()[:13]
    return _PROCESS


class DeviceClock:
    """Tells the time and remembers the last contact with the server."""

    def __init__(
        self,
        contact: Contact | None = None,
        *,
        now: Callable[[], datetime] = lambda: datetime.now().astimezone(),
        uptime: Callable[[], float] = uptime,
        boot: str | None = None,
    ) -> None:
        self.contact = contact
        self._now = now
        self._uptime = uptime
        self._boot = boot if boot is not None else boot_id()

    def stamp(self) -> Stamp:
        """The stamp for something that happens now."""
        return stamp(self._now(), self._uptime(), self._boot, self.contact)

    def meet(self, server: str) -> Contact:
        """Note the server's time; raises ValueError when the text is no time."""
        self.contact = meet(server, self._now(), self._uptime(), self._boot)
        return self.contact

    def true_now(self) -> datetime:
        """The best guess at the true time: what screens count from."""
        now = self._now()
        if self.contact is None:
            return now
        offset = estimated_offset(now, self._uptime(), self._boot, self.contact)
        return now + timedelta(seconds=offset)
