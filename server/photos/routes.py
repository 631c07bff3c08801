"""Photos on their way out, and which of them the server holds."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from ledger.entry import Digest
from ledger.wire.photos import PhotosAsked, PhotosHeld
from ledger.wire.problems import ProblemCode
from server.deps import OnADevice, TheDistrict
from server.messages import answer, described, reading
from server.photos.shelves import ShelfFailed
from server.problems import Refusal

router = APIRouter(prefix="/v1/photos", tags=["photos"])


@router.post("/held", response_model=PhotosHeld, openapi_extra=described(PhotosAsked))
async def held(
    sender: OnADevice,
    asked: Annotated[PhotosAsked, Depends(reading(PhotosAsked))],
    district: TheDistrict,
) -> Response:
    hashes = list(asked.hashes)
    seen = await district.reading(district.photos.may_see, sender, hashes)
    there = await district.reading(district.photos.held, sender.school, sorted(seen))
    known = PhotosHeld(held=tuple(hash for hash in dict.fromkeys(hashes) if hash in there))
    return answer(known, accepts_gzip=False)


@router.get("/{hash}")
async def photo(hash: Digest, sender: OnADevice, district: TheDistrict) -> Response:
    return await _answer(hash, sender, district, small=False)


@router.get("/{hash}/thumbnail")
async def thumbnail(hash: Digest, sender: OnADevice, district: TheDistrict) -> Response:
    return await _answer(hash, sender, district, small=True)


async def _answer(hash: str, sender: OnADevice, district: TheDistrict, *, small: bool) -> Response:
    """A photo that isn't there and one that isn't for this person look the same."""
    photos = district.photos
    found = None
    if await district.reading(photos.may_see, sender, [hash]):
        look = photos.thumbnail if small else photos.get
        try:
            found = await district.carrying(look, sender.school, hash)
        except ShelfFailed as error:
            raise Refusal(ProblemCode.SERVER_FAULT, "the storage does not answer") from error
    if found is None:
        raise Refusal(ProblemCode.PHOTO_UNKNOWN, "no such photo")
    return Response(found, media_type="image/jpeg", headers={"ETag": f'"{hash}"'})
