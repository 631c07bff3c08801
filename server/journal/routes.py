"""Push, pull, and the stream that says when a pull is worth while."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from sse_starlette import EventSourceResponse, ServerSentEvent

from ledger.wire.journal import Open, Opened, OwnAsked, OwnHeld, Pull, Pulled, Push, Pushed, Woken
from ledger.wire.protocol import REQUEST_LIMIT_BYTES
from server.deps import OnADevice, TheDistrict
from server.district import District
from server.journal.append import Sender
from server.journal.opening import what_is_open
from server.journal.own_entries import own_entries
from server.journal.pull import pull
from server.journal.push import Batch, read_push
from server.messages import (
    accepts_gzip,
    answer,
    described,
    joined,
    parse,
    read_body,
    reading,
    unpack,
)

router = APIRouter(prefix="/v1")
PING_S = 15
ASKING_LIMIT_BYTES = 256 * 1024
"""A pull names as many waiting entries as the protocol lets it, each with its reason."""


@router.post("/push", response_model=Pushed, openapi_extra=described(Push))
async def push_entries(request: Request, sender: OnADevice, district: TheDistrict) -> Response:
    """This device's next entries; every one gets its receipt."""
    raw = await read_body(request, REQUEST_LIMIT_BYTES)
    encoding, zipped = request.headers.get("content-encoding", ""), accepts_gzip(request)

    def read() -> Batch:
        return read_push(district.journal, sender, parse(Push, unpack(raw, encoding)))

    return answer(await district.pushing(await district.reading(read)), zipped)


@router.post("/pull", response_model=Pulled, openapi_extra=described(Pull))
async def pull_entries(
    request: Request,
    sender: OnADevice,
    message: Annotated[Pull, Depends(reading(Pull, ASKING_LIMIT_BYTES))],
    district: TheDistrict,
) -> Response:
    """What this device has not seen yet."""
    zipped = accepts_gzip(request)
    return await district.reading(lambda: joined(pull(district.journal, sender, message), zipped))


@router.post("/open", response_model=Opened, openapi_extra=described(Open))
async def open_subjects(
    request: Request,
    sender: OnADevice,
    message: Annotated[Open, Depends(reading(Open))],
    district: TheDistrict,
) -> Response:
    """What is open and recent, for a device that has nothing yet."""
    zipped = accepts_gzip(request)
    return await district.reading(
        lambda: answer(what_is_open(district.journal, sender, message), zipped)
    )


@router.post("/own", response_model=OwnHeld, openapi_extra=described(OwnAsked))
async def pull_own(
    request: Request,
    sender: OnADevice,
    message: Annotated[OwnAsked, Depends(reading(OwnAsked))],
    district: TheDistrict,
) -> Response:
    """This device's own entries, for one that lost some of them."""
    zipped = accepts_gzip(request)
    return await district.reading(
        lambda: answer(own_entries(district.journal, sender, message), zipped)
    )


@router.get("/live", response_class=EventSourceResponse)
async def live(sender: OnADevice, district: TheDistrict) -> EventSourceResponse:
    """Events "journal": there is something to pull. Ends when the device is revoked."""
    return EventSourceResponse(_news(district, sender), ping=PING_S)


async def _news(district: District, sender: Sender) -> AsyncIterator[ServerSentEvent]:
    listener = district.hub.join(sender.school, sender.device)
    try:
        seq = await district.reading(district.journal.newest, sender.school)
        district.hub.wake(sender.school, seq)
        while True:
            await listener.woken.wait()
            listener.woken.clear()
            if listener.ended:
                return
            woken = Woken(school=sender.school, seq=listener.seq)
            yield ServerSentEvent(woken.model_dump_json(), event="journal")
    finally:
        district.hub.leave(listener)
