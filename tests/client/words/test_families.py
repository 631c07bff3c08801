"""A word that is chosen by a value exists for every value there is, in every language."""

from collections.abc import Iterable, Iterator
from enum import Enum

import pytest

from client import words
from client.device.camera import CameraTrouble
from client.store.hazard_lists import HazardColumn, Shown
from client.store.leave import LeaveShown
from client.store.photo_views import PhotoReach
from client.store.round_views import RoundStanding
from client.store.watched_views import WatchedShown
from client.ui.desk.days import Span
from client.ui.district.saying import Word
from client.ui.hazards.steps import Step
from client.ui.kit.badges import State
from client.ui.leave.times import Usual
from ledger.roster.problems import Trouble
from ledger.rules.checkins import Method
from ledger.rules.district.bodies import Why
from ledger.rules.dorms.bodies import LeaveSort, Outcome
from ledger.rules.dorms.leave import LeaveState
from ledger.rules.dorms.statuses import Status
from ledger.rules.evidence import Doubt, Grade
from ledger.rules.hazards.bodies import Category, HazardGrade, Lane, Source
from ledger.rules.hazards.states import HazardState
from ledger.rules.places import Called, Risk
from ledger.rules.rule import Role
from ledger.verdicts import Reason
from ledger.wire.problems import ProblemCode

STAFF = [role for role in Role if role is not Role.SERVER]
FAMILIES: dict[str, Iterable[Enum]] = {
    "attendance.status_": Status,
    "desk.doubt_": Doubt,
    "desk.grade_means_": Grade,
    "desk.method_": Method,
    "desk.span_": Span,
    "district.list_": WatchedShown,
    "district.none_body_": WatchedShown,
    "district.say_": Word,
    "district.why_": Why,
    "dorms.called_": Called,
    "dorms.outcome_": Outcome,
    "dorms.status_": Status,
    "hazards.category_": Category,
    "hazards.grade_": HazardGrade,
    "hazards.lane_": Lane,
    "hazards.list_": Shown,
    "hazards.reach_": PhotoReach,
    "hazards.source_": Source,
    "hazards.state_": HazardState,
    "hazards.step_": Step,
    "kit.risk_": Risk,
    "kit.state_": State,
    "leave.list_": LeaveShown,
    "leave.sort_": LeaveSort,
    "leave.state_": LeaveState,
    "leave.usual_": Usual,
    "me.role_": STAFF,
    "patrol.standing_": RoundStanding,
    "problems.": ProblemCode,
    "refusals.": Reason,
    "reports.column_": HazardColumn,
    "roster.role_": STAFF,
    "roster.trouble_": Trouble,
}


@pytest.fixture(params=words.LANGUAGES)
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    words.use(request.param)
    yield request.param
    words.use("zh_CN")


@pytest.mark.parametrize("family", FAMILIES)
def test_every_value_has_its_word(family: str, language: str) -> None:
    missing = [one.value for one in FAMILIES[family] if not _known(f"{family}{one.value}")]
    assert missing == [], language


@pytest.mark.parametrize("ending", ["title", "body"])
def test_every_trouble_of_the_camera_is_explained(ending: str, language: str) -> None:
    assert [one for one in CameraTrouble if not _known(f"kit.camera_{one.value}_{ending}")] == []


def _known(key: str) -> bool:
    try:
        words.t(key)
    except words.MissingWordError as gap:
        return "has no words" not in str(gap)  # its sentence wants a value, so there is one
    return True
