"""The doors: hello, sign-in, enrolment."""

from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, Request, Response

from ledger.wire.accounts import EnrolByCode, EnrolByPassword, Enrolled, Successor, Tokens
from ledger.wire.problems import ProblemCode
from ledger.wire.protocol import Hello
from server.accounts.enrolment import enrol_by_code, enrol_by_password, enrol_successor
from server.accounts.sign_in import refresh, sign_in
from server.clock import moment
from server.deps import Address, SignedIn, TheDistrict
from server.messages import answer, described, read_body, reading
from server.nul import NUL
from server.problems import Refusal

router = APIRouter(prefix="/v1")
FORM_LIMIT_BYTES = 8 * 1024
TOKEN_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "required": ["grant_type"],
                    "properties": {
                        name: {"type": "string"}
                        for name in ("grant_type", "username", "password", "refresh_token")
                    },
                }
            }
        },
    }
}


@router.get("/hello", response_model=Hello)
async def hello(district: TheDistrict) -> Response:
    """Is this one of ours, and do we understand each other?"""
    about = Hello(district=district.settings.district, time=moment(district.now()))
    return answer(about, accepts_gzip=False)


@router.post("/token", response_model=Tokens, openapi_extra=TOKEN_FORM)
async def token(request: Request, district: TheDistrict, address: Address) -> Response:
    """OAuth2: the password grant and the refresh_token grant."""
    form = await _read_form(request)
    grant, now = form.get("grant_type", "password"), district.now()
    if grant == "password":
        tokens = await district.reading(
            sign_in,
            district.database,
            district.mint,
            form.get("username", ""),
            form.get("password", ""),
            address,
            now,
        )
    elif grant == "refresh_token":
        # It writes: with the others that do, so that no reader's thread waits for the database.
        tokens = await district.writing(
            refresh, district.database, district.mint, form.get("refresh_token", ""), now
        )
    else:
        raise Refusal(ProblemCode.BAD_REQUEST, "this grant type is not offered")
    return answer(tokens, accepts_gzip=False)


@router.post("/enrol", response_model=Enrolled, openapi_extra=described(EnrolByCode))
async def enrol(
    message: Annotated[EnrolByCode, Depends(reading(EnrolByCode))],
    district: TheDistrict,
    address: Address,
) -> Response:
    """A one-time code stands for a person."""
    enrolled = await district.writing(
        enrol_by_code, district.journal, district.mint, message.code, message.device, address
    )
    return answer(enrolled, accepts_gzip=False)


@router.post("/devices", response_model=Enrolled, openapi_extra=described(EnrolByPassword))
async def add_device(
    access: SignedIn,
    message: Annotated[EnrolByPassword, Depends(reading(EnrolByPassword))],
    district: TheDistrict,
) -> Response:
    """After a password sign-in: from now on this device writes for its person."""
    enrolled = await district.writing(
        enrol_by_password,
        district.journal,
        district.mint,
        access.holder,
        access.family,
        message.device,
    )
    return answer(enrolled, accepts_gzip=False)


@router.post("/devices/successor", response_model=Enrolled, openapi_extra=described(Successor))
async def succeed(
    access: SignedIn,
    message: Annotated[Successor, Depends(reading(Successor))],
    district: TheDistrict,
) -> Response:
    """A device whose chain can't go on names the key it goes on with."""
    enrolled = await district.writing(
        enrol_successor,
        district.journal,
        district.mint,
        access.holder,
        message.device,
        message.signature,
    )
    return answer(enrolled, accepts_gzip=False)


async def _read_form(request: Request) -> dict[str, str]:
    raw = await read_body(request, FORM_LIMIT_BYTES)
    try:
        fields = parse_qs(raw.decode(), keep_blank_values=True, max_num_fields=20)
    except ValueError as error:
        raise Refusal(ProblemCode.BAD_REQUEST, "not a form") from error
    form = {name: values[0] for name, values in fields.items()}
    if any(NUL in value for value in form.values()):
        raise Refusal(ProblemCode.BAD_REQUEST, "a NUL character")
    return form
