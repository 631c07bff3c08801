"""The server's clock, written one way everywhere so that times compare as texts."""

from collections.abc import Callable
from datetime import UTC, datetime

Now = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


def moment(at: datetime) -> str:
    """ISO 8601 in UTC with milliseconds: the same length always, so texts sort as times."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds")
