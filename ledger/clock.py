"""What time it is, when the device's clock may be wrong and nobody can be asked.

A contact with the server fixes three readings at once: the server's time, the device's clock and
the uptime, which nobody can set. Until the device restarts, true time is the server's plus the
uptime that has passed since.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from ledger.entry import Clock

SAME_TIME = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Contact:
    """The last time the server told the time."""

    server: str
    uptime: float
    boot: str
    offset: float
    """Server time minus device time then, in seconds."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """The time of an act as it goes into an entry's header."""

    at: str
    clock: Clock


def meet(server: str, now: datetime, uptime: float, boot: str) -> Contact:
    """Note a contact. `server` is ISO 8601 with offset; raises ValueError when it isn't."""
    told = datetime.fromisoformat(server)
    if told.tzinfo is None:
        raise ValueError(f"a time without an offset: {server!r}")
    offset = (told - now).total_seconds()
    return Contact(server, uptime, boot, round(offset, 3))


def stamp(now: datetime, uptime: float, boot: str, contact: Contact | None) -> Stamp:
    """The stamp for an act at `now` (aware, device clock)."""
    offset = None if contact is None else estimated_offset(now, uptime, boot, contact)
    clock = Clock(
        uptime=round(uptime, 3),
        boot=boot,
        server=None if contact is None else contact.server,
        offset=None if offset is None else round(offset, 3),
    )
    return Stamp(now.isoformat(timespec="milliseconds"), clock)


def true_time(stamp: Stamp) -> datetime:
    """The best guess at the true time of an act; all that may decide what is old or due."""
    return datetime.fromisoformat(stamp.at) + timedelta(seconds=stamp.clock.offset or 0)


def estimated_offset(now: datetime, uptime: float, boot: str, contact: Contact) -> float:
    """Seconds to add to the device's clock to get true time, as far as can be known."""
    server = datetime.fromisoformat(contact.server)
    if boot == contact.boot and uptime >= contact.uptime:
        return (server - now).total_seconds() + uptime - contact.uptime
    # After a restart only this is sure: it is not earlier than the last contact.
    behind = (server - now).total_seconds()
    return max(contact.offset, behind)


def said_otherwise(device_at: datetime | None, shown: datetime) -> datetime | None:
    """The device's time in the zone of the one shown; None where both are the same."""
    if device_at is None or abs(device_at - shown) <= SAME_TIME:
        return None
    return device_at.astimezone(shown.tzinfo)
