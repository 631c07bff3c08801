"""Signing in: tokens, and how a device is made known to the server or takes a new key."""

from typing import Annotated

from pydantic import Field

from ledger.wire.protocol import Message


class Tokens(Message):
    """POST /v1/token (OAuth2 password or refresh_token grant, form-encoded) and parts of others."""

    access_token: str
    refresh_token: str
    token_type: str = "bearer"
    expires_in: int


class NewDevice(Message):
    """What a device says of itself when it is enrolled."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    platform: Annotated[str, Field(max_length=40)] = ""
    public_key: Annotated[str, Field(min_length=43, max_length=43)]
    proof: str
    """Signature over `enrolment_text(public_key, …)`: the sender holds the private key."""


class EnrolByCode(Message):
    """POST /v1/enrol: a one-time code stands for a person."""

    code: Annotated[str, Field(min_length=1, max_length=64)]
    device: NewDevice


class EnrolByPassword(Message):
    """POST /v1/devices with an access token from a password sign-in (not bound to a device)."""

    device: NewDevice


class Enrolled(Message):
    device: str
    tokens: Tokens
    school: str
    actor: str
    scopes: tuple[str, ...]
    server_device: str
    """The device id under which the server itself writes for this school …"""
    server_key: str
    """… and its public key, pinned from now on."""
    time: str


def enrolment_text(public_key: str, name: str) -> bytes:
    """The bytes a new device signs to show that it holds the key."""
    return f"xunan device 1\n{public_key}\n{name}".encode()


class Successor(Message):
    """POST /v1/devices/successor: this device can't go on with its chain and takes a new key."""

    device: NewDevice
    signature: str
    """Of the old key over `successor_text(device id, new public key)`."""


def successor_text(device: str, public_key: str) -> bytes:
    """The bytes the old key signs to name the new one."""
    return f"xunan successor 1\n{device}\n{public_key}".encode()
