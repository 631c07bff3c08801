"""What is being written is kept at every change, and no longer once it is saved.

A field tells of its words when it loses the focus, which may be after its form was saved: kept
then, they would come back as something that was never sent, and be sent a second time.
"""

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar, cast

import flet as ft

from client.ui.guarded import use_start

D = TypeVar("D")


class Keeping(Generic[D]):
    """One form's draft, from its first change until it is saved."""

    def __init__(self) -> None:
        self._newest: D | None = None
        self._saving = False

    def changed(self, draft: D) -> bool:
        """Whether this is to be written down now."""
        self._newest = draft
        return not self._saving

    def begin_to_save(self) -> bool:
        """False when that is under way, or done: a second tap must not write it twice."""
        if self._saving:
            return False
        self._saving = True
        return True

    def not_saved(self) -> D | None:
        """It goes on being a draft; returns what was changed last."""
        self._saving = False
        return self._newest


def use_keeping(
    write: Callable[[D], Awaitable[None]],
) -> tuple[Callable[[D], None], Callable[[], bool], Callable[[], None]]:
    """`keep(draft)` at every change, `begin()` before saving, `give_up()` where that failed."""
    start = use_start()
    keeping = ft.use_ref(cast(Keeping[D] | None, None))
    if keeping.current is None:
        keeping.current = Keeping()
    ours = keeping.current

    def keep(draft: D) -> None:
        if ours.changed(draft):
            start(write, draft)

    def give_up() -> None:
        newest = ours.not_saved()
        if newest is not None:
            start(write, newest)

    return keep, ours.begin_to_save, give_up
