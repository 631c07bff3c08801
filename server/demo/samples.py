"""A few labels of the demo school to hold before a camera, and how they look as pictures."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import qrcode
from pydantic_core import from_json
from qrcode.constants import ERROR_CORRECT_Q
from sqlalchemy import Connection, select

from ledger.codes import point_code_text
from ledger.rules.plans import rounds_on, school_zone
from ledger.tables import RECORDS

QUIET_MODULES = 4
PIXELS_A_MODULE = 14


@dataclass(frozen=True, slots=True)
class Sample:
    """One printed label; `text` is what its symbol holds, `typed` what stands below it."""

    point: str
    name: str
    area: str
    risk: str
    text: str
    typed: str
    version: int
    void: bool


def choose_samples(
    connection: Connection, school: str, now: datetime, count: int = 5
) -> list[Sample]:
    """Labels that the open rounds still wait for, of as many areas as can be, and a void one."""
    label, point, area = RECORDS["label"], RECORDS["point"], RECORDS["area"]
    areas = _names(connection, area, school)
    details = {
        row.id: (row.name, from_json(row.detail))
        for row in connection.execute(select(point).where(point.c.school == school))
    }
    good: dict[str, Sample] = {}
    void: list[Sample] = []
    for row in connection.execute(select(label).where(label.c.school == school)):
        name, detail = details[row.point]
        sample = Sample(
            point=row.point,
            name=name,
            area=areas.get(detail["area"], ""),
            risk=detail["risk"],
            text=point_code_text(school, row.token),
            typed=row.typed,
            version=row.version,
            void=bool(row.void),
        )
        if sample.void:
            void.append(sample)
        elif not detail["retired"]:
            good[row.point] = sample
    wanted = [good[id] for id in _waited_for(connection, school, now) if id in good]
    rest = [good[id] for id in sorted(good) if good[id] not in wanted]
    return [*_spread([*wanted, *rest], count), *void[:1]]


def picture(text: str) -> bytes:
    """The symbol as a PNG, with the quiet zone it needs on a dark screen."""
    code = qrcode.QRCode(
        error_correction=ERROR_CORRECT_Q, border=QUIET_MODULES, box_size=PIXELS_A_MODULE
    )
    code.add_data(text, optimize=0)
    code.make(fit=True)
    stream = io.BytesIO()
    code.make_image().save(stream)
    return stream.getvalue()


def _waited_for(connection: Connection, school: str, now: datetime) -> list[str]:
    """Points of the rounds that are open now and where nobody was yet, in walking order."""
    plan, checkin = RECORDS["plan"], RECORDS["checkin"]
    plans = [
        (row.id, from_json(row.detail))
        for row in connection.execute(select(plan).where(plan.c.school == school))
    ]
    today = now.astimezone(school_zone(480))
    points: list[str] = []
    for day in (today.date(), today.date() - timedelta(days=1)):
        for planned in rounds_on(day, plans, school_zone(480)):
            if planned.opens <= today < planned.closes:
                done = set(
                    connection.scalars(
                        select(checkin.c.point).where(
                            checkin.c.school == school, checkin.c.subject == planned.subject
                        )
                    )
                )
                points += [id for id in planned.points if id not in done]
    return points


def _spread(samples: Sequence[Sample], count: int) -> list[Sample]:
    """The first of every area, in order; then, if that is too few, the others."""
    firsts: dict[str, Sample] = {}
    for sample in samples:
        firsts.setdefault(sample.area, sample)
    others = [sample for sample in samples if sample not in firsts.values()]
    return [*firsts.values(), *others][:count]


def _names(connection: Connection, table: Any, school: str) -> dict[str, str]:
    rows = connection.execute(select(table.c.id, table.c.name).where(table.c.school == school))
    return {row.id: row.name for row in rows}
