"""The public keys of the school's devices, as its journal names them."""

from collections.abc import Collection

from pydantic_core import from_json
from sqlalchemy import Connection, bindparam, select

from ledger.tables import RECORDS

_DEVICE = RECORDS["device"]
_KEYS = select(_DEVICE.c.id, _DEVICE.c.detail).where(
    _DEVICE.c.school == bindparam("this_school"),
    _DEVICE.c.id.in_(bindparam("these_devices", expanding=True)),
)


def device_keys(connection: Connection, school: str, devices: Collection[str]) -> dict[str, str]:
    """By the device's id; those the journal does not know are left out."""
    asked = {"this_school": school, "these_devices": list(devices)}
    return {
        row.id: from_json(row.detail).get("public_key", "")
        for row in connection.execute(_KEYS, asked)
    }
