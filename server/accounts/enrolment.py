"""A device becomes somebody's: by a one-time code, or after a password sign-in."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, update

from ledger.codes import clean_enrolment_code, new_enrolment_code
from ledger.entry import digest
from ledger.identifiers import new_id
from ledger.keys import is_public_key, is_signed_by
from ledger.permissions import grants_for
from ledger.rules.people import DeviceSet
from ledger.wire.accounts import Enrolled, NewDevice, enrolment_text, successor_text
from ledger.wire.problems import ProblemCode
from server.accounts import slowdown
from server.accounts.tokens import Holder, Mint, end_family, end_tokens_of_device
from server.clock import moment
from server.journal.append import Append
from server.journal.journal import Journal
from server.journal.own_hand import Fact, read_own_key, write_as_server
from server.journal.people import read_author
from server.problems import Refusal
from server.tables import DEVICE, ENROLMENT_CODE


def make_code(
    connection: Connection, school: str, actor: str, now: datetime, life: timedelta
) -> str:
    """A new code; only its hash is kept."""
    code = new_enrolment_code()
    connection.execute(
        insert(ENROLMENT_CODE),
        {
            "hash": digest(code.encode()),
            "school": school,
            "actor": actor,
            "expires_at": moment(now + life),
            "device": "",
        },
    )
    return code


def enrol_by_code(
    journal: Journal, mint: Mint, code: str, device: NewDevice, address: str
) -> Enrolled:
    now = journal.now()
    _check_proof(device)
    place = slowdown.address_key(address)
    with journal.database.write() as connection:
        slowdown.count_attempt(connection, place, slowdown.ADDRESS_LIMIT, now)
    code_hash = digest((clean_enrolment_code(code) or "").encode())
    with journal.database.read() as connection:
        row = _find_code(connection, code_hash)
    with journal.append(row.school) as work:
        # Once more under the school's lock: two phones may try one code at once.
        row = _find_code(work.connection, code_hash)
        slowdown.forgive(work.connection, None, place)
        if row.device:
            # The same phone may ask again: its first answer was lost.
            if _key_of(work.connection, row.device) != device.public_key:
                raise Refusal(ProblemCode.CODE_USED)
        elif row.expires_at <= moment(now):
            raise Refusal(ProblemCode.CODE_EXPIRED)
        enrolled = _enrol(work, mint, Holder(row.school, row.actor), device, now)
        work.connection.execute(
            update(ENROLMENT_CODE)
            .where(ENROLMENT_CODE.c.hash == code_hash)
            .values(device=enrolled.device)
        )
    return enrolled


def enrol_by_password(
    journal: Journal, mint: Mint, holder: Holder, family: str, device: NewDevice
) -> Enrolled:
    if holder.device:
        raise Refusal(ProblemCode.NOT_ALLOWED, "this sign-in already has its device")
    _check_proof(device)
    with journal.append(holder.school) as work:
        end_family(work.connection, family)
        return _enrol(work, mint, holder, device, journal.now())


def enrol_successor(
    journal: Journal,
    mint: Mint,
    holder: Holder,
    device: NewDevice,
    signature: str,
) -> Enrolled:
    """A device that can't go on with its chain gets a new key, named by the old one.

    The old device is not revoked: what it wrote may still be on its way in a bundle. Asking again
    with the same new key brings the same device.
    """
    _check_proof(device)
    with journal.append(holder.school) as work:
        key = work.connection.scalar(
            select(DEVICE.c.public_key).where(
                DEVICE.c.id == holder.device, DEVICE.c.revoked_at.is_(None)
            )
        )
        text = successor_text(holder.device, device.public_key)
        if key is None or not is_signed_by(key, text, signature):
            raise Refusal(ProblemCode.NOT_ALLOWED, "the old key has not named the new one")
        return _enrol(work, mint, holder, device, journal.now())


def revoke_device(journal: Journal, device: str) -> None:
    """It is answered `device_revoked` from the next request on. Raises LookupError."""
    with journal.database.read() as connection:
        row = connection.execute(select(DEVICE).where(DEVICE.c.id == device)).one_or_none()
    if row is None:
        raise LookupError(device)
    with journal.append(row.school) as work:
        work.connection.execute(
            update(DEVICE)
            .where(DEVICE.c.id == device, DEVICE.c.revoked_at.is_(None))
            .values(revoked_at=work.received_at)
        )
        end_tokens_of_device(work.connection, device)
        body = DeviceSet(
            name=row.name,
            actor=row.actor,
            public_key=row.public_key,
            platform=row.platform,
            revoked=True,
        )
        write_as_server(work, [Fact("device.set", f"device:{device}", body)])


def _check_proof(device: NewDevice) -> None:
    text = enrolment_text(device.public_key, device.name)
    if not is_public_key(device.public_key) or not is_signed_by(
        device.public_key, text, device.proof
    ):
        raise Refusal(ProblemCode.BAD_REQUEST, "the device does not hold this key")


def _find_code(connection: Connection, code_hash: str) -> Any:
    row = connection.execute(
        select(ENROLMENT_CODE).where(ENROLMENT_CODE.c.hash == code_hash)
    ).one_or_none()
    if row is None:
        raise Refusal(ProblemCode.CODE_UNKNOWN)
    return row


def _key_of(connection: Connection, device: str) -> str | None:
    return connection.scalar(select(DEVICE.c.public_key).where(DEVICE.c.id == device))


def _enrol(work: Append, mint: Mint, holder: Holder, device: NewDevice, now: datetime) -> Enrolled:
    connection, school = work.connection, holder.school
    author = read_author(connection, school, holder.actor)
    if not author.active:
        raise Refusal(ProblemCode.NOT_ALLOWED, "this person is not active at the school")
    known = connection.execute(
        select(DEVICE).where(DEVICE.c.public_key == device.public_key)
    ).one_or_none()
    if known is None:
        device_id = _add_device(work, holder, device)
    elif known.revoked_at is not None:
        raise Refusal(ProblemCode.DEVICE_REVOKED)
    elif (known.school, known.actor) != (school, holder.actor):
        raise Refusal(ProblemCode.NOT_ALLOWED, "this key belongs to somebody else's device")
    else:
        device_id = known.id
    bound = Holder(school, holder.actor, device_id, holder.username)
    own = read_own_key(connection, school)
    return Enrolled(
        device=device_id,
        tokens=mint.issue(connection, bound, now),
        school=school,
        actor=holder.actor,
        scopes=grants_for(school, author),
        server_device=own.device,
        server_key=own.key.public,
        time=moment(now),
    )


def _add_device(work: Append, holder: Holder, device: NewDevice) -> str:
    device_id = new_id()
    work.connection.execute(
        insert(DEVICE),
        {
            "id": device_id,
            "school": holder.school,
            "actor": holder.actor,
            "name": device.name,
            "platform": device.platform,
            "public_key": device.public_key,
            "enrolled_at": work.received_at,
            "revoked_at": None,
        },
    )
    body = DeviceSet(
        name=device.name,
        actor=holder.actor,
        public_key=device.public_key,
        platform=device.platform,
    )
    write_as_server(work, [Fact("device.set", f"device:{device_id}", body)])
    return device_id
