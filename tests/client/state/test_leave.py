"""A leave that was entered just now is on the list that shows next, not on another one."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast

import pytest

from client.state.app import LeaveState as Shown
from client.state.leave import LeaveLoading
from client.store.leave import LeaveShown
from ledger.rules.dorms.leave import LeaveState
from tests.client.ui.hand_made import NOW
from tests.client.ui.leave.test_look import DETAIL, LINE

pytestmark = pytest.mark.asyncio


class _Clock:
    def true_now(self) -> datetime:
        return NOW


@pytest.mark.parametrize(
    ("state", "begins", "list_"),
    [
        (LeaveState.REQUESTED, timedelta(), LeaveShown.WAITING),
        (LeaveState.APPROVED, timedelta(), LeaveShown.AWAY),
        (LeaveState.APPROVED, timedelta(hours=9), LeaveShown.ALL),
    ],
)
async def test_what_was_entered_is_seen(
    state: LeaveState, begins: timedelta, list_: LeaveShown, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = Shown()
    loading = LeaveLoading(cast(Any, None), _Clock(), shown)
    asked: list[LeaveShown] = []

    async def open_(_identity: object, _id: str) -> None:
        shown.opened = replace(DETAIL, line=replace(LINE, state=state, starts=NOW + begins))

    async def show(_identity: object, which: LeaveShown, _page: int = 0) -> None:
        asked.append(which)

    monkeypatch.setattr(loading, "open", open_)
    monkeypatch.setattr(loading, "show", show)
    await loading.show_entered(cast(Any, None), "l1")
    assert asked == [list_]
