"""The stream over a real socket: woken right after a commit, ended by revocation."""

import signal
import time
from collections.abc import Callable, Iterator

import httpx
import pytest
from httpx_sse import ServerSentEvent, connect_sse

from ledger.wire.journal import Woken
from server.accounts.enrolment import revoke_device
from server.district import District
from tests.server.conftest import HEADERS
from tests.server.running import Running
from tests.server.school import PRINCIPAL, TEACHER, admit
from tests.server.test_push import Admitted

IN_TIME_S = 2.0


@pytest.fixture
def server(running_server: Callable[[], Running]) -> Running:
    return running_server()


def caller(server: Running, admitted: Admitted) -> httpx.Client:
    headers = {**HEADERS, "Authorization": f"Bearer {admitted[1].access_token}"}
    return httpx.Client(base_url=server.address, headers=headers, timeout=20)


def news(events: Iterator[ServerSentEvent]) -> Woken:
    event = next(events)
    assert event.event == "journal"
    return Woken.model_validate_json(event.data)


def test_the_desk_is_woken_by_a_push_within_two_seconds(district: District, server: Running):
    phone, desk = admit(district, TEACHER), admit(district, PRINCIPAL)
    with caller(server, desk) as listening, connect_sse(listening, "GET", "/v1/live") as stream:
        events = stream.iter_sse()
        before = news(events)
        phone[0].check_in("p1")
        with caller(server, phone) as pushing:
            pushing.post("/v1/push", content=phone[0].push_of().model_dump_json())
        pushed = time.monotonic()
        assert news(events).seq == before.seq + 1
        assert time.monotonic() - pushed < IN_TIME_S


def test_what_another_process_wrote_is_noticed_too(district: District, server: Running):
    phone, desk = admit(district, TEACHER), admit(district, PRINCIPAL)
    with caller(server, desk) as listening, connect_sse(listening, "GET", "/v1/live") as stream:
        events = stream.iter_sse()
        before = news(events)
        admit(district, PRINCIPAL)  # in this process, not in the server's
        assert news(events).seq > before.seq
        revoke_device(district.journal, desk[0].id)
        assert all(event.event == "journal" for event in events)  # and then it ends
    assert phone[0].id


def test_the_server_stops_while_somebody_listens(district: District, server: Running):
    desk = admit(district, PRINCIPAL)
    with caller(server, desk) as listening, connect_sse(listening, "GET", "/v1/live") as stream:
        news(stream.iter_sse())
        server.process.terminate()
        assert server.process.wait(8) in (0, -signal.SIGTERM)
