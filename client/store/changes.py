"""Who wants to know when the database changed, and about what.

A topic is a subject's prefix ("round", "point" …) or one of the constants below. Listeners are
called on the event loop, after the commit.
"""

from collections.abc import Callable, Iterable

JOURNAL = "journal"
"""Own entries or what was said of them."""
SYNC = "sync"
IDENTITY = "identity"

Listener = Callable[[frozenset[str]], None]


class Changes:
    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` after every change; returns the function that ends it."""
        self._listeners.append(listener)

        def leave() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return leave

    def publish(self, topics: Iterable[str]) -> None:
        told = frozenset(topics)
        for listener in tuple(self._listeners):
            listener(told)


def topics_of(subjects: Iterable[str]) -> set[str]:
    return {subject.partition(":")[0] for subject in subjects}
