"""Speaking: the right language, the right form, and honest gaps."""

import logging
import os
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone

import pytest

from client import words
from client.words.catalogues import STRICT_VARIABLE, MissingWordError

CHINA = timezone(timedelta(hours=8))
TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def chinese_in_china(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    words.use("zh_CN")
    yield
    words.use("zh_CN")
    monkeypatch.undo()
    time.tzset()


def test_a_moment_today_and_later() -> None:
    assert words.when(datetime(2026, 11, 22, 22, 5, tzinfo=CHINA), TODAY) == "今天 22:05"
    assert words.when(datetime(2026, 11, 21, 7, 0, tzinfo=CHINA), TODAY) == "11月21日 07:00"
    assert words.when(datetime(2025, 1, 2, 7, 0, tzinfo=CHINA), TODAY) == "2025年1月2日 07:00"


def test_a_moment_in_english() -> None:
    words.use("en")
    assert words.when(datetime(2026, 11, 22, 22, 5, tzinfo=CHINA), TODAY) == "today 22:05"
    assert words.when(datetime(2026, 11, 21, 7, 0, tzinfo=CHINA), TODAY) == "21 Nov 07:00"
    assert words.day(date(2025, 1, 2), TODAY) == "2 Jan 2025"
    assert words.t("attendance.month", year=2026, month=words.month(TODAY)) == "Nov 2026"


def test_a_moment_is_shown_in_the_zone_it_carries() -> None:
    """The store gives every moment the school's zone; the phone's own plays no part."""
    elsewhere = datetime(2026, 11, 22, 14, 5, tzinfo=timezone.utc)  # noqa: UP017
    assert words.clock(elsewhere) == "14:05"
    assert words.clock(elsewhere.astimezone(CHINA)) == "22:05"


@pytest.mark.parametrize(
    ("seconds", "chinese", "english"),
    [
        (20, "不到 1 分钟", "less than a minute"),
        (60, "1 分钟", "1 minute"),
        (12 * 60 + 40, "12 分钟", "12 minutes"),
        (3600, "1 小时", "1 hour"),
        (3 * 3600 + 5 * 60, "3 小时 5 分钟", "3 hours 5 minutes"),
        (47 * 3600, "47 小时", "47 hours"),
        (72 * 3600, "3 天", "3 days"),
    ],
)
def test_durations(seconds: int, chinese: str, english: str) -> None:
    assert words.duration(seconds) == chinese
    words.use("en")
    assert words.duration(timedelta(seconds=seconds)) == english


def test_numbers_are_grouped() -> None:
    assert words.number(12345) == "12,345"


def test_a_gap_is_loud_in_tests() -> None:
    assert os.environ.get(STRICT_VARIABLE)
    with pytest.raises(MissingWordError, match=r"common\.never_written"):
        words.t("common.never_written")
    with pytest.raises(MissingWordError, match="day"):
        words.t("common.day_of_year", month="11月")


def test_a_gap_in_a_school_shows_the_key_and_is_logged_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv(STRICT_VARIABLE)
    with caplog.at_level(logging.ERROR):
        assert words.t("nowhere.never_written") == "nowhere.never_written"
        assert words.n("nowhere.never_written", 2) == "nowhere.never_written"
    assert len(caplog.records) == 1


def test_a_language_without_a_catalogue_is_refused() -> None:
    with pytest.raises(ValueError, match="fr"):
        words.use("fr")
    assert words.language() == "zh_CN"
