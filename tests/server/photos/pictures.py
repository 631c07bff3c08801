"""Photos for tests, and devices that have named them in an entry."""

import base64
import hashlib
import io

from PIL import Image

from ledger.rules.hazards.bodies import HazardReported, PhotoNote
from ledger.wire.accounts import Tokens
from server.district import District
from server.journal.append import Sender
from server.journal.push import push
from tests.devices import TestDevice
from tests.server.school import admit


def jpeg(colour: str = "red", side: int = 64) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (side, side), colour).save(out, "JPEG")
    return out.getvalue()


def named(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def report(device: TestDevice, *photos: bytes, hazard: str = "h1") -> None:
    """An entry that names these photos, not sent yet."""
    hashes = [named(one) for one in photos]
    body = HazardReported(content="消防栓漏水", photos=tuple(PhotoNote(hash=one) for one in hashes))
    device.write("hazard.reported", f"hazard:{hazard}", body, photos=hashes)


def device_with(
    district: District, actor: str, *photos: bytes, school: str = "SY01", hazard: str = "h1"
) -> tuple[TestDevice, Tokens]:
    """A device whose pushed entry names these photos."""
    device, tokens = admit(district, actor, school)
    report(device, *photos, hazard=hazard)
    pushed = push(district.journal, Sender(school, device.id, actor), device.push_of())
    assert pushed.receipts[-1].verdict == "accepted", pushed.receipts
    return device, tokens


def bearer(tokens: Tokens) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens.access_token}"}


def metadata(**fields: str) -> str:
    told = {"filename": "photo.jpg", "filetype": "image/jpeg", **fields}
    return ",".join(
        f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in told.items()
    )
