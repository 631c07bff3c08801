"""Looking for a pupil: who is missing again is looked for again."""

from ledger.rules.dorms.bodies import MissingFollowed, MissingFound, MissingRaised, Outcome
from ledger.rules.dorms.missing import missing_subject
from tests.ledger.rules.telling import Story

SUBJECT = missing_subject("b1", "701", "2026-03-02", "s1")


def test_a_second_absence_needs_a_step_of_its_own() -> None:
    story = Story(SUBJECT)
    raised = MissingRaised(room="101", last_seen="晚自习")
    assert story.tell("missing.raised", raised, at="2026-03-02T22:10:00+08:00") is None
    called = MissingFollowed(whom="guardian", outcome=Outcome.REACHED)
    assert story.tell("missing.followed", called, at="2026-03-02T22:12:00+08:00") is None
    assert story.records("missing")[0]["followed"]
    found = MissingFound(where="操场")
    assert story.tell("missing.found", found, at="2026-03-02T22:30:00+08:00") is None
    assert story.tell("missing.raised", raised, at="2026-03-02T23:50:00+08:00") is None
    [row] = story.records("missing")
    assert not row["followed"] and not row["found_at"]
    assert row["raised_at"].startswith("2026-03-02T15:50")
    assert len(row["detail"]["steps"]) == 1, "the first search stays in the history"


def test_being_told_by_the_server_is_no_step_taken() -> None:
    story = Story(SUBJECT)
    story.tell("missing.raised", MissingRaised(room="101"), at="2026-03-02T22:10:00+08:00")
    told = MissingFollowed(step=1, whom="leader", outcome=Outcome.TOLD)
    assert story.tell("missing.followed", told, at="2026-03-02T22:20:00+08:00") is None
    assert not story.records("missing")[0]["followed"]
