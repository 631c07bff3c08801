"""Lists of hazards: every figure is the length of its list, every column sorts, nothing is lost."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from client.exporting import ledger_sheet
from client.store import history
from client.store.hazard_detail import hazard
from client.store.hazard_lists import HazardColumn, HazardFilter, Shown
from client.store.hazard_views import HazardLine
from client.store.hazards import every_hazard, figures, hazards, opened_by
from ledger.entry import Body, Clock
from ledger.rules.hazards import bodies
from ledger.rules.hazards.bodies import Category, HazardGrade, Lane, PhotoNote, PhotoUse, Source
from ledger.rules.hazards.conditions import ConditionSet, national_list
from ledger.rules.hazards.states import HazardState
from tests.client.store.office import ME, SCHOOL, SEVEN, Office

LATER = SEVEN + timedelta(days=20)
YEAR = 2025
BEFORE, AFTER = "b" * 64, "a" * 64


class Campaign:
    """Hazards told one after the other, each its own hour."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.many = 0

    def found(self, **fields: Any) -> str:
        self.many += 1
        at = SEVEN + timedelta(hours=self.many)
        id = f"h{self.many}"
        photos = fields.get("photos", ())
        self.office.tell(
            "hazard.reported",
            f"hazard:{id}",
            bodies.HazardReported(**{"content": f"第 {self.many} 处", **fields}),
            at=at.isoformat(timespec="milliseconds"),
            photos=[one.hash for one in photos],
            remarks={"number": f"2026-{self.many:04}"},
        )
        return id

    def then(self, id: str, kind: str, body: Body, **header: Any) -> None:
        photos = [one.hash for one in getattr(body, "photos", ())]
        self.office.tell(f"hazard.{kind}", f"hazard:{id}", body, photos=photos, **header)

    def assigned(self, id: str, responsible: str, deadline: str, **fields: Any) -> None:
        grade = fields.pop("grade", HazardGrade.GENERAL)
        category = fields.pop("category", Category.FIRE)
        condition = fields.pop("condition", "")
        graded = bodies.HazardGraded(grade=grade, category=category, condition=condition)
        self.then(id, "graded", graded)
        told = {"responsible": responsible, "measure": "更换", "deadline": deadline, **fields}
        self.then(id, "assigned", bodies.HazardAssigned(**told))


@pytest.fixture
def told(connection: Connection, office: Office) -> Connection:
    """Two waiting, one late, one in time, one returned, one closed, one fixed on the spot."""
    campaign = Campaign(office)
    after = (PhotoNote(hash=AFTER, use=PhotoUse.AFTER),)
    campaign.found(category=Category.FOOD, point="p3", area="lab", source=Source.INSPECTION)
    campaign.found(
        category=Category.FIRE, grade=HazardGrade.MAJOR, condition="fire-e-bikes", place="车棚"
    )
    late = campaign.found(point="p1", area="gate")
    campaign.assigned(late, ME, "2026-03-05", unit="总务处", funds=300.0, protection="围挡")
    campaign.assigned(campaign.found(area="gate"), "t2", "2026-04-30", category=Category.BUILDING)
    back = campaign.found(area="lab")
    campaign.assigned(back, "t2", "2026-04-01", funds=80.5)
    campaign.then(back, "rectified", bodies.HazardRectified(done="修了", photos=after))
    campaign.then(back, "returned", bodies.HazardReturned(because="没修好"))
    done = campaign.found(area="lab")
    campaign.assigned(done, ME, "2026-03-20", funds=1200.0)
    campaign.then(done, "rectified", bodies.HazardRectified(done="换了", photos=after))
    campaign.then(done, "accepted", bodies.HazardAccepted())
    campaign.then(done, "closed", bodies.HazardClosed())
    both = (PhotoNote(hash=BEFORE), *after)
    campaign.found(lane=Lane.ON_SPOT, measure="扶正", photos=both, area="gate")
    history.store(connection, office.identity, history.check(office.answer()))
    return connection


def lines(told: Connection, office: Office, **wanted: Any) -> tuple[HazardLine, ...]:
    return hazards(told, office.identity, HazardFilter(**wanted), LATER).lines


def test_every_figure_is_the_length_of_the_list_it_opens(told: Connection, office: Office) -> None:
    found = figures(told, office.identity, YEAR, LATER)

    def many(**wanted: Any) -> int:
        return hazards(told, office.identity, HazardFilter(school_year=YEAR, **wanted), LATER).total

    assert (found.found, found.done, found.open) == (7, 2, 5)
    assert (found.overdue, found.to_decide) == (1, 3)
    assert found.rate == 2 / 7
    assert found.done == many(shown=Shown.DONE) and found.open == many(shown=Shown.OPEN)
    assert found.overdue == many(shown=Shown.OVERDUE)
    assert found.to_decide == many(shown=Shown.DECIDE)
    for grade, count in found.open_by_grade.items():
        assert count == many(grade=grade)
    for category, count in found.open_by_category.items():
        assert count == many(category=category)
    assert sum(found.open_by_category.values()) == found.open


def test_a_year_without_hazards_has_no_rate(told: Connection, office: Office) -> None:
    found = figures(told, office.identity, YEAR - 1, LATER)
    assert (found.found, found.rate) == (0, None)


def test_what_waits_stands_with_major_and_late_first(told: Connection, office: Office) -> None:
    assert [line.id for line in lines(told, office, shown=Shown.DECIDE)] == ["h2", "h3", "h1"]


SHOWN_AS = {
    HazardColumn.FOUND_AT: "reported_at",
    HazardColumn.RESPONSIBLE: "responsible_name",
    HazardColumn.ACCEPTED_BY: "accepted_by_name",
}
RANKS: dict[HazardColumn, list[Any]] = {
    HazardColumn.SOURCE: list(Source),
    HazardColumn.CATEGORY: list(Category),
    HazardColumn.GRADE: [HazardGrade.MAJOR, HazardGrade.GENERAL],
    HazardColumn.STATE: list(HazardState),
}


def test_every_column_sorts_and_empty_cells_come_last(told: Connection, office: Office) -> None:
    # One database for all of them: each is only read.
    for column in HazardColumn:
        for down in (False, True):
            found = lines(told, office, shown=Shown.ALL, order=column, descending=down)
            values = [getattr(line, SHOWN_AS.get(column, column.value)) for line in found]
            filled = [value for value in values if value not in ("", None, 0.0)]
            empty = [0] * (7 - len(filled)) if column is HazardColumn.PHOTOS else []
            ranked = [RANKS[column].index(one) if column in RANKS else one for one in filled]
            in_order = sorted(ranked, reverse=down)
            # Without a photo is a number, too: it stands among the others.
            expected = sorted([*empty, *in_order], reverse=down) if empty else in_order
            assert (values if empty else ranked) == expected, (column, down)
            assert len(found) == 7 and (empty or values[: len(filled)] == filled), (column, down)


def test_a_line_has_all_that_the_ledger_says(told: Connection, office: Office) -> None:
    by_id = {line.id: line for line in lines(told, office, shown=Shown.ALL)}
    late = by_id["h3"]
    assert (late.unit, late.funds, late.protection, late.measure) == (
        "总务处",
        300.0,
        "围挡",
        "更换",
    )
    assert by_id["h6"].closed_at is not None and by_id["h6"].after == (AFTER,)
    major = next(one for one in national_list() if one.id == "fire-e-bikes")
    assert by_id["h2"].basis == major.sentence


def test_the_export_is_exactly_what_is_shown(told: Connection, office: Office) -> None:
    wanted = HazardFilter(
        shown=Shown.OPEN,
        school_year=YEAR,
        area="gate",
        order=HazardColumn.DEADLINE,
        descending=True,
    )
    shown = [line.number for line in hazards(told, office.identity, wanted, LATER).lines]
    columns = (HazardColumn.NUMBER, HazardColumn.DEADLINE)
    sheet = ledger_sheet(told, SCHOOL, wanted, columns, "张校长", LATER, ME)
    assert [line.number for line in sheet.lines] == shown == ["2026-0004", "2026-0003"]
    assert sheet.columns == ("number", "deadline")
    assert sheet.filtered == "未完成 · 大门"
    mine = HazardFilter(shown=Shown.MINE)
    assert [one.id for one in every_hazard(told, SCHOOL, mine, LATER, ME)] == ["h3"]


def test_the_condition_is_shown_with_its_grounds_even_when_it_is_retired(
    told: Connection, office: Office
) -> None:
    opened = hazard(told, office.identity, "h2", LATER)
    assert opened is not None and opened.condition is not None
    assert "教发厅函" in opened.condition.basis
    gone = ConditionSet(name="电动车进楼", category=Category.FIRE, retired=True)
    office.tell("condition.set", "condition:fire-e-bikes", gone)
    history.store(told, office.identity, history.check(office.answer()))
    opened = hazard(told, office.identity, "h2", LATER)
    assert opened is not None and opened.condition is not None
    assert (opened.condition.text, opened.condition.retired) == ("电动车进楼", True)


def test_a_condition_from_a_newer_app_is_shown_by_its_id(
    connection: Connection, office: Office
) -> None:
    Campaign(office).found(grade=HazardGrade.MAJOR, condition="flood-2030")
    history.store(connection, office.identity, history.check(office.answer()))
    opened = hazard(connection, office.identity, "h1", LATER)
    assert opened is not None and opened.condition is not None
    assert opened.condition.text == opened.line.basis == "flood-2030"


def test_a_wrong_clock_is_corrected_told_and_changes_no_order(
    connection: Connection, office: Office
) -> None:
    campaign = Campaign(office)
    id = campaign.found()
    ahead = Clock(uptime=1.0, boot="b", server=SEVEN.isoformat(), offset=-365 * 86_400.0)
    graded = bodies.HazardGraded(grade=HazardGrade.GENERAL, category=Category.FIRE)
    a_year_on = SEVEN + timedelta(days=365, hours=2)
    campaign.then(id, "graded", graded, at=a_year_on.isoformat(), clock=ahead)
    # This one has never met a server: nothing can be corrected, and nothing comes before the rest.
    alone = Clock(uptime=2.0, boot="c")
    assigned = bodies.HazardAssigned(responsible=ME, measure="更换", deadline="2026-04-30")
    a_year_back = SEVEN - timedelta(days=365)
    campaign.then(id, "assigned", assigned, at=a_year_back.isoformat(), clock=alone)
    history.store(connection, office.identity, history.check(office.answer()))
    opened = hazard(connection, office.identity, id, LATER)
    assert opened is not None
    assert [one.kind for one in opened.steps] == [
        "hazard.reported",
        "hazard.graded",
        "hazard.assigned",
    ]
    reported, corrected, unknown = opened.steps
    assert reported.device_at is None and unknown.device_at is None
    assert (corrected.at, corrected.device_at) == (SEVEN + timedelta(hours=2), a_year_on)
    assert unknown.at == a_year_back


def test_a_check_in_leads_to_the_hazards_it_opened(connection: Connection, office: Office) -> None:
    campaign = Campaign(office)
    first = campaign.found(check_in="c1", area="a1", point="p1", item="1", content="")
    campaign.found(check_in="c2")
    campaign.found()
    second = campaign.found(check_in="c1")
    told = office.answer()
    history.store(connection, office.identity, history.check(told))
    found = opened_by(connection, SCHOOL, "c1", LATER)
    assert [line.id for line in found] == [first, second]
    assert opened_by(connection, SCHOOL, "c9", LATER) == ()
