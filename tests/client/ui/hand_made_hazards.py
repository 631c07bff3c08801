"""Hazards made by hand, for screens without a store behind them."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import flet as ft

from client.actions.decide_hazard import HazardDone
from client.state.views import (
    HazardDetail,
    HazardFigures,
    HazardLine,
    HazardPage,
    PhotoReach,
    PhotoView,
)
from ledger.rules.evidence import Grade
from ledger.rules.hazards.bodies import Category, HazardGrade, Lane, PhotoOrigin, PhotoUse, Source
from ledger.rules.hazards.conditions import national_list
from ledger.rules.hazards.overdue import Climbed
from ledger.rules.hazards.states import HazardState
from tests.client.ui.flet_tree import Drawn
from tests.client.ui.hand_made import NOW, HandMade

BATTERY = next(one for one in national_list() if one.id == "fire-e-bikes")


def line(id: str = "h1", **changes: Any) -> HazardLine:
    plain = HazardLine(
        id=id,
        subject=f"hazard:{id}",
        number="2026-0012",
        state=HazardState.RECTIFIED,
        lane=Lane.DEADLINE,
        grade=HazardGrade.GENERAL,
        category=Category.FIRE,
        source=Source.PATROL,
        area="gate",
        area_name="校门",
        point="p1",
        point_name="南门保安室",
        place="南门保安室",
        content=f"{id} 处消防栓漏水",
        reporter="t1",
        reporter_name="王敏",
        responsible="t1",
        responsible_name="王敏",
        reported_at=NOW - timedelta(days=2),
        changed_at=NOW,
        deadline=NOW.date() + timedelta(days=3),
        days_left=3,
        overdue=False,
        climbed=Climbed.NOBODY,
        asked_until=None,
        pending=False,
        photo="",
        photos=0,
        basis="",
        measure="更换阀门",
        unit="总务处",
        funds=1200.0,
        protection="",
        done_at=None,
        accepted_by_name="",
        closed_at=None,
        before=(),
        after=(),
    )
    return replace(plain, **changes)


def opened(shown: HazardLine, *may: str, **changes: Any) -> HazardDetail:
    """`may` are kinds without their "hazard."."""
    plain = HazardDetail(
        line=shown,
        before=(photo("b" * 64),),
        after=(photo("a" * 64, PhotoUse.AFTER),),
        other=(),
        steps=(),
        may=frozenset(f"hazard.{kind}" for kind in may),
        needs_protection=False,
        needs_reason=False,
        item="",
        condition=None,
        unit=shown.unit,
        measure=shown.measure,
        done="换了阀门",
        protection=shown.protection,
        funds=shown.funds,
        basis="",
        assigned_by="林静",
        assigned_at=NOW,
        acknowledged_at=None,
        done_at=None,
        accepted_by="",
        accepted_at=None,
        closed_by="",
        closed_at=None,
        returned_because="",
        times_returned=0,
        asked_because="",
        overdue_because="",
        reopened_because="",
        evidence=Grade.A,
        doubts=(),
    )
    return replace(plain, **changes)


def photo(hash: str, use: PhotoUse = PhotoUse.BEFORE, **changes: Any) -> PhotoView:
    plain = PhotoView(hash, use, PhotoOrigin.CAMERA, "王敏", NOW, "e1", PhotoReach.COMPLETE)
    return replace(plain, **changes)


def listed(*lines: HazardLine) -> HazardPage:
    return HazardPage(lines, len(lines), 0)


def in_figures(**changes: Any) -> HazardFigures:
    grades = {HazardGrade.GENERAL: 4, HazardGrade.MAJOR: 1}
    categories = {Category.FIRE: 3, Category.FOOD: 2}
    plain = HazardFigures(2025, 9, 4, 5, 2, 3, grades, categories)
    return replace(plain, **changes)


def days_ago(days: int) -> date:
    return NOW.date() - timedelta(days=days)


def principal(**then: Any) -> HandMade:
    client = HandMade()
    client.state.hazards.conditions = national_list()
    client.calls.then = {"accept": lambda *_: HazardDone((("h1", "e9"),)), **then}
    return client


def chip(drawn: Drawn, label: str) -> ft.Chip:
    return next(one for one in drawn.controls(ft.Chip) if one.label == label)


def form_button(drawn: Drawn, label: str) -> ft.FilledButton:
    """The one of the form on top: what it covers may have a button of that name, too."""
    return [one for one in drawn.controls(ft.FilledButton) if one.content == label][-1]
