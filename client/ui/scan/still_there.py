"""A label that was dealt with stays before the camera for a while: it is not asked about again."""

import time
from collections.abc import Callable

OUT_OF_SIGHT_S = 2.0
OUT_OF_SIGHT_LOOKS = 3
"""A slow phone may take as long for one picture; and one may be blurred."""


class StillThere:
    """The label just dealt with is still before the camera: it is no news until it has been
    out of sight, or another one was in between."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._text = ""
        self._seen = 0.0
        self._missed = 0

    def again(self, text: str) -> bool:
        now = self._clock()
        gone = self._missed >= OUT_OF_SIGHT_LOOKS and now - self._seen >= OUT_OF_SIGHT_S
        same = text == self._text and not gone
        self._text, self._seen, self._missed = text, now, 0
        return same

    def missed(self) -> None:
        """A look at which no label was there."""
        self._missed += 1

    def dealt_with(self) -> None:
        """The sheet was closed just now; the time it was open doesn't count."""
        self._seen = self._clock()
