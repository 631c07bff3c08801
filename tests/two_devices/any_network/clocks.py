"""One true time for everybody, and clocks that may be wrong about it."""

from datetime import datetime, timedelta, timezone

SCHOOL_ZONE = timezone(timedelta(hours=8))
MONDAY = datetime(2026, 3, 2, 7, 0, tzinfo=SCHOOL_ZONE)


class TrueTime:
    """Passes only when it is told to, and a little with every look."""

    LOOK = timedelta(milliseconds=7)

    def __init__(self) -> None:
        self.now = MONDAY

    def __call__(self) -> datetime:
        self.now += self.LOOK
        return self.now

    def passes(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class Watch:
    """A device's clock: as wrong as somebody has set it, in whatever zone, over an uptime that
    nobody can set."""

    def __init__(self, time: TrueTime) -> None:
        self._time = time
        self.wrong_by = timedelta()
        self.zone = SCHOOL_ZONE
        self.boots = 1
        self._booted = time.now

    def now(self) -> datetime:
        return (self._time() + self.wrong_by).astimezone(self.zone)

    def uptime(self) -> float:
        return (self._time() - self._booted).total_seconds()

    @property
    def boot(self) -> str:
        return f"boot-{self.boots}"

    def boots_again(self) -> None:
        self.boots += 1
        self._booted = self._time.now
