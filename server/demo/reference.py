"""The demo school's reference data as facts for the journal."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ledger.codes import new_token, typed_code
from ledger.rules.people import StaffSet
from ledger.rules.places import AreaSet, Item, Label, LabelIssued, PointSet, Spot
from ledger.rules.plans import PlanSet, Rhythm, Window
from server.demo.campus import AREAS, DAILY_DAY, DAILY_LIVING, Area
from server.demo.checklists import CHECKLISTS
from server.demo.staff import (
    BUILDINGS_OF,
    CLASSES_OF,
    DAY_WALKERS,
    LIVING_WALKERS,
    STAFF,
    phone,
)
from server.demo.walks import Stop
from server.journal.own_hand import Fact

WINDOWS: Final = (
    Window(name="晨间", opens="05:30", closes="08:30"),
    Window(name="上午", opens="08:30", closes="11:30"),
    Window(name="午间", opens="11:30", closes="14:00"),
    Window(name="下午", opens="14:00", closes="18:30"),
    Window(name="晚间", opens="18:30", closes="23:30"),
)
FRIDAY: Final = 5
DAILY_TEACHING, DAILY_LIVING_AREA, WEEKLY = "daily-teaching", "daily-living", "weekly"
REISSUED: Final = "a10:1"
"""This point's first label was torn off in the rain."""
PACE_M: Final = 6.0


@dataclass(frozen=True, slots=True)
class Reference:
    facts: Sequence[Fact]
    stops: dict[str, Stop]
    plans: dict[str, PlanSet]


def make_reference(rng: random.Random) -> Reference:
    facts = [
        Fact(
            "staff.set",
            f"staff:{id}",
            StaffSet(
                name=name,
                roles=roles,
                phone=phone(id),
                buildings=BUILDINGS_OF.get(id, ()),
                classes=CLASSES_OF.get(id, ()),
            ),
        )
        for id, name, roles in STAFF
    ]
    stops: dict[str, Stop] = {}
    by_place: dict[str, str] = {}
    for order, area in enumerate(AREAS, 1):
        responsible = STAFF[7 + order][0]
        body = AreaSet(name=area.name, responsible=responsible, order=order)
        facts.append(Fact("area.set", f"area:{area.id}", body))
        for place in range(len(area.points)):
            id = f"p{len(stops) + 1:02d}"
            labels = _labels(rng, 2 if f"{area.id}:{place}" == REISSUED else 1)
            stops[id] = stop = _stop(id, area, place, len(stops) + 1, labels)
            by_place[f"{area.id}:{place}"] = id
            facts.append(Fact("point.set", f"point:{id}", stop.point))
            facts += [Fact("label.issued", f"point:{id}", label) for label in labels]
    plans = _plans(by_place)
    facts += [Fact("plan.set", f"plan:{id}", plan) for id, plan in plans.items()]
    return Reference(facts, stops, plans)


def _labels(rng: random.Random, count: int) -> list[LabelIssued]:
    labels = []
    for version in range(1, count + 1):
        token = new_token(rng)
        label = Label(version=version, token=token, typed=typed_code(token))
        labels.append(LabelIssued(label=label, because="雨淋破损" if version > 1 else ""))
    return labels


def _stop(id: str, area: Area, place: int, order: int, labels: Sequence[LabelIssued]) -> Stop:
    name, kind, risk, floor = area.points[place]
    point = PointSet(
        area=area.id,
        name=name,
        risk=risk,
        items=tuple(
            Item(id=str(number), text=text, measure=measure)
            for number, (text, measure) in enumerate(CHECKLISTS[kind], 1)
        ),
        spot=Spot(x=area.x + PACE_M * (place % 4), y=area.y + PACE_M * (place // 4), floor=floor),
        order=order,
    )
    tokens = tuple(issued.label.token for issued in labels)
    return Stop(id, point, tokens, 1 + len(labels), labels[-1].label.typed)


def _plans(by_place: dict[str, str]) -> dict[str, PlanSet]:
    daily = {*DAILY_DAY, *DAILY_LIVING}
    return {
        DAILY_TEACHING: PlanSet(
            name="教学区日巡查",
            windows=WINDOWS,
            points=tuple(by_place[place] for place in DAILY_DAY),
            staff=tuple(dict.fromkeys(DAY_WALKERS)),
        ),
        DAILY_LIVING_AREA: PlanSet(
            name="生活区日巡查",
            windows=WINDOWS,
            points=tuple(by_place[place] for place in DAILY_LIVING),
            staff=tuple(dict.fromkeys(LIVING_WALKERS)),
        ),
        WEEKLY: PlanSet(
            name="周排查",
            rhythm=Rhythm.WEEKLY,
            weekdays=(FRIDAY,),
            windows=(Window(name="周五排查", opens="08:30", closes="17:30"),),
            points=tuple(id for place, id in by_place.items() if place not in daily),
            staff=("s02", "s03", "s04"),
        ),
    }
