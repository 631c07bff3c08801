"""A fresh device first gets what is open and recent, in whole subjects, and misses nothing."""

import httpx
import pytest

from ledger.entry import read_entry
from ledger.standing import TABLE, day_of_round, is_past_round, place_of
from ledger.tables import TABLES_OF_PREFIX
from ledger.wire.journal import Open, Opened
from server.district import District
from server.journal import opening
from tests.devices import FIRST_MORNING
from tests.server.school import PRINCIPAL, TEACHER, admit
from tests.server.test_pull import SCOPE, pull
from tests.server.test_push import Admitted, push

DAYS = ["2026-03-02", "2026-03-03", "2026-03-04"]


@pytest.fixture
def phone(district: District) -> Admitted:
    return admit(district, TEACHER)


@pytest.fixture
def desk(district: District) -> Admitted:
    return admit(district, PRINCIPAL)


@pytest.fixture
async def walked(client: httpx.AsyncClient, phone: Admitted) -> list[str]:
    """Rounds of three days; returns the entries' ids."""
    for number, _ in enumerate(DAYS):
        phone[0].now = FIRST_MORNING.replace(day=2 + number)
        for point in ("p1", "p2", "p3"):
            phone[0].check_in(point)
    await push(client, phone)
    return [entry.header.id for entry in phone[0].entries]


async def ask(client: httpx.AsyncClient, admitted: Admitted, **message: object) -> Opened:
    answer = await client.post(
        "/v1/open",
        content=Open.model_validate(message).model_dump_json(),
        headers={"Authorization": f"Bearer {admitted[1].access_token}"},
    )
    assert answer.status_code == 200, answer.text
    return Opened.model_validate_json(answer.content)


def subjects(page: Opened) -> list[str]:
    return [read_entry(one.header.encode(), None).header.subject for one in page.entries]


def test_every_kind_of_subject_has_a_standing() -> None:
    assert {standing.prefix for standing in TABLE} == set(TABLES_OF_PREFIX)


def test_a_round_says_its_day() -> None:
    assert day_of_round("round:daily:2026-03-02:0") == "2026-03-02"
    assert day_of_round("round:free:t1:2026-03-02") == "2026-03-02"
    assert day_of_round("hazard:2026-03-02:x:y") == ""
    assert is_past_round("round:daily:2026-03-02:0", "2026-03-03")
    assert not is_past_round("round:daily:2026-03-03:0", "2026-03-03")
    assert not is_past_round("round:daily:2026-03-02:0", "")
    assert not is_past_round("point:p1", "2026-03-03")


async def test_recent_rounds_come_whole_and_earlier_ones_do_not(
    client: httpx.AsyncClient, desk: Admitted, walked: list[str]
) -> None:
    page = await ask(client, desk, rounds_from=DAYS[2])
    assert not page.more
    found = subjects(page)
    assert found.count(f"round:daily:{DAYS[2]}:0") == 3
    assert not any(DAYS[0] in subject or DAYS[1] in subject for subject in found)
    assert {"point:p1", "staff:t1", "plan:daily"} <= set(found)
    assert page.heads, "the newest entry's head vouches for it"


async def test_pages_cut_no_subject_and_repeat_none(
    client: httpx.AsyncClient, desk: Admitted, walked: list[str]
) -> None:
    seen: dict[str, int] = {}
    order: list[tuple[int, str]] = []
    after, more, left = "", True, None
    while more:
        page = await ask(client, desk, rounds_from=DAYS[0], limit=2, after=after)
        here = subjects(page)
        assert not set(here) & set(seen)
        for subject in here:
            seen[subject] = seen.get(subject, 0) + 1
        order += sorted(place_of(subject) for subject in set(here))
        assert left is None or page.left < left
        after, more, left = page.after, page.more, page.left
    assert [seen[f"round:daily:{day}:0"] for day in DAYS] == [3, 3, 3]
    assert seen["point:p1"] == 2
    assert order == sorted(order)


async def test_pages_end_where_they_grow_too_large(
    client: httpx.AsyncClient,
    desk: Admitted,
    walked: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = subjects(await ask(client, desk, rounds_from=DAYS[0]))
    monkeypatch.setattr(opening, "PAGE_LIMIT_BYTES", 2000)
    seen: list[str] = []
    after, more, pages = "", True, 0
    while more:
        page = await ask(client, desk, rounds_from=DAYS[0], after=after)
        seen += subjects(page)
        after, more, pages = page.after, page.more, pages + 1
    assert pages > 3
    assert set(whole) - set(seen) == {f"round:daily:{day}:0" for day in DAYS}
    assert sorted(seen) == sorted(one for one in whole if one in set(seen))


async def test_own_entries_and_foreign_scopes_stay_away(
    client: httpx.AsyncClient, phone: Admitted, walked: list[str]
) -> None:
    page = await ask(client, phone, rounds_from=DAYS[0])
    assert not any(subject.startswith("round:") for subject in subjects(page))


async def test_a_pull_without_past_rounds_passes_them(
    client: httpx.AsyncClient, desk: Admitted, walked: list[str]
) -> None:
    everything = await pull(client, desk)
    some = await pull(client, desk, rounds_from=DAYS[1])
    assert some.cursors == everything.cursors
    gone = [one for one in everything.entries if one not in some.entries]
    assert len(gone) == 3
    assert all(f"round:daily:{DAYS[0]}:0" in one.header for one in gone)


async def test_paging_without_past_rounds_misses_nothing_recent(
    client: httpx.AsyncClient,
    desk: Admitted,
    walked: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("server.journal.pull.LOOK", 4)
    wanted = [one.seq for one in (await pull(client, desk, rounds_from=DAYS[2])).entries]
    monkeypatch.undo()
    # Another limit: what was found with little to look at is remembered.
    whole = [one.seq for one in (await pull(client, desk, limit=99, rounds_from=DAYS[2])).entries]
    monkeypatch.setattr("server.journal.pull.LOOK", 4)
    cursors: dict[str, int] = {}
    seqs: list[int] = []
    more, newest = True, 0
    while more:
        page = await pull(client, desk, cursors=cursors, limit=3, rounds_from=DAYS[2])
        assert page.cursors[SCOPE] > cursors.get(SCOPE, 0)
        newest = page.newest
        seqs += [one.seq for one in page.entries]
        cursors, more = page.cursors, page.more
    assert seqs == whole
    assert len(wanted) <= 4
    assert cursors[SCOPE] == newest
