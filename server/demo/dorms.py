"""Two dorm buildings and some seven hundred pupils of eighteen classes, none of them real.

Their chance is their own, so that the rest of the demo school does not hang on theirs.
"""

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from ledger.roster.initials import initials
from ledger.rules.dorms.buildings import BuildingSet, Room
from ledger.rules.dorms.students import StudentSet
from server.demo.staff import CLASSES
from server.journal.own_hand import Fact

BEDS: Final = ("1", "2", "3", "4", "5", "6", "7", "8")
GIRLS, BOYS = "b1", "b2"
BUILDINGS: Final = {GIRLS: ("女生公寓", 5, 12), BOYS: ("男生公寓", 4, 10)}
"""Name, floors, rooms a floor: sixty rooms and forty."""
EMPTY_BEDS: Final = {1: 1, 3: 2, 5: 1, 7: 2, 9: 1, 11: 4}
"""How many beds of which of every dozen rooms nobody sleeps in."""
DAY_PUPILS: Final = 16
CONSENT: Final = "2026-1"
SCHOOL_YEAR_BEGAN: Final = timedelta(days=80)
FAMILY_NAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任"
    "沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔"
)
GIRLS_NAMES: Final = "雨欣悦婷佳怡梓涵思语诗琪若萱梦瑶静雅晨曦心妍芷晴书瑜可馨慧敏乐彤安然"
BOYS_NAMES: Final = "浩宇子轩俊杰天佑明哲博文志远嘉豪泽楷一鸣睿阳昊辰伟诚建国立峰凯旋家骏逸凡"


def make_dorms(today: date, number: int = 1) -> list[Fact]:
    """Buildings, then pupils. `number` seeds all chance; `today` is the day in the school's zone,
    and all have lived there since the school year began."""
    rng = random.Random(f"dorms {number}")
    since = (today - SCHOOL_YEAR_BEGAN).isoformat()
    places: list[tuple[str, dict[str, str]]] = []
    """Class and bed of each pupil."""
    facts = []
    for order, (id, (name, floors, rooms)) in enumerate(BUILDINGS.items(), 1):
        building = BuildingSet(name=name, rooms=tuple(_rooms(floors, rooms)), order=order)
        facts.append(Fact("building.set", f"building:{id}", building))
        beds = list(_beds(building.rooms))
        # Neighbours are of one class, as schools put them.
        places += [
            (CLASSES[place * len(CLASSES) // len(beds)], {"building": id, "room": room, "bed": bed})
            for place, (room, bed) in enumerate(beds)
        ]
    places += [(CLASSES[place], {"building": ""}) for place in range(DAY_PUPILS)]
    names: set[str] = set()
    for serial, (class_id, where) in enumerate(places, 1):
        girl = where["building"] == GIRLS or (not where["building"] and serial % 2 == 0)
        body = _pupil(rng, names, girl, class_id, serial, since).model_copy(update=where)
        facts.append(Fact("student.set", f"student:{rng.randbytes(6).hex()}", body))
    return facts


def _rooms(floors: int, rooms: int) -> Iterator[Room]:
    for floor in range(1, floors + 1):
        for number in range(1, rooms + 1):
            yield Room(id=f"{floor}{number:02d}", floor=str(floor), beds=BEDS)


def _beds(rooms: Sequence[Room]) -> Iterator[tuple[str, str]]:
    """Those somebody sleeps in, in walking order."""
    for place, room in enumerate(rooms):
        for bed in room.beds[: len(room.beds) - EMPTY_BEDS.get(place % 12, 0)]:
            yield room.id, bed


def _pupil(
    rng: random.Random, names: set[str], girl: bool, class_id: str, serial: int, since: str
) -> StudentSet:
    name = _name(rng, names, girl)
    return StudentSet(
        class_id=class_id,
        name=name,
        number=f"2026{class_id}{serial:04d}",
        initials=initials(name),
        sex="f" if girl else "m",
        guardian=name[0] + rng.choice(("先生", "女士")),
        # No network has numbers that begin with 154.
        phone=f"1540000{serial:04d}",
        since=since,
        consent=CONSENT,
        consent_on=since,
    )


def _name(rng: random.Random, names: set[str], girl: bool) -> str:
    given = GIRLS_NAMES if girl else BOYS_NAMES
    while True:
        name = rng.choice(FAMILY_NAMES) + "".join(rng.sample(given, rng.choice((1, 2, 2, 2))))
        if name not in names:
            names.add(name)
            return name
