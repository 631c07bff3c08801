"""A walk with a clock that anybody may set at any time, and that travels: times are corrected, what
the phone said is kept, and the evidence says how much they are worth."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from ledger.clock import Contact, meet, stamp
from ledger.codes import typed_code
from ledger.rules.checkins import CheckInRecorded, LabelRead, Method
from ledger.rules.evidence import BACKWARDS_TOLERANCE_S, CLOCK_TOLERANCE_S
from tests.ledger.rules.test_evidence import SEVEN, TOKENS, WINDOW, Round

ZONES = [ZoneInfo(name) for name in ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "UTC")]
WRONG_BY_S = st.one_of(
    st.sampled_from((0, -90, 3600, -3600, 366 * 86_400, -366 * 86_400)),
    st.integers(-400 * 86_400, 400 * 86_400),
)
STEPS = st.lists(
    st.tuples(st.sampled_from(sorted(TOKENS)), st.integers(60, 600), WRONG_BY_S, st.integers(0, 3)),
    min_size=1,
    max_size=6,
)


def check_in(round_: Round, point: str, shown: datetime, uptime: float, contact: Contact) -> str:
    made = stamp(shown, uptime, "boot", contact)
    token = TOKENS[point]
    body = CheckInRecorded(
        label=LabelRead(method=Method.SCAN, token=token, typed=typed_code(token)),
        point=point,
        window=WINDOW,
    )
    entry = round_.write("checkin.recorded", body, device="phone", at=made.at, clock=made.clock)
    assert round_.judge(entry) is None
    return entry.header.id


def walked(steps: list[tuple[str, int, int, int]]) -> tuple[Round, list[dict], list[datetime]]:
    """The round, its check-ins as recorded in the order they were done, and the true times."""
    round_, true, uptime = Round(), SEVEN, 100.0
    contact = meet(SEVEN.isoformat(), SEVEN, uptime, "boot")
    ids, times = [], []
    for point, passes, wrong_by, zone in steps:
        true, uptime = true + timedelta(seconds=passes), uptime + passes
        shown = (true + timedelta(seconds=wrong_by)).astimezone(ZONES[zone])
        ids.append(check_in(round_, point, shown, uptime, contact))
        times.append(true)
    return round_, [round_.row(id) for id in ids], times


@given(STEPS)
def test_times_are_corrected(
    steps: list[tuple[str, int, int, int]],
) -> None:
    _, rows, times = walked(steps)
    for row, true, (_, _, wrong_by, _) in zip(rows, times, steps, strict=True):
        off = abs((datetime.fromisoformat(row["at"]) - true).total_seconds())
        allowed = CLOCK_TOLERANCE_S if abs(wrong_by) <= CLOCK_TOLERANCE_S else 0.01
        assert off <= allowed, "corrected where it matters, left where it does not"


@given(STEPS)
def test_the_evidence_says_that_a_clock_was_wrong_or_moved(
    steps: list[tuple[str, int, int, int]],
) -> None:
    _, rows, _ = walked(steps)
    before = None
    for row, (_, _, wrong_by, _) in zip(rows, steps, strict=True):
        doubts = set(row["detail"]["doubts"])
        assert ("clock_wrong" in doubts) == (abs(wrong_by) > CLOCK_TOLERANCE_S)
        back = before is not None and before - wrong_by > BACKWARDS_TOLERANCE_S
        assert ("clock_moved" in doubts) == back
        assert (row["grade"] == "A") == (not doubts)
        assert row["grade"] == "C" or "clock_moved" not in doubts
        before = wrong_by


@given(
    st.lists(st.tuples(st.sampled_from(sorted(TOKENS)), st.integers(60, 600), st.integers(0, 3)))
)
def test_a_journey_is_no_doubt(steps: list[tuple[str, int, int]]) -> None:
    _, rows, times = walked([(point, passes, 0, zone) for point, passes, zone in steps])
    for row, true in zip(rows, times, strict=True):
        late = true > datetime.fromisoformat(WINDOW.closes)
        assert set(row["detail"]["doubts"]) == ({"outside_window"} if late else set())
        assert datetime.fromisoformat(row["at"]) == true


@given(
    st.integers(-7200, 7200), st.sampled_from(("2026-03-29T01:00+00:00", "2026-10-25T01:00+00:00"))
)
def test_the_hour_a_summer_gives_or_takes_moves_nothing(second: int, change: str) -> None:
    """The same moment beside its zone's change, by the phone's clock and by the record."""
    moment = datetime.fromisoformat(change) + timedelta(seconds=second)
    contact = meet(moment.astimezone(UTC).isoformat(), moment, 50.0, "boot")
    later = (moment + timedelta(hours=1)).astimezone(ZONES[1])
    made = stamp(later, 50.0 + 3600, "boot", contact)
    assert made.clock.offset == 0
    assert datetime.fromisoformat(made.at) - moment == timedelta(hours=1)
