"""What routes need, said in their signatures: the district, who is calling, from which device.

All of them asynchronous, also where nothing is waited for: FastAPI would run each of the others on
another thread, and the way there and back costs more than all that they do.
"""

from typing import Annotated

from fastapi import Depends, Request

from ledger.wire.problems import ProblemCode
from server.access_log import DEVICE
from server.accounts.sign_in import refuse_shut_out
from server.accounts.tokens import Access
from server.district import District
from server.journal.append import Sender
from server.problems import Refusal


async def district_of(request: Request) -> District:
    return request.app.state.district


TheDistrict = Annotated[District, Depends(district_of)]


async def address_of(request: Request) -> str:
    return request.client.host if request.client else "unknown"


Address = Annotated[str, Depends(address_of)]


async def bearer_token(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Refusal(ProblemCode.SIGN_IN_AGAIN, "no bearer token")
    return token.strip()


async def signed_in(
    request: Request, district: TheDistrict, token: Annotated[str, Depends(bearer_token)]
) -> Access:
    """Somebody with a valid access token, with or without a device."""
    access = district.mint.read(token)
    setattr(request.state, DEVICE, access.holder.device)

    def check() -> None:
        with district.database.read() as connection:
            refuse_shut_out(connection, access.holder)

    await district.reading(check)
    if access.expires <= district.now():
        raise Refusal(ProblemCode.SIGN_IN_AGAIN, "the access token has expired")
    return access


SignedIn = Annotated[Access, Depends(signed_in)]


async def on_a_device(access: SignedIn) -> Sender:
    """Somebody on an enrolled device that was not revoked."""
    holder = access.holder
    if not holder.device:
        raise Refusal(ProblemCode.NOT_ALLOWED, "this sign-in has no device yet")
    return Sender(holder.school, holder.device, holder.actor)


OnADevice = Annotated[Sender, Depends(on_a_device)]
