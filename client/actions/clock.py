"""The port to the device's clock for whatever is written down."""

from datetime import datetime
from typing import Protocol

from ledger.clock import Stamp


class Clock(Protocol):
    def stamp(self) -> Stamp:
        """When something happens that happens now, with what vouches for it."""
        ...

    def true_now(self) -> datetime:
        """The device's time, corrected by what it knows of the server's."""
        ...
