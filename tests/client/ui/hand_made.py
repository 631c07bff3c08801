"""A client made by hand: views without a store behind them, actions that only remember."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, cast

import flet as ft

from client.actions.actions import Actions
from client.state.app import Phase, State
from client.state.loading import Loading
from client.state.views import (
    AreaView,
    CheckInDetail,
    CheckInFilter,
    CheckInPage,
    CheckInView,
    ItemResultView,
    ItemView,
    LabelView,
    PersonView,
    PointState,
    PointView,
    QueuedEntry,
    Reach,
    RoundPointView,
    RoundStanding,
    RoundView,
    SchoolView,
    ServerWord,
    SyncView,
)
from client.ui.context import ClientContext
from client.ui.guarded import guarded
from client.ui.layout import Layout, LayoutContext
from ledger.rules.checkins import Method, Result
from ledger.rules.evidence import Grade
from ledger.rules.places import Risk
from ledger.rules.rule import Role
from ledger.verdicts import Verdict
from tests.client.ui.flet_tree import Drawn, draw

NOW = datetime.now(UTC).astimezone()
LONG = "图书馆三层东侧电子阅览室与自习区之间的防火卷帘门及其控制箱（含手动报警按钮）"


@dataclass
class RememberedCalls:
    """Stands for actions with their ports, and loading: every call is kept, and does what it is
    told."""

    done: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)
    then: dict[str, Callable[..., Any]] = field(default_factory=dict)

    @property
    def office(self) -> "RememberedCalls":
        return self

    @property
    def entrance(self) -> "RememberedCalls":
        return self

    @property
    def hazards(self) -> "RememberedCalls":
        return self

    def __getattr__(self, name: str) -> Any:
        async def call(*arguments: Any, **named: Any) -> Any:
            self.done.append((name, (*arguments, *named.values())))
            return self.then.get(name, lambda *_, **__: None)(*arguments, **named)

        return call

    def of(self, name: str) -> list[tuple[Any, ...]]:
        return [arguments for called, arguments in self.done if called == name]


class HandMade:
    """What screens call a client."""

    def __init__(self, *roles: Role) -> None:
        self.calls = RememberedCalls()
        self.state = State()
        app = self.state.app
        app.phase, app.now = Phase.READY, NOW
        app.person = PersonView("s1", "陈晓", roles or (Role.PRINCIPAL,), True)
        app.school = SchoolView("SY01", "实验学校", "示范区教育局", 480)
        app.server, app.device_name = "https://xunan.example", "办公室电脑"
        app.sync = sync()
        desk = self.state.desk
        desk.areas = (AreaView("gate", "校门", "s1", 0), AreaView("dorm", "宿舍楼", "s1", 1))
        desk.people = (PersonView("t1", "王敏", (Role.TEACHER,), True),)

    @property
    def actions(self) -> Actions:
        return cast(Actions, self.calls)

    @property
    def loading(self) -> Loading:
        return cast(Loading, self.calls)

    def wake(self, metered: bool | None = None) -> None:
        self.calls.done.append(("wake", ()))


async def show(client: HandMade, screen: Callable[[], Any], layout: Layout = Layout.WIDE) -> Drawn:
    """Draw a screen with this client around it."""

    @guarded
    def around() -> Any:
        return ClientContext(client, partial(LayoutContext, layout, screen))

    return await draw(around, width=390 if layout.is_phone else 1440)


async def show_view(client: HandMade, view: Callable[[], ft.View]) -> Drawn:
    def around() -> ft.View:
        return cast(ft.View, ClientContext(client, partial(LayoutContext, Layout.PHONE, view)))

    return await draw(around)


def sync(**changes: Any) -> SyncView:
    return replace(
        SyncView(
            reach=Reach.ONLINE,
            since=NOW - timedelta(minutes=12),
            last_complete=NOW,
            pending=0,
            held=0,
            refused=0,
            problem="",
            word=ServerWord.WHOLE,
            confirmed=7,
            written=7,
        ),
        **changes,
    )


def check_in(id: str = "c1", **changes: Any) -> CheckInView:
    plain = CheckInView(
        id=id,
        at=NOW,
        day=NOW.date().isoformat(),
        plan="daily",
        plan_name="日巡查",
        slot=0,
        round_name="晨间",
        area="gate",
        area_name="校门",
        point="p1",
        point_name="南门保安室",
        actor="t1",
        actor_name="王敏",
        result=Result.NORMAL,
        grade=Grade.A,
        late=False,
        withdrawn=False,
        verdict=Verdict.ACCEPTED,
    )
    return replace(plain, **changes)


def detail(line: CheckInView, **changes: Any) -> CheckInDetail:
    plain = CheckInDetail(
        line=line,
        device_at=None,
        device_name="王敏的手机",
        opens=NOW - timedelta(hours=1),
        closes=NOW + timedelta(hours=1),
        method=Method.SCAN,
        doubts=(),
        items=(ItemResultView("门体牢固", Result.NORMAL, ""),),
        note="",
        seq=41,
        entry_hash="ab" * 32,
    )
    return replace(plain, **changes)


def page(*rows: CheckInView, total: int | None = None, number: int = 0) -> CheckInPage:
    return CheckInPage(rows, len(rows) if total is None else total, number)


def stop(point: str, state: PointState, **changes: Any) -> RoundPointView:
    plain = RoundPointView(point, f"{point} 号点", "校门", Risk.RED, state)
    if state in (PointState.DONE, PointState.LATE):
        plain = replace(plain, check_in=f"c-{point}", at=NOW, by="王敏")
    return replace(plain, **changes)


def round_(*points: RoundPointView, **changes: Any) -> RoundView:
    plain = RoundView(
        subject="round:daily:2026-11-22:0",
        plan="daily",
        plan_name="日巡查",
        name="晨间",
        day=NOW.date().isoformat(),
        slot=0,
        opens=NOW - timedelta(hours=1),
        closes=NOW + timedelta(hours=1),
        standing=RoundStanding.OPEN,
        closed=False,
        mine=False,
        points=points,
    )
    return replace(plain, **changes)


def point(id: str = "p1", **changes: Any) -> PointView:
    plain = PointView(
        id=id,
        name="南门保安室",
        area="gate",
        area_name="校门",
        risk=Risk.RED,
        items=(ItemView("1", "门体牢固", "每日检查"),),
        labels=(LabelView("AAAAAAAAA1", "12345674", 1, False),),
        spot=None,
        order=1,
        seen=2,
    )
    return replace(plain, **changes)


def queued(number: int = 1, **changes: Any) -> QueuedEntry:
    plain = QueuedEntry(
        id=f"e{number}",
        number=number,
        kind="checkin.recorded",
        at=NOW,
        about="南门保安室",
        verdict=Verdict.ACCEPTED,
        reason=None,
        detail=(),
    )
    return replace(plain, **changes)


TODAY = CheckInFilter(day_from=NOW.date().isoformat(), day_to=NOW.date().isoformat())
