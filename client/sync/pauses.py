"""How long to wait before the next try."""

import random
from collections.abc import Callable

FIRST_PAUSE_S = 2.0
LONGEST_PAUSE_S = 300.0
QUIET_PAUSE_S = 120.0
"""Between runs when all is well; the live signal makes it rarely matter."""


def pause_after(failures: int, jitter: Callable[[], float] = random.random) -> float:
    """Seconds to wait after so many failures in a row: doubling, half of it by chance, so that a
    school's phones don't all come back in the same second."""
    if failures == 0:
        return QUIET_PAUSE_S * (0.75 + jitter() / 2)
    longest = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** min(failures - 1, 16))
    return longest * (0.5 + jitter() / 2)
