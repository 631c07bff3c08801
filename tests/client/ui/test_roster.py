"""名册: nothing changes before it is confirmed, and what can't be used is said."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import flet as ft
import pytest

from client.actions.roster import RosterActions
from client.store.sync_state import change_sync_state
from client.ui.context import ClientContext
from client.ui.layout import Layout, LayoutContext
from client.ui.roster.screen import roster_screen
from client.ui.roster.sentences import problem_words
from client.words import n, t
from ledger.rules.people import StaffSet
from ledger.rules.rule import Role
from tests.client.dorms.house import STAFF, House, built
from tests.client.ui.flet_tree import Drawn, draw
from tests.ledger.roster.sheets import LI, OUYANG, WANG, workbook

pytestmark = pytest.mark.asyncio

OFFICER = "officer"
PATIENCE_S = 10.0
NOT_A_SHEET = b"%PDF-1.7 a letter to the parents"


@dataclass
class Client:
    """The officer's desk: the real import over a real database."""

    house: House
    state: Any = None
    loading: Any = None

    def wake(self, metered: bool | None = None) -> None:
        pass

    @property
    def actions(self) -> Any:
        async def identity() -> object:
            return self.house.identity

        roster = RosterActions(lambda: self.house.store, self.house, identity)  # type: ignore
        return SimpleNamespace(roster=roster)


@pytest.fixture
async def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Client]:
    monkeypatch.setitem(STAFF, OFFICER, StaffSet(name="周安", roles=(Role.SAFETY_OFFICER,)))
    house = await built(tmp_path / "desk.db", actor=OFFICER, rooms=1, beds=2)
    await house.store.write(lambda c: change_sync_state(c, last_complete="2026-03-02T21:00:00Z"))
    yield Client(house)
    house.store.close()


async def chosen(client: Client, monkeypatch: pytest.MonkeyPatch, content: bytes) -> Drawn:
    """The screen after the officer chose this file."""

    async def pick_files(*_: object, **__: object) -> list[SimpleNamespace]:
        return [SimpleNamespace(name="名册.xlsx", bytes=content)]

    monkeypatch.setattr(ft.FilePicker, "pick_files", pick_files)

    def around() -> Any:
        return ClientContext(client, partial(LayoutContext, Layout.DESKTOP, roster_screen))

    screen = await draw(around, width=1440)
    assert t("roster.title") in screen.words()
    await screen.press(t("roster.choose"))
    await until(screen, lambda: "名册.xlsx" in screen.words() and not reading(screen))
    return screen


def reading(screen: Drawn) -> bool:
    return t("roster.reading", name="名册.xlsx") in screen.words()


def written(screen: Drawn) -> bool:
    return n("roster.done", 1).split("1")[0] in screen.words()


async def until(screen: Drawn, what: Callable[[], object]) -> None:
    deadline = asyncio.get_running_loop().time() + PATIENCE_S
    while not what():
        assert asyncio.get_running_loop().time() < deadline, screen.words()
        await asyncio.sleep(0.005)
        await screen.settle()


async def test_nothing_is_written_before_it_is_confirmed(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = await chosen(client, monkeypatch, workbook([LI, WANG, OUYANG]))
    words = screen.words()
    assert "李小明" in words and "欧阳若曦" in words
    assert await client.house.kinds() == []

    await screen.press(t("roster.confirm"))
    await until(screen, lambda: written(screen))
    kinds = await client.house.kinds()
    assert kinds.count("student.set") == 3
    assert kinds.count("student.left") == 2, "who is no longer in the sheet has left"


async def test_the_same_sheet_again_has_nothing_to_change(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = workbook([LI, WANG])
    roster = client.actions.roster
    plan = await roster.plan(await roster.read(sheet), keep_missing=True)
    await roster.carry_out(plan, lambda _: None)
    screen = await chosen(client, monkeypatch, sheet)
    before = await client.house.kinds()
    # Those who were there before are not in the sheet; they are to stay.
    switch = next(screen.controls(ft.Switch))
    screen.session.apply_patch(switch._i, {"value": True})
    await screen.send(switch, "change", True)
    await until(screen, lambda: t("roster.up_to_date") in screen.words())
    assert await client.house.kinds() == before


async def test_a_row_that_cannot_be_used_is_named_and_the_others_go_on(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    twice = ("9", "赵子涵", *LI[2:])
    sheet = workbook([LI, twice])
    screen = await chosen(client, monkeypatch, sheet)
    assert "李小明" in screen.words() and "有 1 行不会导入" in screen.words()
    await screen.press(t("roster.tab_troubles"))
    words = screen.words()
    assert t("roster.then_out") in words
    roster = client.actions.roster
    plan = await roster.plan(await roster.read(sheet), keep_missing=False)
    (problem,) = plan.problems
    assert problem.row == 3
    assert problem_words(problem) in words and "3" in problem_words(problem)


async def test_what_is_no_workbook_is_refused_in_words(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = await chosen(client, monkeypatch, NOT_A_SHEET)
    assert t("roster.unusable", name="名册.xlsx") in screen.words()
    assert t("roster.nothing_changed") in screen.words()
    assert await client.house.kinds() == []
