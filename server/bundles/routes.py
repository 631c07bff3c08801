"""A carrier delivers a bundle: any enrolled device of the school, whatever its own person may."""

import tempfile
from pathlib import Path

from fastapi import APIRouter, Request, Response

from ledger.bundle.format import (
    BUNDLE_LIMIT_BYTES,
    BundleError,
    BundleForeign,
    BundleNewer,
    BundleNotGenuine,
    BundleTooLarge,
    read_line,
)
from ledger.wire.bundles import BundleTaken
from ledger.wire.problems import ProblemCode
from server.bundles.taking import take_bundle
from server.deps import OnADevice, TheDistrict
from server.messages import answer
from server.photos.shelves import ShelfFailed
from server.photos.uploads import forget_stale
from server.problems import Refusal

router = APIRouter(prefix="/v1")
CODES: dict[type[BundleError], ProblemCode] = {
    BundleForeign: ProblemCode.BUNDLE_FOREIGN,
    BundleNewer: ProblemCode.BUNDLE_NEWER,
    BundleNotGenuine: ProblemCode.BUNDLE_NOT_GENUINE,
    BundleTooLarge: ProblemCode.TOO_LARGE,
}


@router.post("/bundles", response_model=BundleTaken)
async def deliver_bundle(request: Request, sender: OnADevice, district: TheDistrict) -> Response:
    """The body is the file as it is. It goes to the disk piece by piece."""
    length = request.headers.get("content-length", "0")
    if length.isdigit() and int(length) > BUNDLE_LIMIT_BYTES:
        raise Refusal(ProblemCode.TOO_LARGE, "larger than a bundle may be")
    folder = Path(district.settings.data) / "bundles"
    folder.mkdir(parents=True, exist_ok=True)
    forget_stale(folder)  # what a killed server was receiving
    with tempfile.NamedTemporaryFile(dir=folder, prefix="arriving-") as file:
        size = 0
        async for part in request.stream():
            size += len(part)
            if size > BUNDLE_LIMIT_BYTES:
                raise Refusal(ProblemCode.TOO_LARGE, "larger than a bundle may be")
            await district.reading(file.write, part)
        file.flush()
        path = Path(file.name)

        def work() -> BundleTaken:
            with path.open("rb") as arrived:
                if read_line(arrived)[0].school != sender.school:
                    raise BundleForeign("of another school than its carrier")
            return take_bundle(district.journal, district.photos, path)

        try:
            # Not on the thread that writes entries: a large file must delay nobody's record.
            taken = await district.carrying(work)
        except BundleError as error:
            code = CODES.get(type(error), ProblemCode.BUNDLE_DAMAGED)
            raise Refusal(code, str(error)) from error
        except ShelfFailed as error:
            raise Refusal(ProblemCode.SERVER_FAULT, "a photo could not be kept") from error
    return answer(taken, accepts_gzip=False)
