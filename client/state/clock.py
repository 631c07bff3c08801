"""The port to the device's clock for whatever is read by the time of day."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    def true_now(self) -> datetime:
        """The device's time, corrected by what it knows of the server's."""
        ...
