"""Patrol plans, and the rounds they mean on a given day.

A plan says which points, on which weekdays, in which windows of time, by whom; each occurrence
is a round with an identity that every phone computes alike, so that two teachers can walk one
round together without asking a server.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field

from ledger.entry import Body, Name
from ledger.rules.places import SETTERS, Part
from ledger.rules.reference import ReferenceRule

TimeOfDay = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class Rhythm(StrEnum):
    """日巡查, 周排查, 月报告, and the inspections at the edges of a term."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    TERM = "term"


class Window(Part):
    """When one round of the day may be walked, school time. `closes` before `opens` means the
    round ends on the next day."""

    name: Name
    opens: TimeOfDay
    closes: TimeOfDay


class PlanSet(Body):
    name: Name
    rhythm: Rhythm = Rhythm.DAILY
    weekdays: tuple[Annotated[int, Field(ge=1, le=7)], ...] = (1, 2, 3, 4, 5, 6, 7)
    """ISO weekdays on which the plan has rounds."""
    windows: Annotated[tuple[Window, ...], Field(min_length=1, max_length=24)]
    points: tuple[Name, ...]
    """Point ids in walking order."""
    staff: tuple[Name, ...] = ()
    """Who walks it; empty: anyone on duty."""
    starts_on: date | None = None
    ended: bool = False


class PlanRule(ReferenceRule):
    prefix = "plan"
    table = "plan"
    bodies = {"plan.set": PlanSet}
    writers = {"plan.set": SETTERS}


@dataclass(frozen=True, slots=True)
class RoundPlanned:
    """One occurrence of a plan. Times are aware, in school time."""

    subject: str
    plan: str
    plan_name: str
    name: str
    day: str
    slot: int
    opens: datetime
    closes: datetime
    points: tuple[str, ...]
    staff: tuple[str, ...]


def school_zone(utc_offset_minutes: int) -> timezone:
    """A school's clock. China keeps one offset all year, so a fixed one is exact."""
    return timezone(timedelta(minutes=utc_offset_minutes))


def round_subject(plan: str, day: str, slot: int) -> str:
    return f"round:{plan}:{day}:{slot}"


def free_round_subject(staff: str, day: str) -> str:
    """Check-ins outside any plan are kept together by person and day."""
    return f"round:free:{staff}:{day}"


def rounds_on(
    day: date, plans: Iterable[tuple[str, Mapping[str, Any]]], zone: timezone
) -> list[RoundPlanned]:
    """All rounds that the plans (id, body fields) mean on `day`, by opening time."""
    rounds = []
    for plan_id, fields in plans:
        plan = PlanSet.model_validate(fields)
        if plan.ended or day.isoweekday() not in plan.weekdays:
            continue
        if plan.starts_on is not None and day < plan.starts_on:
            continue
        for slot, window in enumerate(plan.windows):
            opens = datetime.combine(day, time.fromisoformat(window.opens), zone)
            closes = datetime.combine(day, time.fromisoformat(window.closes), zone)
            if closes <= opens:
                closes += timedelta(days=1)
            rounds.append(
                RoundPlanned(
                    subject=round_subject(plan_id, day.isoformat(), slot),
                    plan=plan_id,
                    plan_name=plan.name,
                    name=window.name,
                    day=day.isoformat(),
                    slot=slot,
                    opens=opens,
                    closes=closes,
                    points=plan.points,
                    staff=plan.staff,
                )
            )
    return sorted(rounds, key=lambda found: (found.opens, found.plan))
