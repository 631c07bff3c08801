"""Who this device is and whom it works for, as enrolment left it. Secrets are not kept here."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter
from pydantic_core import from_json, to_json
from sqlalchemy import Connection, bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert

from client.store.tables import SETTING
from ledger.clock import Contact

FORMER = "former"


@dataclass(frozen=True, slots=True)
class Identity:
    """One enrolment: a person on a device at a school, and the server they report to."""

    school: str
    actor: str
    device: str
    scopes: tuple[str, ...]
    """The grants it reads by: scopes and families of scopes (`ledger.scopes`)."""
    server: str
    """The server's address."""
    server_device: str
    server_key: str
    """The server's public key for this school, pinned at enrolment."""


IDENTITIES = TypeAdapter(Identity)
_CONTACT = TypeAdapter(Contact)
# Made once: making a statement costs more than asking it, and settings are asked all the time.
_READ = select(SETTING.c.value).where(SETTING.c.name == bindparam("this_name"))
_REMOVE = delete(SETTING).where(SETTING.c.name == bindparam("this_name"))
_INSERT = insert(SETTING)
_WRITE = _INSERT.on_conflict_do_update(
    index_elements=["name"], set_={"value": _INSERT.excluded.value}
)


def read_setting(connection: Connection, name: str) -> str | None:
    """A setting's JSON text."""
    return connection.scalar(_READ, {"this_name": name})


def write_setting(connection: Connection, name: str, value: str | None) -> None:
    """Set a setting to a JSON text, or remove it."""
    if value is None:
        connection.execute(_REMOVE, {"this_name": name})
    else:
        connection.execute(_WRITE, {"name": name, "value": value})


def read_identity(connection: Connection) -> Identity | None:
    text = read_setting(connection, "identity")
    return None if text is None else IDENTITIES.validate_json(text)


def write_identity(connection: Connection, identity: Identity) -> None:
    write_setting(connection, "identity", IDENTITIES.dump_json(identity).decode())


def former_devices(connection: Connection) -> list[str]:
    """Under which other ids this device has written for the same person: its key was lost, or
    the server it was enrolled at went back to an older backup. Oldest first."""
    return from_json(read_setting(connection, FORMER) or "[]")


def write_former_devices(connection: Connection, devices: Sequence[str]) -> None:
    write_setting(connection, FORMER, to_json(list(devices)).decode() if devices else None)


def own_devices(connection: Connection, identity: Identity) -> list[str]:
    """All ids under which this device has written for its person, the present one last."""
    return [*former_devices(connection), identity.device]


def read_contact(connection: Connection) -> Contact | None:
    """The last time the server told the time, kept over restarts."""
    text = read_setting(connection, "contact")
    return None if text is None else _CONTACT.validate_json(text)


def write_contact(connection: Connection, contact: Contact) -> None:
    write_setting(connection, "contact", _CONTACT.dump_json(contact).decode())
