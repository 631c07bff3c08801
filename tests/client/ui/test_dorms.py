"""The night's screens over a real, sealed database: few taps, few rows, plain words."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import flet as ft
import pytest
from hypothesis import given
from hypothesis import strategies as st

from client import words
from client.state.app import AppState, State
from client.state.loading import Loading
from client.state.views import PersonView, RoomTile, TileState
from client.ui import theme
from client.ui.app import theme_mode
from client.ui.context import ClientContext
from client.ui.dorms.desk import desk_screen
from client.ui.dorms.floors import TILE_DP, TILES_AT_ONCE, page_of, pages_of, room_tile
from client.ui.dorms.lines import night_name
from client.ui.dorms.look import status_word
from client.ui.dorms.map import phone_map
from client.ui.dorms.missing import missing_banner, missing_view
from client.ui.dorms.room import room_view
from client.ui.dorms.waiting import waiting_nights
from client.ui.guarded import guarded
from client.ui.layout import Layout, LayoutContext
from client.ui.places import destinations
from client.ui.redraw import redraw_where_shown
from ledger.rules.dorms.nights import night_of
from ledger.rules.dorms.statuses import Status
from ledger.rules.rule import Role
from tests.client.dorms.house import EVENING, NAMES, House, built
from tests.client.ui.flet_tree import Drawn, draw, within
from tests.client.ui.hand_made import RememberedCalls

STATUS_LETTERS = 14
PATIENCE_S = 10.0
redraw_where_shown()


@dataclass
class Client:
    """Real reads and real actions; nobody syncs."""

    house: House
    state: State
    loading: Loading

    @property
    def actions(self) -> Any:
        calls = RememberedCalls()
        return _Actions(calls, self.house)

    def wake(self, metered: bool | None = None) -> None:
        pass


@dataclass
class _Actions:
    office: RememberedCalls
    house: House

    @property
    def dorms(self) -> Any:
        return self.house.actions


async def opened(house: House) -> Client:
    state = State()
    client = Client(house, state, Loading(house.store, house, state))
    await client.loading.start()
    await client.loading.show_roll_call()
    await client.loading.show_building("b1")
    return client


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[Client]:
    client = await opened(await built(tmp_path / "phone.db", rooms=60, beds=8))
    yield client
    await client.loading.stop()
    client.house.store.close()


async def shown(client: Client, screen: Callable[..., Any], layout: Layout = Layout.PHONE) -> Drawn:
    def around() -> Any:
        return ClientContext(client, partial(LayoutContext, layout, screen))

    if screen in (room_view, missing_view):

        def view() -> ft.View:
            return around()

        return await draw(view)
    return await draw(around)


async def until(screen: Drawn, what: Callable[[], object]) -> None:
    deadline = asyncio.get_running_loop().time() + PATIENCE_S
    while not what():
        assert asyncio.get_running_loop().time() < deadline, screen.words()
        await asyncio.sleep(0.005)
        await screen.settle()


async def state_says(what: Callable[[], object]) -> None:
    """As `until`, without reading the screen: that is dear for sixty rooms."""
    deadline = asyncio.get_running_loop().time() + PATIENCE_S
    while not what():
        assert asyncio.get_running_loop().time() < deadline
        await asyncio.sleep(0.002)


@pytest.mark.long
async def test_sixty_rooms_with_ten_exceptions_cost_eighty_taps(client: Client) -> None:
    await client.loading.open_room("101")
    screen = await shown(client, room_view)
    dorms, taps = client.state.dorms, 0
    for number in range(60):
        room = dorms.room
        assert room is not None
        if number % 6 == 0:
            await screen.press(room.beds[3].name)
            await screen.press("晚归")
            taps += 2
            await state_says(lambda: dorms.room and dorms.room.beds[3].status is Status.LATE)
        await screen.settle()
        await screen.press("全到")
        taps += 1
        if number < 59:
            await state_says(lambda room=room: dorms.room and dorms.room.room != room.room)
    await state_says(lambda: dorms.map and dorms.map.summary.counts.may_close)
    counts = (await client.house.map()).summary.counts
    assert (counts.unmarked, counts.of(Status.LATE)) == (0, 10)
    assert taps == 60 + 2 * 10


async def test_the_map_builds_at_most_fifty_tiles_and_opens_no_name(client: Client) -> None:
    screen = await shown(client, phone_map)
    await until(screen, lambda: "开始点名" in screen.words())
    words = screen.words()
    assert words.count("未点，0/8") <= TILES_AT_ONCE
    assert not any(name in words for name in NAMES)
    assert "0 / 60 间" in words


async def test_a_pupil_is_found_by_initials_and_leads_to_the_room(client: Client) -> None:
    screen = await shown(client, phone_map)
    await until(screen, lambda: "开始点名" in screen.words())
    await client.loading.find_pupils("lxy")
    await until(screen, lambda: "林小雨" in screen.words())
    assert "101 室 1 床" in screen.words()
    await client.loading.find_pupils("zzzz")
    await until(screen, lambda: "没有找到" in screen.words())


async def test_a_missing_pupils_card_says_whom_to_call_and_that_nobody_knows_yet(
    client: Client,
) -> None:
    house = client.house
    room = await house.room()
    await house.actions.mark(room, room.beds[0], Status.MISSING)
    await client.loading.open_search("b1:701:2026-03-02:s0")
    screen = await shown(client, missing_view)
    await until(screen, lambda: "林小雨" in screen.words())
    words = screen.words()
    assert "还没有通知到任何人" in words
    assert "班主任 · 赵老师" in words and "第 2 步 · 10 分钟后" in words
    dials = [one.url for one in screen.controls(ft.FilledButton) if one.url]
    assert dials[:3] == ["tel:13800000002", "tel:13800000003", "tel:13900000000"]
    await screen.press("没人接")
    await until(screen, lambda: "赵老师：没人接" in screen.words())
    await screen.press("找到了")
    await until(screen, lambda: "还没有通知到任何人" not in screen.words())
    assert await house.missing() == ()


async def test_a_banner_stands_on_every_screen_while_somebody_is_missing(client: Client) -> None:
    screen = await shown(client, missing_banner)
    assert "未归" not in screen.words()
    room = await client.house.room()
    await client.house.actions.mark(room, room.beds[0], Status.MISSING)
    await until(screen, lambda: "未归待查" in screen.words())


async def test_all_of_the_map_scrolls_and_its_tiles_grow_with_their_figures(client: Client) -> None:
    screen = await shown(client, phone_map)
    await until(screen, lambda: "101" in screen.words())
    (scrolling,) = screen.controls(ft.ListView)
    inside = {id(one) for one in within(scrolling)}
    assert {id(one) for one in screen.controls(ft.TextField)} <= inside
    tiles = [one for one in screen.controls(ft.Semantics) if (one.label or "").startswith("101 室")]
    assert tiles and all(id(one) in inside for one in tiles)
    assert isinstance(tiles[0].content, ft.Container) and tiles[0].content.width is None


async def test_a_night_all_counted_and_not_closed_is_said_to_be_open(tmp_path: Path) -> None:
    house = await built(tmp_path / "desk.db", actor="head")
    client = await opened(house)
    for room in ("101", "102"):
        await house.actions.mark_all(await house.room(room))
    screen = await shown(client, desk_screen, Layout.WIDE)
    await until(screen, lambda: "8 / 8 人" in screen.words())
    # In the list and in the detail.
    await until(screen, lambda: screen.words().count("还没有结束") == 2)
    await house.actions.close("b1", "2026-03-02", "")
    await until(screen, lambda: "点名已结束" in screen.words())
    await until(screen, lambda: "还没有结束" not in screen.words())
    await client.loading.stop()
    house.store.close()


@pytest.mark.parametrize("screen_of", [phone_map, desk_screen])
async def test_a_reopened_night_says_who_opened_it_and_why(
    tmp_path: Path, screen_of: Callable[..., Any]
) -> None:
    house = await built(tmp_path / "desk.db", actor="head")
    client = await opened(house)
    for room in ("101", "102"):
        await house.actions.mark_all(await house.room(room))
    await house.actions.close("b1", "2026-03-02", "走廊灯不亮，已报修")
    layout = Layout.PHONE if screen_of is phone_map else Layout.WIDE
    screen = await shown(client, screen_of, layout)
    await until(screen, lambda: "走廊灯不亮，已报修" in screen.words())
    await house.actions.reopen("b1", "2026-03-02", "家长说孩子没有回来")
    said = "林校长 重新打开 · 今天 22:10 · 家长说孩子没有回来"
    await until(screen, lambda: said in screen.words())
    await house.actions.close("b1", "2026-03-02", "")
    await until(screen, lambda: said not in screen.words())
    await client.loading.stop()
    house.store.close()


@pytest.mark.parametrize(
    ("now", "night", "said"),
    [
        ("2026-03-02T22:10", "2026-03-02", "今晚查寝"),
        ("2026-03-03T00:30", "2026-03-02", "今晚查寝"),
        ("2026-03-03T08:00", "2026-03-02", "昨晚查寝"),
        ("2026-03-03T15:00", "2026-03-02", "昨晚查寝"),
        ("2026-03-03T00:30", "2026-03-01", "查寝 · 3月1日"),
        ("2026-03-05T15:00", "2026-03-02", "查寝 · 3月2日"),
    ],
)
def test_a_night_is_called_what_it_is(now: str, night: str, said: str) -> None:
    moment = datetime.fromisoformat(f"{now}:00+08:00")
    assert night_name(night, night_of(moment), moment) == said


async def test_the_desk_shows_a_closing_with_its_exceptions(tmp_path: Path) -> None:
    house = await built(tmp_path / "desk.db", actor="head")
    client = await opened(house)
    for room in ("101", "102"):
        await house.actions.mark_all(await house.room(room))
    room = await house.room()
    await house.actions.mark(room, room.beds[1], Status.SICK, where="市一院")
    screen = await shown(client, desk_screen, Layout.WIDE)
    await until(screen, lambda: "应到 8，在寝 7" in screen.words())
    assert "市一院" in screen.words() and "还没有结束" in screen.words()
    await house.actions.close("b1", "2026-03-02", "一切正常")
    await until(screen, lambda: "林校长 22:10 结束点名" in screen.words())
    await client.loading.stop()
    house.store.close()


async def test_the_inbox_names_who_is_missing_and_who_is_elsewhere_unexplained(
    tmp_path: Path,
) -> None:
    house = await built(tmp_path / "desk.db", actor="head")
    client = await opened(house)
    screen = await shown(client, waiting_nights, Layout.WIDE)
    room = await house.room()
    await house.actions.mark(room, room.beds[0], Status.MISSING)
    await house.actions.mark(room, room.beds[1], Status.LATE)
    await house.actions.mark(room, room.beds[2], Status.SICK)
    await until(screen, lambda: "查寝异常 2 项" in screen.words())
    words = screen.words()
    assert words.count("林小雨") == 1 and "陈子轩" in words and "王欣怡" not in words
    await screen.press("陈子轩")
    await until(screen, lambda: client.state.dorms.room is not None)
    room = await house.room()
    await house.actions.mark(room, room.beds[0], Status.FOUND)
    await house.actions.mark(room, room.beds[1], Status.PRESENT)
    await until(screen, lambda: "查寝异常" not in screen.words())
    await client.loading.stop()
    house.store.close()


def person(*roles: Role) -> PersonView:
    return PersonView("x", "某人", roles, True)


@pytest.mark.parametrize("role", [one for one in Role if one is not Role.SERVER])
def test_the_bar_has_five_places_at_most_and_the_roll_for_those_whose_night_it_is(
    role: Role,
) -> None:
    bar = [one.id for one in destinations(person(role), phone=True)]
    assert len(bar) <= 5
    assert ("dorms" in bar) is (role in (Role.DORM_SUPERVISOR, Role.DUTY_LEADER))
    rail = [one.id for one in destinations(person(role), phone=False)]
    markers = (Role.DORM_SUPERVISOR, Role.DUTY_LEADER, Role.SAFETY_OFFICER, Role.PRINCIPAL)
    assert ("dorms" in rail) is (role in markers)


@pytest.mark.parametrize(
    ("hour", "chosen", "role", "dark"),
    [
        (21, False, Role.DORM_SUPERVISOR, True),
        (2, False, Role.DORM_SUPERVISOR, True),
        (19, False, Role.DORM_SUPERVISOR, False),
        (21, True, Role.DORM_SUPERVISOR, False),
        (21, False, Role.TEACHER, False),
    ],
)
def test_the_roll_is_dark_at_night_unless_the_person_chose_otherwise(
    hour: int, chosen: bool, role: Role, dark: bool
) -> None:
    now: datetime = EVENING.replace(hour=hour)
    app = AppState(person=person(role), now=now, theme_chosen=chosen, theme="light")
    assert theme_mode(app) is (ft.ThemeMode.DARK if dark else ft.ThemeMode.LIGHT)


@given(st.lists(st.integers(1, 130), max_size=8))
def test_floors_are_paged_whole_and_in_their_order(floors: list[int]) -> None:
    tiles = tuple(
        RoomTile(f"{floor}-{n}", str(floor), TileState.OPEN, 0, 8, 0, False)
        for floor, count in enumerate(floors)
        for n in range(count)
    )
    pages = pages_of(tiles)
    assert tuple(tile for page in pages for tile in page.tiles) == tiles
    assert all(len(page.tiles) <= TILES_AT_ONCE for page in pages)
    assert page_of(pages, lambda tile: False) == 0


@pytest.mark.parametrize(("language", "said"), [("zh_CN", "1–3 层"), ("en", "Floors 1–3")])
def test_several_floors_are_named_once(language: str, said: str) -> None:
    tiles = tuple(RoomTile(f"{n}01", str(n), TileState.OPEN, 0, 8, 0, False) for n in (1, 2, 3))
    words.use(language)
    try:
        assert [page.title for page in pages_of(tiles)] == [said]
    finally:
        words.use("zh_CN")


def test_every_status_is_a_button_of_one_line_in_english() -> None:
    """They stand two beside each other on a phone, and alone: each begins like a label."""
    words.use("en")
    try:
        for said in map(status_word, (None, *Status)):
            assert said[0].isupper(), said
            assert len(said) <= STATUS_LETTERS, said
    finally:
        words.use("zh_CN")


async def test_five_rooms_stand_beside_each_other_on_a_phone_edges_and_all() -> None:
    assert 5 * TILE_DP + 4 * theme.STEP <= 390 - 2 * theme.STEP_2
    for state in TileState:
        room = RoomTile("101", "1", state, 0, 8, 0, False)
        drawn = await draw(guarded(lambda room=room: room_tile(room, lambda _room: None)))
        assert _width_of(drawn) == TILE_DP


def _width_of(drawn: Drawn) -> float:
    (face,) = [one for one in drawn.controls(ft.Container) if one.on_click]
    (room,) = [one for one in drawn.controls(ft.Container) if one.height == 0]
    assert isinstance(face.padding, ft.Padding) and room.width
    assert face.border and isinstance(face.border, ft.Border)
    edges = face.border.left.width + face.border.right.width
    return room.width + face.padding.left + face.padding.right + edges
