"""What the district knows of a school's hazard: the same row however the news is cut and mixed."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.codes import DISTRICT
from ledger.entry import Body, Entry, write_entry
from ledger.permissions import can_write, grants_for, scope_of
from ledger.projection import StoredEntry, fold
from ledger.rules.district import bodies
from ledger.rules.district.bodies import WatchedNoted, WatchedStep, Why
from ledger.rules.district.rule import ORDERS, WatchedRule, watched_subject
from ledger.rules.hazards.bodies import Category, HazardGrade, PhotoNote
from ledger.rules.hazards.states import HazardState
from ledger.rules.registry import BY_PREFIX
from ledger.rules.rule import Author, Labels, Role, Submission
from ledger.verdicts import Reason, Verdict
from tests.ledger.rules.telling import Story, reason

SUBJECT = watched_subject("SY01", "h1")
BEGAN = datetime.fromisoformat("2026-03-02T00:00:00.000+00:00")
STATES = (
    HazardState.REGISTERED,
    HazardState.GRADED,
    HazardState.ASSIGNED,
    HazardState.RECTIFIED,
    HazardState.ACCEPTED,
    HazardState.CLOSED,
)
KINDS = ("reported", "graded", "assigned", "rectified", "accepted", "closed")
SUPERVISED = bodies.WatchedSupervised(demand="限期搬出", deadline="2026-03-20")
RULE = BY_PREFIX[WatchedRule.prefix]


def step(number: int, **fields: Any) -> WatchedStep:
    at = (BEGAN + timedelta(hours=number)).isoformat(timespec="milliseconds")
    told = {"entry": f"{number:036}", "kind": f"hazard.{KINDS[number]}", "by": "陈晓", "at": at}
    return WatchedStep(**{**told, **fields})


def note(first: int, last: int, **fields: Any) -> WatchedNoted:
    """The school's steps from `first` up to and with `last`, numbered from 0."""
    told: dict[str, Any] = {
        "school": "SY01",
        "school_name": "实验学校",
        "why": (Why.MAJOR,),
        "state": STATES[last],
        "grade": HazardGrade.MAJOR,
        "category": Category.FIRE,
        "content": "地下室住宿舍",
        "reported_at": BEGAN.isoformat(timespec="milliseconds"),
        "told": last + 1,
        "steps": tuple(step(number) for number in range(first, last + 1)),
    }
    return WatchedNoted(**{**told, **fields})


class Watched(Story):
    def __init__(self, school: str = DISTRICT) -> None:
        super().__init__(SUBJECT)
        self.school = school

    def write(self, kind: str, body: Body, **header: Any) -> Entry:
        device = header.get("device", "server")
        self.numbers[device] = self.numbers.get(device, 0) + 1
        return _entry(f"watched.{kind}", body, self.numbers[device], self.school, **header)

    def do(self, kind: str, body: Body, **header: Any) -> Reason | None:
        header.setdefault("seen", len(self.history))
        return reason(self.judge(self.write(kind, body, **header)))

    def state(self, pending: tuple[Entry, ...] = ()) -> Any:
        waiting = [StoredEntry(entry, Verdict.PENDING, None, {}) for entry in pending]
        return fold(RULE, self.school, self.subject, [*self.history, *waiting], Labels())

    def row(self, *pending: Entry) -> dict[str, Any]:
        return RULE.records(self.state(pending))["watched"][0]


def _entry(kind: str, body: Body, number: int, school: str = DISTRICT, **header: Any) -> Entry:
    photos = [one.hash for told in getattr(body, "steps", ()) for one in told.photos]
    fields: dict[str, Any] = {
        "scope": scope_of(kind, school, SUBJECT, body),
        "school": school,
        "actor": "d01",
        "device": "server",
        "number": number,
        "previous": "0" * 64,
        "at": "2026-03-10T08:00:00.000+08:00",
        "clock": {"uptime": 0.0},
        "photos": photos,
    }
    return write_entry(kind=kind, subject=SUBJECT, body=body, **(fields | header))


def of_the_school(row: dict[str, Any]) -> dict[str, Any]:
    """What the school has said, without what the district did and how often it was told."""
    columns = {"supervised_until", "on_the_way", "changed_at", "seen", "detail"}
    parts = {"orders", "demand", "supervised_by", "supervised_at", "history"}
    told = [line for line in row["detail"]["history"] if line["kind"].startswith("hazard.")]
    return {
        "history": told,
        **{name: value for name, value in row.items() if name not in columns},
        **{name: value for name, value in row["detail"].items() if name not in parts},
    }


def test_a_hazard_is_followed_from_the_first_note_to_its_closing() -> None:
    watched = Watched()
    assert watched.do("noted", note(0, 1)) is None
    assert watched.do("noted", note(2, 5, closed_at=step(5).at)) is None
    row = watched.row()
    assert (row["state"], row["told"], row["of_school"]) == ("closed", 6, "SY01")
    assert [line["kind"] for line in row["detail"]["history"]] == [f"hazard.{k}" for k in KINDS]
    assert row["changed_at"] == step(5).at


@given(cuts=st.lists(st.integers(1, 5), max_size=5), data=st.data())
@settings(max_examples=40, deadline=None)
def test_however_the_news_is_cut_repeated_and_mixed_the_row_is_the_same(
    cuts: list[int], data: st.DataObject
) -> None:
    """A restored server may tell again what was told, in other portions; orders come between."""
    edges = [0, *sorted(set(cuts)), 6]
    notes = [note(a, b - 1) for a, b in pairwise(edges)]
    again = data.draw(st.lists(st.sampled_from(notes), max_size=4))
    told = Watched()
    for place, one in enumerate(notes):
        assert told.do("noted", one) is None
        for repeated in again:
            if repeated.told <= one.told and data.draw(st.booleans()):
                assert told.do("noted", repeated) is None
        if place < len(notes) - 1 and data.draw(st.booleans()):
            assert told.do("supervised", SUPERVISED, device="desk") is None
    plain = Watched()
    assert plain.do("noted", note(0, 5)) is None
    row = told.row()
    orders = [line for line in row["detail"]["history"] if line["kind"] == "watched.supervised"]
    assert len(row["detail"]["orders"]) == len(orders) == row["on_the_way"]
    assert of_the_school(row) == of_the_school(plain.row())


@given(places=st.permutations(range(6)))
@settings(max_examples=25, deadline=None)
def test_notes_that_come_in_any_order_tell_every_step_once(places: list[int]) -> None:
    watched = Watched()
    for place in places:
        assert watched.do("noted", note(place, place)) is None
    row = watched.row()
    assert (row["state"], row["told"]) == ("closed", 6), "older news brings no older state back"
    known = [line["entry"] for line in row["detail"]["history"]]
    assert sorted(known) == [step(number).entry for number in range(6)]


def test_an_order_is_on_the_way_until_the_schools_own_step_comes_back() -> None:
    watched = Watched()
    watched.do("noted", note(0, 0))
    assert watched.do("supervised", SUPERVISED, device="desk") is None
    order = watched.history[-1].entry.header.id
    assert watched.row()["on_the_way"] == 1
    assert watched.row()["supervised_until"] == "2026-03-20"
    back = step(1, kind="hazard.supervised", said={"order": order, "demand": "限期搬出"})
    watched.do("noted", note(1, 1, steps=(back,)))
    assert watched.row()["on_the_way"] == 0
    assert watched.row()["detail"]["orders"][0]["arrived_at"] == back.at


def test_an_order_whose_receipt_was_lost_is_known_to_have_arrived() -> None:
    watched = Watched()
    watched.do("noted", note(0, 0))
    pending = watched.write("supervised", SUPERVISED, device="desk", seen=1)
    back = step(1, kind="hazard.supervised", said={"order": pending.header.id})
    watched.do("noted", note(1, 1, steps=(back,)))
    row = watched.row(pending)
    assert row["pending"] and row["on_the_way"] == 0


def test_an_order_of_this_device_counts_before_it_is_sent() -> None:
    watched = Watched()
    watched.do("noted", note(0, 0))
    row = watched.row(watched.write("supervised", SUPERVISED, device="desk", seen=1))
    assert (row["pending"], row["supervised_until"]) == (True, "2026-03-20")


def test_who_decides_second_is_told_who_was_first_and_a_word_is_never_too_late() -> None:
    watched = Watched()
    watched.do("noted", note(0, 0))
    watched.do("supervised", SUPERVISED, device="one", actor="d01")
    late = watched.do("supervised", SUPERVISED, device="two", seen=1)
    assert late is Reason.LOST_RACE
    word = bodies.WatchedNotified(text="请各校自查")
    assert watched.do("notified", word, device="two", seen=1) is None


def test_the_same_officer_may_change_their_mind() -> None:
    watched = Watched()
    watched.do("noted", note(0, 0))
    watched.do("supervised", SUPERVISED, device="desk", seen=1)
    sooner = SUPERVISED.model_copy(update={"deadline": "2026-03-15"})
    assert watched.do("supervised", sooner, device="desk", seen=1) is None
    assert watched.do("lifted", bodies.WatchedLifted(because="已搬"), device="desk", seen=1) is None
    assert watched.row()["supervised_until"] == ""
    again = watched.do("lifted", bodies.WatchedLifted(because="再"), device="desk")
    assert again is Reason.WRONG_STATE


def test_a_note_that_names_other_photos_than_its_header_is_refused() -> None:
    photo = PhotoNote(hash="b" * 64)
    body = note(0, 0, steps=(step(0, photos=(photo,)),))
    assert Watched().do("noted", body, photos=()) is Reason.RULE_BROKEN
    assert Watched().do("noted", body) is None
    other = note(0, 0, school="SY02")
    assert Watched().do("noted", other) is Reason.RULE_BROKEN


def test_only_the_districts_own_journal_watches() -> None:
    assert Watched("SY01").do("noted", note(0, 0)) is Reason.WRONG_SCHOOL
    entry = _entry("watched.supervised", SUPERVISED, 1, "SY01")
    state = RULE.start("SY01", SUBJECT)
    judged = RULE.judge(state, Submission(entry, SUPERVISED), Labels())
    assert reason(judged) is Reason.WRONG_SCHOOL


def test_the_district_reads_its_own_journal_and_a_school_reads_none_of_it() -> None:
    officer = Author("d01", roles=frozenset({Role.DISTRICT_OFFICER}))
    assert grants_for(DISTRICT, officer) == ("district:0000", "school:0000")
    assert grants_for("SY01", officer) == ("school:SY01",), "a title given by a school is a word"
    everybody = frozenset(Role) - {Role.SERVER, Role.DISTRICT_OFFICER}
    assert not any(
        one.startswith("district") for one in grants_for("SY01", Author("x", roles=everybody))
    )
    for kind in ORDERS:
        assert can_write(officer.roles, kind) and not can_write(everybody, kind)
        assert scope_of(kind, DISTRICT, SUBJECT, SUPERVISED) == "district:0000"
    assert not can_write(officer.roles, "hazard.accepted")
