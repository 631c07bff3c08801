"""What is done, and the luck it chooses by."""

import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from tests.two_devices.any_network.phone import Phone

T = TypeVar("T")


class Luck(random.Random):
    """Chooses; the same number chooses the same."""

    def pick(self, of: Sequence[T]) -> T | None:
        return of[self.randrange(len(of))] if of else None

    def some(self, probability: float) -> bool:
        return self.random() < probability


@dataclass(frozen=True, slots=True)
class Duty:
    name: str
    do: Callable[[Phone, Luck], Awaitable[object]]

    def __repr__(self) -> str:
        return self.name
