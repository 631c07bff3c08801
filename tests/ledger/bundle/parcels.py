"""Bundles for tests: a device's check-ins and photos, sealed to a server's key."""

import hashlib
import io
from typing import Any

from ledger.bundle.writing import write_bundle
from ledger.keys import DeviceKey
from tests.devices import TestDevice, sent

SERVER = DeviceKey.generate()
JPEG = b"\xff\xd8\xff" + bytes(5000)
PHOTO = hashlib.sha256(JPEG).hexdigest()


def bundle_of(device: TestDevice, **other: Any) -> bytes:
    """Everything the device wrote; `other` overrides what a well-behaved one puts in."""
    content: dict[str, Any] = {
        "school": device.school,
        "server_key": SERVER.public,
        "head": device.head_of(device.entries),
        "entries": [sent(entry) for entry in device.entries],
        "photos": [],
        "read_photo": lambda hash: JPEG,
    }
    file = io.BytesIO()
    write_bundle(file, **(content | other))
    return file.getvalue()
