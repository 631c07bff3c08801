"""The demo school's hazards: one in every state, so that every desk and phone has work to show."""

import hashlib
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from ledger.entry import Body, Entry
from ledger.rules.hazards import bodies
from ledger.rules.hazards.bodies import Category, HazardGrade, Lane, PhotoNote, PhotoUse, Source
from server.demo.pictures import picture
from server.demo.walks import Walker, repeatable_id

DECIDES: Final = "s01"
FINDERS: Final = ("s31", "s32", "s33")
FIXES: Final = "s31"
PHONE_OF_THE_DEMO: Final = "s08"
"""王敏, whose phone `xunan demo` shows: two of them wait for her."""
ACTORS: Final = (DECIDES, *FINDERS)


@dataclass(frozen=True, slots=True)
class Told:
    """A step of a hazard's life, and the photos it names."""

    actor: str
    entry: Entry
    photos: tuple[bytes, ...]


@dataclass(slots=True)
class Story:
    """Steps in any order of hazards; written in the order of their times."""

    today: date
    steps: list[tuple[float, str, str, str, Body, tuple[bytes, ...]]] = field(default_factory=list)

    def tell(
        self, hours: float, actor: str, kind: str, hazard: str, body: Body, *photos: bytes
    ) -> None:
        """`hours` before now."""
        self.steps.append((hours, actor, kind, hazard, body, photos))

    def found(self, hours: float, hazard: str, actor: str, colour: str = "", **told: Any) -> None:
        fixed = told.get("lane") is Lane.ON_SPOT
        photos = [picture(colour, fixed=False)] if colour else []
        photos += [picture(colour, fixed=True)] if fixed else []
        uses = (PhotoUse.BEFORE, PhotoUse.AFTER)
        notes = tuple(_note(one, use) for one, use in zip(photos, uses, strict=False))
        body = bodies.HazardReported(**told, photos=notes)
        self.tell(hours, actor, "reported", hazard, body, *photos)

    def assigned(
        self, hours: float, hazard: str, responsible: str, measure: str, days: int, **told: Any
    ) -> None:
        """`days` from today to the deadline."""
        graded = {name: told.pop(name) for name in ("category", "condition") if name in told}
        grade = HazardGrade.MAJOR if "condition" in graded else HazardGrade.GENERAL
        self.tell(
            hours, DECIDES, "graded", hazard, bodies.HazardGraded(**{"grade": grade, **graded})
        )
        body = bodies.HazardAssigned(
            responsible=responsible,
            measure=measure,
            deadline=(self.today + timedelta(days=days)).isoformat(),
            **told,
        )
        self.tell(hours - 0.02, DECIDES, "assigned", hazard, body)

    def rectified(self, hours: float, hazard: str, done: str, colour: str, funds: float) -> None:
        photo = picture(colour, fixed=True)
        body = bodies.HazardRectified(
            done=done, funds=funds, photos=(_note(photo, PhotoUse.AFTER),)
        )
        self.tell(hours, FIXES, "rectified", hazard, body, photo)


def tell_hazards(rng: random.Random, walkers: Mapping[str, Walker], now: datetime) -> list[Told]:
    """`walkers` are the devices of `ACTORS`; what each wrote is in the order of its chain."""
    story = Story(now.date())
    _waiting(story)
    _under_way(story)
    _done(story)
    seen: dict[str, int] = {}
    ids: dict[str, str] = {}
    found: list[Told] = []
    for hours, actor, kind, hazard, body, photos in sorted(story.steps, key=lambda one: -one[0]):
        at = now - timedelta(hours=hours)
        id = ids.setdefault(hazard, repeatable_id(rng, at))
        entry = walkers[actor].write(
            rng,
            f"hazard.{kind}",
            f"hazard:{id}",
            at,
            body,
            seen=seen.get(hazard, 0),
            photos=[hashlib.sha256(one).hexdigest() for one in photos],
        )
        seen[hazard] = seen.get(hazard, 0) + 1
        found.append(Told(actor, entry, photos))
    return found


def _note(photo: bytes, use: PhotoUse) -> PhotoNote:
    return PhotoNote(hash=hashlib.sha256(photo).hexdigest(), use=use)


def _waiting(story: Story) -> None:
    """Somebody has to grade and assign them."""
    story.found(
        3,
        "bikes",
        "s32",
        "#8c2f2a",
        content="男生宿舍楼门厅停着两辆电动自行车，正在充电",
        category=Category.FIRE,
        grade=HazardGrade.MAJOR,
        condition="fire-e-bikes",
        protection="已断电，搬到室外，拉了警戒线",
        area="a06",
        place="男生宿舍楼门厅",
    )
    story.found(
        20,
        "socket",
        "s33",
        "#c08a3e",
        content="三层多媒体教室讲台旁插座外壳破损，能看到铜片",
        category=Category.UTILITIES,
        area="a02",
        place="三层多媒体教室",
    )


def _under_way(story: Story) -> None:
    story.found(
        24 * 9,
        "railing",
        "s32",
        "#5a6f7d",
        content="二层走廊栏杆有一处焊点松动",
        category=Category.BUILDING,
        area="a02",
        place="二层走廊栏杆",
    )
    story.assigned(
        24 * 8.5,
        "railing",
        "s04",
        "补焊并刷漆，完成前禁止靠近",
        -2,
        category=Category.BUILDING,
        unit="总务处",
        protection="拉警戒线，课间有人值守",
        funds=800.0,
    )
    story.found(
        24 * 3,
        "hydrant",
        "s33",
        "#b3261e",
        content="二层消火栓箱门关不严，水带接口渗水",
        category=Category.FIRE,
        area="a02",
        place="二层消火栓",
    )
    story.assigned(
        24 * 2.8,
        "hydrant",
        PHONE_OF_THE_DEMO,
        "更换密封圈，校正箱门",
        4,
        category=Category.FIRE,
        unit="总务处",
    )
    story.found(
        24 * 4,
        "lamp",
        "s32",
        "#6b7f3a",
        content="东楼梯一至二层应急照明灯不亮",
        category=Category.CROWDING,
        area="a02",
        place="东楼梯一至二层",
    )
    story.assigned(24 * 3.9, "lamp", FIXES, "更换电池，逐层测试", 2, category=Category.CROWDING)
    story.rectified(5, "lamp", "换了电池，三层都已测试", "#6b7f3a", 160.0)
    story.found(
        24 * 6,
        "hose",
        "s33",
        "#7a5c3a",
        content="燃气表间软管有细小裂纹",
        category=Category.UTILITIES,
        area="a05",
        place="燃气表间",
        source=Source.INSPECTION,
    )
    story.assigned(
        24 * 5.8,
        "hose",
        FIXES,
        "更换为金属波纹管，做气密试验",
        1,
        category=Category.UTILITIES,
        protection="关闭阀门，停用该灶台",
    )
    story.rectified(40, "hose", "缠了胶带", "#7a5c3a", 0.0)
    body = bodies.HazardReturned(because="胶带不能当整改，请更换金属波纹管并附试压记录")
    story.tell(30, DECIDES, "returned", "hose", body)


def _done(story: Story) -> None:
    story.found(
        24 * 12,
        "sign",
        "s32",
        "#2f6f4f",
        content="一层安全出口指示牌脱落",
        category=Category.FIRE,
        area="a02",
        place="一层安全出口",
    )
    story.assigned(24 * 11.8, "sign", FIXES, "重新固定", 3 - 10, category=Category.FIRE)
    story.rectified(24 * 10, "sign", "用膨胀螺栓固定", "#2f6f4f", 45.0)
    story.tell(24 * 9.9, DECIDES, "accepted", "sign", bodies.HazardAccepted())
    story.tell(24 * 9.88, DECIDES, "closed", "sign", bodies.HazardClosed())
    story.found(
        26,
        "boxes",
        "s31",
        "#9a6a3c",
        content="一层东侧走廊堆着纸箱，挡住半边通道",
        category=Category.CROWDING,
        lane=Lane.ON_SPOT,
        measure="当场搬走，已和教研组说明",
        area="a02",
        place="一层东侧走廊",
    )
