"""Points, areas and their labels: a label is void once another was issued, and never forgotten."""

import pytest

from ledger.codes import typed_code
from ledger.rules.places import AreaSet, Item, Label, LabelIssued, PointSet, Risk
from ledger.rules.rule import Labels
from ledger.verdicts import Reason
from tests.ledger.rules.telling import Story, reason

TOKENS = ("AAAAAAAAA1", "AAAAAAAAA2", "AAAAAAAAA3")
POINT = PointSet(area="gate", name="东门", risk=Risk.RED, items=(Item(id="1", text="灭火器"),))


def label(version: int, token: str = "") -> LabelIssued:
    token = token or TOKENS[version - 1]
    plain = Label(version=version, token=token, typed=typed_code(token))
    return LabelIssued(label=plain, because="磨损")


@pytest.fixture
def point() -> Story:
    story = Story("point:p1")
    assert story.tell("point.set", POINT, device="office") is None
    return story


def test_a_point_is_what_its_newest_entry_says(point: Story) -> None:
    newer = POINT.model_copy(update={"name": "西门", "risk": Risk.BLUE})
    assert point.tell("point.set", newer, device="office", seen=1) is None
    (row,) = point.records("point")
    assert (row["id"], row["name"], row["seen"]) == ("p1", "西门", 2)
    assert row["detail"]["risk"] == "blue"


def test_a_reissued_label_voids_the_one_before_it(point: Story) -> None:
    for version in (1, 2, 3):
        assert point.tell("label.issued", label(version)) is None
    rows = point.records("label")
    assert [(row["version"], row["token"], row["void"]) for row in rows] == [
        (1, TOKENS[0], True),
        (2, TOKENS[1], True),
        (3, TOKENS[2], False),
    ]
    first = point.records("point")[0]["detail"]["labels"][0]
    assert first["void_because"] == "磨损"


def test_a_change_of_the_point_leaves_its_labels(point: Story) -> None:
    point.tell("label.issued", label(1))
    point.tell("point.set", POINT.model_copy(update={"retired": True}), seen=2)
    assert [row["token"] for row in point.records("label")] == [TOKENS[0]]


def test_two_who_issue_the_same_version_at_once(point: Story) -> None:
    assert point.tell("label.issued", label(1), actor="officer") is None
    lost = point.tell("label.issued", label(1, TOKENS[1]), actor="principal", device="desk")
    assert lost is not None
    assert lost.reason is Reason.LOST_RACE
    assert lost.detail["who"] == "officer"
    assert lost.detail["what"] == "label.issued"


@pytest.mark.parametrize("version", [2, 3])
def test_a_version_that_skips_one_is_refused(point: Story, version: int) -> None:
    assert reason(point.tell("label.issued", label(version))) is Reason.LOST_RACE


def test_a_label_for_a_point_that_is_not_there() -> None:
    assert reason(Story("point:p9").tell("label.issued", label(1))) is Reason.NOT_FOUND


@pytest.mark.parametrize(
    "known",
    [Labels(by_token={TOKENS[0]: "p2"}), Labels(by_typed={typed_code(TOKENS[0]): "p2"})],
)
def test_a_label_that_reads_like_another_is_refused(point: Story, known: Labels) -> None:
    """Digits typed from it must lead to one point of the school alone."""
    point.labels = known
    assert reason(point.tell("label.issued", label(1))) is Reason.ALREADY_EXISTS


def test_who_changes_what_another_changed_meanwhile_lost_the_race() -> None:
    area = Story("area:gate")
    area.tell("area.set", AreaSet(name="大门"), device="office", actor="officer")
    lost = area.tell("area.set", AreaSet(name="门口"), device="desk", actor="principal", seen=0)
    assert lost is not None
    assert lost.reason is Reason.LOST_RACE
    assert (lost.detail["who"], lost.detail["what"]) == ("officer", "area.set")
    assert area.records("area")[0]["name"] == "大门"


def test_who_has_seen_the_change_may_change_it_again() -> None:
    area = Story("area:gate")
    area.tell("area.set", AreaSet(name="大门"), device="office")
    assert area.tell("area.set", AreaSet(name="门口"), device="desk", seen=1) is None
    assert area.records("area")[0]["name"] == "门口"


def test_one_device_may_change_a_thing_twice_without_a_network() -> None:
    area = Story("area:gate")
    assert area.tell("area.set", AreaSet(name="大门"), seen=0) is None
    assert area.tell("area.set", AreaSet(name="门口"), seen=0) is None


def test_an_own_change_shows_at_once_and_gives_way_when_it_lost() -> None:
    area = Story("area:gate")
    area.tell("area.set", AreaSet(name="大门"), device="office")
    mine = area.write("area.set", AreaSet(name="我的"), device="desk", seen=1)
    assert area.records("area", (mine,))[0]["name"] == "我的"
    area.tell("area.set", AreaSet(name="门口"), device="office", seen=1)
    assert area.records("area", (mine,))[0]["name"] == "门口"


def test_nothing_set_means_no_record() -> None:
    assert Story("area:gate").records("area") == []
    assert Story("point:p1").records("point") == []
