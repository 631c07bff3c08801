"""Each doubt by itself: what raises it, what an honest teacher does that must not."""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.codes import typed_code
from ledger.entry import Clock
from ledger.rules.checkins import (
    CheckInRecorded,
    LabelRead,
    Method,
    WindowSeen,
)
from ledger.rules.evidence import STRONG, Doubt, Grade, grade, utc_text, utc_text_of
from ledger.rules.places import Spot
from ledger.rules.rule import Labels
from tests.ledger.rules.telling import Story

DAY = "2026-03-02"
SEVEN = datetime.fromisoformat(f"{DAY}T07:00:00+08:00")
WINDOW = WindowSeen(
    plan="daily",
    day=DAY,
    slot=0,
    opens=f"{DAY}T05:30:00+08:00",
    closes=f"{DAY}T08:30:00+08:00",
)
TOKENS = {f"p{n}": f"AAAAAAAAA{n}" for n in range(1, 5)}
VOID = "BBBBBBBBB1"
LABELS = Labels(
    by_token={**{token: point for point, token in TOKENS.items()}, VOID: "p1"},
    by_typed={
        **{typed_code(token): point for point, token in TOKENS.items()},
        typed_code(VOID): "p1",
    },
    void=frozenset({VOID}),
    points=frozenset(TOKENS),
)


class Round(Story):
    """A round of one morning; times are given as seconds after seven."""

    def __init__(self) -> None:
        super().__init__(f"round:daily:{DAY}:0", LABELS)

    def walk(
        self,
        point: str,
        after: float = 0.0,
        *,
        device: str = "phone",
        method: Method = Method.SCAN,
        token: str | None = None,
        typed: str = "",
        window: WindowSeen | None = WINDOW,
        spot: Spot | None = None,
        clock: Clock | None = None,
        clock_off: float = 0.0,
        number: int | None = None,
    ) -> str:
        """Check in; returns the entry's id. `clock_off`: the device's clock minus true time."""
        body = CheckInRecorded(
            label=LabelRead(
                method=method, token=TOKENS[point] if token is None else token, typed=typed
            ),
            point=point,
            window=window,
            spot=spot,
        )
        at = (SEVEN + timedelta(seconds=after + clock_off)).isoformat(timespec="milliseconds")
        running = Clock(uptime=10_000.0 + after, boot="boot", offset=-clock_off)
        fields = {} if number is None else {"number": number}
        entry = self.write(
            "checkin.recorded", body, device=device, at=at, clock=clock or running, **fields
        )
        assert self.judge(entry) is None
        return entry.header.id

    def doubts(self, id: str) -> set[str]:
        return set(self.row(id)["detail"]["doubts"])

    def row(self, id: str) -> dict:
        return next(row for row in self.records("checkin") if row["id"] == id)


@pytest.fixture
def round_() -> Round:
    return Round()


def test_a_scan_in_its_window_proves_most(round_: Round) -> None:
    id = round_.walk("p1")
    assert round_.doubts(id) == set()
    assert round_.row(id)["grade"] == "A"


@pytest.mark.parametrize("doubt", list(Doubt))
def test_one_weak_doubt_is_b_and_a_strong_one_is_c(doubt: Doubt) -> None:
    assert grade({doubt}) is (Grade.C if doubt in STRONG else Grade.B)


@given(st.sets(st.sampled_from(list(Doubt)), min_size=2))
def test_several_doubts_are_c(doubts: set[Doubt]) -> None:
    assert grade(doubts) is Grade.C


def test_no_doubt_is_a() -> None:
    assert grade(set()) is Grade.A


@pytest.mark.parametrize(
    ("method", "doubts"),
    [
        (Method.SCAN, set()),
        (Method.DYNAMIC, set()),
        (Method.TYPED, {"typed"}),
        (Method.PHOTO, {"photo_of_code"}),
    ],
)
def test_how_the_code_was_read(round_: Round, method: Method, doubts: set[str]) -> None:
    assert round_.doubts(round_.walk("p1", method=method)) == doubts


def test_a_void_label(round_: Round) -> None:
    assert round_.doubts(round_.walk("p1", token=VOID)) == {"label_void"}


def test_a_void_label_typed_on_a_phone_that_did_not_know_it(round_: Round) -> None:
    id = round_.walk("p1", method=Method.TYPED, token="", typed=typed_code(VOID))
    assert round_.doubts(id) == {"label_void", "typed"}


@pytest.mark.parametrize(
    ("after", "late", "doubts"),
    [
        (-5401, False, {"outside_window"}),
        (-5400, False, set()),
        (5400, False, set()),
        (5401, True, {"outside_window"}),
    ],
)
def test_the_window_includes_its_edges(
    round_: Round, after: float, late: bool, doubts: set[str]
) -> None:
    id = round_.walk("p1", after)
    assert round_.doubts(id) == doubts
    assert round_.row(id)["late"] is late


def test_a_check_in_outside_any_plan(round_: Round) -> None:
    assert round_.doubts(round_.walk("p1", window=None)) == {"no_plan"}


def test_two_points_in_the_same_seconds(round_: Round) -> None:
    first = round_.walk("p1", 0)
    second = round_.walk("p2", 2.9)
    third = round_.walk("p3", 6)
    assert round_.doubts(first) == set(), "nothing was wrong with the first"
    assert round_.doubts(second) == {"same_seconds"}
    assert round_.doubts(third) == set()


def test_one_point_scanned_again_at_once_is_a_slip_of_the_finger(round_: Round) -> None:
    round_.walk("p1", 0)
    assert round_.doubts(round_.walk("p1", 1)) == set()


def test_two_people_at_two_points_in_the_same_seconds(round_: Round) -> None:
    round_.walk("p1", 0, device="phone")
    assert round_.doubts(round_.walk("p2", 1, device="other")) == set()


@pytest.mark.parametrize(
    ("spot", "seconds", "doubts"),
    [
        (Spot(x=300, y=400), 125, set()),
        (Spot(x=300, y=400), 124, {"too_fast"}),
        (Spot(x=0, y=0, floor=5), 12, set()),
        (Spot(x=0, y=0, floor=5), 11.9, {"too_fast"}),
        (None, 4, set()),
    ],
)
def test_faster_than_anybody_runs(
    round_: Round, spot: Spot | None, seconds: float, doubts: set[str]
) -> None:
    round_.walk("p1", 0, spot=Spot(x=0, y=0))
    assert round_.doubts(round_.walk("p2", seconds, spot=spot)) == doubts


def test_speed_is_measured_by_uptime_and_not_by_a_clock_that_was_set(round_: Round) -> None:
    """Setting the clock forward does not make the walk longer."""
    round_.walk("p1", 0, spot=Spot(x=0, y=0))
    id = round_.walk("p2", 10, spot=Spot(x=300, y=400), clock_off=299)
    assert round_.doubts(id) == {"too_fast"}


def test_a_clock_set_back_between_two_check_ins(round_: Round) -> None:
    round_.walk("p1", 0)
    assert round_.doubts(round_.walk("p2", 300, clock_off=-200)) == {"clock_moved"}


def test_a_clock_that_drifts_a_little_is_no_doubt(round_: Round) -> None:
    round_.walk("p1", 0)
    assert round_.doubts(round_.walk("p2", 300, clock_off=-59)) == set()


def test_a_wrong_clock_is_corrected_by_what_the_phone_knew(round_: Round) -> None:
    id = round_.walk("p1", 0, clock_off=-365 * 86400)
    assert round_.doubts(id) == {"clock_wrong"}
    assert datetime.fromisoformat(round_.row(id)["at"]) == SEVEN


def test_a_clock_behind_the_last_contact_is_wrong_even_without_an_estimate(round_: Round) -> None:
    clock = Clock(uptime=1.0, server=(SEVEN + timedelta(hours=1)).isoformat())
    assert round_.doubts(round_.walk("p1", 0, clock=clock)) == {"clock_wrong"}


def test_a_clock_some_minutes_off_is_an_honest_phone(round_: Round) -> None:
    assert round_.doubts(round_.walk("p1", 0, clock_off=299)) == set()


def test_a_restart_and_a_clock_put_right_is_one_doubt_and_not_three(round_: Round) -> None:
    """It was an hour ahead, restarted, and the network put it right: that it moved is said, that
    two points were seen in the same seconds would be a lie."""
    round_.walk("p1", 0, clock=Clock(uptime=9000.0, boot="one"), clock_off=3600)
    clock = Clock(uptime=60.0, boot="two")
    id = round_.walk("p2", 600, clock=clock, spot=Spot(x=300, y=400))
    assert round_.doubts(id) == {"clock_moved"}


def test_one_code_on_two_phones_marks_both(round_: Round) -> None:
    first = round_.walk("p1", 0, device="phone")
    other = round_.walk("p1", 59, device="other")
    later = round_.walk("p1", 300, device="third")
    assert round_.doubts(first) == round_.doubts(other) == {"two_phones"}
    assert round_.doubts(later) == set()
    assert {round_.row(one)["grade"] for one in (first, other)} == {"C"}


def test_what_was_held_is_compared_by_when_it_was_made(round_: Round) -> None:
    """A new point's check-in waits on the server and is accepted after later ones: its author
    walked in an honest order all the same."""
    second = round_.walk("p2", 600, number=2, spot=Spot(x=0, y=0))
    first = round_.walk("p1", 0, number=1, spot=Spot(x=10, y=0))
    assert round_.doubts(first) == set()
    assert round_.doubts(second) == set()


def test_what_was_held_still_shows_what_is_wrong_with_the_next(round_: Round) -> None:
    second = round_.walk("p2", 1, number=2)
    first = round_.walk("p1", 0, number=1)
    assert round_.doubts(first) == set()
    assert round_.doubts(second) == {"same_seconds"}


def test_a_claim_without_a_label_that_leads_there(round_: Round) -> None:
    """Knowing the token is what proves the label genuine: whoever names a point must have one."""
    for token in ("", "CCCCCCCCC9", TOKENS["p2"]):
        assert round_.doubts(round_.walk("p1", token=token)) == {"label_foreign"}


@given(
    st.floats(allow_nan=True, allow_infinity=True),
    st.floats(allow_nan=True, allow_infinity=True),
    st.sampled_from(["0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-08:00", SEVEN.isoformat()]),
)
def test_no_clock_makes_the_rule_stumble(offset: float, uptime: float, at: str) -> None:
    """A phone that says nonsense gets a doubt; everybody else's records must still be built."""
    round_ = Round()
    round_.walk("p2", 0)
    body = CheckInRecorded(label=LabelRead(method=Method.SCAN, token=TOKENS["p1"]), point="p1")
    clock = Clock(uptime=uptime, boot="boot", offset=offset)
    entry = round_.write("checkin.recorded", body, at=at, clock=clock)
    round_.judge(entry)
    round_.records("checkin", (entry,))


@given(
    time=st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)),
    minutes=st.sampled_from((0, 480, -300, 540, 345, -210, 840, -720)),
    spec=st.sampled_from(("seconds", "milliseconds", "microseconds")),
)
def test_a_time_reads_the_same_in_utc_by_its_text_as_by_reckoning(
    time: datetime, minutes: int, spec: str
) -> None:
    zoned = time.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    text = zoned.isoformat(timespec=spec)
    assert utc_text_of(text) == utc_text(datetime.fromisoformat(text))
