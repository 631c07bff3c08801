"""Nothing comes from elsewhere without a sentence for it, in both languages."""

from collections.abc import Iterator

import pytest

from client import words
from client.gateway import errors as gateway_errors
from client.store import errors as store_errors
from client.ui import sentences
from client.ui.desk.evidence import doubt_sentence, grade_sentence
from ledger.rules.evidence import Doubt, Grade
from ledger.rules.registry import BY_KIND
from ledger.verdicts import Reason, Verdict
from ledger.wire.problems import ProblemCode
from tests.client.ui.hand_made import NOW, queued

EVERY_DETAIL = (
    ("who", "李雪梅"),
    ("at", NOW.isoformat()),
    ("what", "label.issued"),
    ("kind", "round.closed"),
    ("label", "AAAAAAAAA1"),
    ("number", "12"),
    ("rule", "window"),
    ("field", "at"),
)


@pytest.fixture(autouse=True, params=words.LANGUAGES)
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    words.use(request.param)
    yield request.param
    words.use(words.LANGUAGES[0])


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_its_sentence(reason: Reason) -> None:
    full = sentences.refusal(queued(verdict=Verdict.REFUSED, reason=reason, detail=EVERY_DETAIL))
    bare = sentences.refusal(queued(verdict=Verdict.REFUSED, reason=reason))
    assert len(full) > 10
    assert "{" not in full + bare


def test_who_was_first_is_named(language: str) -> None:
    said = sentences.refusal(
        queued(verdict=Verdict.REFUSED, reason=Reason.LOST_RACE, detail=EVERY_DETAIL)
    )
    assert "李雪梅" in said
    assert words.when(NOW) in said
    assert sentences.kind("label.issued") in said


def test_a_reason_of_a_newer_server_still_says_something() -> None:
    assert sentences.refusal(queued(verdict=Verdict.REFUSED))


def test_a_moment_that_cannot_be_read_is_no_reason_to_fail() -> None:
    detail = (("who", "李雪梅"), ("at", "gestern"))
    reason = Reason.ALREADY_CLOSED
    assert "李雪梅" in sentences.refusal(
        queued(verdict=Verdict.REFUSED, reason=reason, detail=detail)
    )


@pytest.mark.parametrize("code", [*ProblemCode, "not_genuine", "internal", "unreachable"])
def test_every_problem_has_its_sentence(code: str) -> None:
    assert len(sentences.problem(code)) > 10
    assert sentences.of_word(f"problems.{code}") == sentences.problem(f"problems.{code}")


def test_waiting_is_told_in_seconds_where_they_are_known() -> None:
    assert "30" in sentences.of_word("problems.slow_down", seconds=30)
    assert "0" not in sentences.of_word("problems.slow_down", seconds=0)


@pytest.mark.parametrize(
    "word",
    [
        *(
            error.word
            for error in (store_errors.StoreError, *store_errors.StoreError.__subclasses__())
        ),
        "store.signed_out",
        "store.not_open",
        gateway_errors.GatewayError.word,
        *(
            error.word
            for error in gateway_errors.GatewayError.__subclasses__()
            if isinstance(error.word, str)
        ),
    ],
)
def test_every_error_of_store_and_gateway_has_its_sentence(word: str) -> None:
    assert len(sentences.of_word(word)) > 10


def test_every_kind_has_a_name() -> None:
    assert set(BY_KIND) == sentences.KINDS
    names = {sentences.kind(kind) for kind in BY_KIND}
    assert len(names) == len(BY_KIND)
    assert sentences.kind("hazard.accepted")


def test_every_doubt_and_grade_is_explained() -> None:
    assert len({doubt_sentence(doubt) for doubt in Doubt}) == len(Doubt)
    assert len({grade_sentence(grade) for grade in Grade}) == len(Grade)
