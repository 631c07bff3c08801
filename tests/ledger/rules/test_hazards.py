"""A hazard's life: what may follow what, by whom; and the same state wherever it is told."""

import random
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.entry import Body
from ledger.projection import fold
from ledger.rules.hazards import bodies
from ledger.rules.hazards.bodies import (
    Category,
    HazardGrade,
    Lane,
    PhotoNote,
    PhotoOrigin,
    PhotoUse,
)
from ledger.rules.hazards.overdue import Climbed, climbed, days_left, overdue
from ledger.rules.hazards.rule import HazardRule
from ledger.rules.hazards.states import MOVES, TABLE, HazardState
from ledger.rules.registry import BY_KIND
from ledger.rules.rule import Labels
from ledger.verdicts import Reason
from tests.ledger.rules.telling import SCHOOL, Story, reason

SUBJECT = "hazard:h1"
BEFORE, AFTER = "b" * 64, "a" * 64
GRADED = bodies.HazardGraded(grade=HazardGrade.GENERAL, category=Category.FIRE)
ASSIGNED = bodies.HazardAssigned(responsible="t2", measure="更换", deadline="2026-03-09")
CLOSED = bodies.HazardClosed()
ACCEPTED = bodies.HazardAccepted()
RETURNED = bodies.HazardReturned(because="还在滴水")


def report(**fields: Any) -> bodies.HazardReported:
    return bodies.HazardReported(**{"content": "漏水", **fields})


def rectified() -> bodies.HazardRectified:
    return bodies.HazardRectified(
        done="已更换", photos=(PhotoNote(hash=AFTER, use=PhotoUse.AFTER),)
    )


class Hazard(Story):
    def __init__(self) -> None:
        super().__init__(SUBJECT)

    def do(self, kind: str, body: Body, **header: Any) -> Reason | None:
        """`seen` is everything so far unless told otherwise: the author is up to date."""
        header.setdefault("seen", len(self.history))
        header.setdefault("actor", "principal")
        header.setdefault("device", f"phone of {header['actor']}")
        photos = [one.hash for one in getattr(body, "photos", ())]
        entry = self.write(f"hazard.{kind}", body, photos=photos, **header)
        return reason(self.judge(entry))

    @property
    def row(self) -> dict[str, Any]:
        return HazardRule().records(self.state())["hazard"][0]

    def at(self, state: HazardState) -> "Hazard":
        """Told up to a state by the shortest way."""
        steps: list[tuple[HazardState, str, Body, str]] = [
            (HazardState.REGISTERED, "reported", report(), "t1"),
            (HazardState.GRADED, "graded", GRADED, "principal"),
            (HazardState.ASSIGNED, "assigned", ASSIGNED, "principal"),
            (HazardState.RECTIFIED, "rectified", rectified(), "t2"),
            (HazardState.ACCEPTED, "accepted", ACCEPTED, "principal"),
            (HazardState.CLOSED, "closed", CLOSED, "principal"),
        ]
        for reached, kind, body, actor in steps:
            assert self.do(kind, body, actor=actor) is None
            if reached is state:
                break
        return self


def test_from_the_report_to_closing() -> None:
    hazard = Hazard().at(HazardState.CLOSED)
    assert hazard.row["state"] == "closed" and hazard.row["closed_at"]
    assert [line["kind"] for line in hazard.row["detail"]["history"]] == [
        f"hazard.{name}"
        for name in ("reported", "graded", "assigned", "rectified", "accepted", "closed")
    ]


@pytest.mark.parametrize("state", [one for one in HazardState if one is not HazardState.FIXED])
@pytest.mark.parametrize("move", [move for move in TABLE if move.begins], ids=lambda one: one.kind)
def test_nothing_happens_in_a_state_the_table_does_not_name(state: HazardState, move: Any) -> None:
    if state in move.begins or state is HazardState.RETURNED:
        return
    hazard = Hazard().at(state)
    bodies_of = {
        "hazard.graded": GRADED,
        "hazard.assigned": ASSIGNED,
        "hazard.rectified": rectified(),
        "hazard.returned": RETURNED,
        "hazard.protected": bodies.HazardProtected(protection="围挡"),
        "hazard.reopened": bodies.HazardReopened(because="又漏了"),
        "hazard.extension_asked": bodies.ExtensionAsked(until="2026-03-20", because="等配件"),
        "hazard.extension_granted": bodies.ExtensionGranted(until="2026-03-20"),
        "hazard.extension_declined": bodies.ExtensionDeclined(because="太久"),
        "hazard.overdue_explained": bodies.OverdueExplained(because="停工", protection="围挡"),
    }
    body = bodies_of.get(move.kind) or move.body()
    actor = "t2" if move.kind in ("hazard.rectified", "hazard.acknowledged") else "principal"
    said = hazard.do(move.kind.partition(".")[2], body, actor=actor)
    assert said in (Reason.WRONG_STATE, Reason.ALREADY_CLOSED)
    assert hazard.row["state"] == state.value


def test_nobody_accepts_their_own_work() -> None:
    hazard = Hazard().at(HazardState.RECTIFIED)
    assert hazard.do("accepted", ACCEPTED, actor="t2") is Reason.OWN_WORK
    assert hazard.do("accepted", ACCEPTED, actor="principal") is None


def test_only_the_responsible_person_rectifies() -> None:
    hazard = Hazard().at(HazardState.ASSIGNED)
    assert hazard.do("rectified", rectified(), actor="t1") is Reason.NOT_YOURS


def test_a_deadline_in_the_past_is_refused() -> None:
    hazard = Hazard().at(HazardState.GRADED)
    late = bodies.HazardAssigned(responsible="t2", measure="换", deadline="2026-03-01")
    assert hazard.do("assigned", late) is Reason.DEADLINE_PAST
    impossible = bodies.HazardAssigned(responsible="t2", measure="换", deadline="2026-02-31")
    assert hazard.do("assigned", impossible) is Reason.UNREADABLE


def test_a_decision_on_a_closed_hazard_says_who_closed_it() -> None:
    hazard = Hazard().at(HazardState.CLOSED)
    entry = hazard.write("hazard.returned", RETURNED, actor="officer", device="o", seen=6)
    objection = hazard.judge(entry)
    assert objection is not None and objection.reason is Reason.ALREADY_CLOSED
    assert objection.detail["who"] == "principal"


def test_the_second_decision_learns_who_was_first() -> None:
    hazard = Hazard().at(HazardState.RECTIFIED)
    seen = len(hazard.history)
    assert hazard.do("returned", RETURNED, actor="officer") is None
    entry = hazard.write("hazard.accepted", ACCEPTED, actor="principal", device="desk", seen=seen)
    objection = hazard.judge(entry)
    assert objection is not None and objection.reason is Reason.LOST_RACE
    assert (objection.detail["who"], objection.detail["what"]) == ("officer", "hazard.returned")


def test_a_comment_overtakes_nobody() -> None:
    hazard = Hazard().at(HazardState.RECTIFIED)
    seen = len(hazard.history)
    assert hazard.do("commented", bodies.HazardCommented(text="看过了"), actor="t9") is None
    assert hazard.do("accepted", ACCEPTED, seen=seen) is None


def test_a_major_hazard_asks_for_protection_first() -> None:
    hazard = Hazard()
    assert hazard.do("reported", report(grade=HazardGrade.MAJOR), actor="t1") is None
    graded = bodies.HazardGraded(grade=HazardGrade.MAJOR, category=Category.FIRE)
    assert hazard.do("graded", graded) is None
    assert hazard.do("assigned", ASSIGNED) is Reason.PROTECT_FIRST
    assert hazard.do("protected", bodies.HazardProtected(protection="封闭楼梯")) is None
    assert hazard.do("assigned", ASSIGNED) is None


def test_fixed_on_the_spot_needs_both_photos_and_can_be_returned() -> None:
    hazard = Hazard()
    before, after = PhotoNote(hash=BEFORE), PhotoNote(hash=AFTER, use=PhotoUse.AFTER)
    only_after = report(lane=Lane.ON_SPOT, photos=(after,))
    assert hazard.do("reported", only_after, actor="t1") is Reason.PHOTO_MISSING
    assert hazard.do("reported", report(lane=Lane.ON_SPOT, photos=(before, after))) is None
    assert hazard.row["state"] == "fixed"
    assert hazard.do("returned", RETURNED, actor="officer") is None
    assert (hazard.row["state"], hazard.row["responsible"]) == ("returned", "principal")


def test_photos_of_header_and_body_are_the_same() -> None:
    hazard = Hazard()
    entry = hazard.write("hazard.reported", report(), photos=[BEFORE])
    assert reason(hazard.judge(entry)) is Reason.RULE_BROKEN


def test_a_photo_from_the_gallery_is_marked_and_not_blocked() -> None:
    hazard = Hazard()
    photo = PhotoNote(hash=BEFORE, origin=PhotoOrigin.GALLERY)
    assert hazard.do("reported", report(photos=(photo,)), actor="t1") is None
    assert hazard.row["detail"]["evidence"] == "B"
    assert hazard.row["detail"]["doubts"] == ["photo_from_gallery"]


def test_a_step_can_be_taken_back_until_somebody_builds_on_it() -> None:
    hazard = Hazard().at(HazardState.ASSIGNED)
    last = hazard.history[-1].entry.header.id
    other = bodies.HazardWithdrawn(entry=last)
    assert hazard.do("withdrawn", other, actor="officer") is Reason.NOT_YOURS
    assert hazard.do("withdrawn", other) is None
    assert (hazard.row["state"], hazard.row["responsible"]) == ("graded", "")
    assert hazard.row["detail"]["history"][2]["withdrawn"]
    again = Hazard().at(HazardState.RECTIFIED)
    assigned = again.history[2].entry.header.id
    assert again.do("withdrawn", bodies.HazardWithdrawn(entry=assigned)) is Reason.LOST_RACE


def test_the_report_itself_stays() -> None:
    hazard = Hazard().at(HazardState.REGISTERED)
    entry = hazard.history[0].entry.header.id
    said = hazard.do("withdrawn", bodies.HazardWithdrawn(entry=entry), actor="t1")
    assert said is Reason.LOST_RACE


def test_a_late_hazard_climbs() -> None:
    today = date(2026, 3, 10)
    state, general = HazardState.ASSIGNED, HazardGrade.GENERAL
    assert days_left("2026-03-12", today) == 2 and not overdue(state, "2026-03-10", today)
    assert climbed(state, general, "2026-03-12", today) is Climbed.NOBODY
    assert climbed(state, general, "2026-03-10", today) is Climbed.RESPONSIBLE
    assert climbed(state, general, "2026-03-09", today) is Climbed.PRINCIPAL
    assert climbed(state, general, "2026-03-06", today) is Climbed.DISTRICT
    assert climbed(HazardState.REGISTERED, HazardGrade.MAJOR, "", today) is Climbed.DISTRICT
    assert climbed(HazardState.CLOSED, HazardGrade.MAJOR, "2026-01-01", today) is Climbed.NOBODY


STEPS: dict[str, Body] = {
    "reported": report(),
    "graded": GRADED,
    "assigned": ASSIGNED,
    "acknowledged": bodies.HazardAcknowledged(),
    "rectified": rectified(),
    "accepted": ACCEPTED,
    "returned": RETURNED,
    "closed": CLOSED,
    "reopened": bodies.HazardReopened(because="又漏了"),
    "commented": bodies.HazardCommented(text="看过"),
    "protected": bodies.HazardProtected(protection="围挡"),
    "extension_asked": bodies.ExtensionAsked(until="2026-03-20", because="等配件"),
    "extension_granted": bodies.ExtensionGranted(until="2026-03-20"),
    "extension_declined": bodies.ExtensionDeclined(because="太久"),
    "overdue_explained": bodies.OverdueExplained(because="停工", protection="围挡"),
    "withdrawn": bodies.HazardWithdrawn(entry="0" * 36),
}
ACTORS = ("t1", "t2", "officer", "principal")


@settings(max_examples=300, deadline=None)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(sorted(STEPS)), st.sampled_from(ACTORS), st.integers(0, 6)),
        max_size=30,
    ),
    seed=st.integers(0, 2**16),
)
def test_any_sequence_from_any_devices_gives_the_same_state_everywhere(
    steps: list[tuple[str, str, int]], seed: int
) -> None:
    """What one judge accepted, in whatever order it reaches another device, is the same hazard;
    and whatever was tried, the table was kept."""
    hazard = Hazard()
    hazard.do("reported", report(), actor="t1")
    for kind, actor, behind in steps:
        body = STEPS[kind]
        if kind == "withdrawn":
            body = bodies.HazardWithdrawn(entry=hazard.history[-1].entry.header.id)
        before = HazardState(hazard.row["state"])
        said = hazard.do(kind, body, actor=actor, seen=max(0, len(hazard.history) - behind))
        after = HazardState(hazard.row["state"])
        move = MOVES[f"hazard.{kind}"]
        if said is not None:
            assert after is before
        elif kind != "withdrawn":
            assert before in move.begins
            assert after is (move.leads_to or before)
    told = hazard.row
    mixed = list(hazard.history)
    random.Random(seed).shuffle(mixed)
    rule = BY_KIND["hazard.reported"][0]
    elsewhere = fold(rule, SCHOOL, SUBJECT, mixed, Labels())
    assert rule.records(elsewhere)["hazard"][0] == told
    if told["state"] == "accepted":
        assert told["detail"]["accepted_by"] != told["detail"]["rectifier"]
