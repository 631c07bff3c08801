"""Setting up a school and its people's accounts: what an administrator does once."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from ledger.rules.people import DeviceSet
from ledger.rules.places import SchoolSet
from server.accounts.passwords import clean_username, hash_password
from server.accounts.tokens import end_tokens_of_account
from server.clock import moment
from server.journal.follow_rules import begin_now
from server.journal.journal import Journal
from server.journal.own_hand import Fact, make_own_key, write_as_server
from server.journal.people import SERVER_ACTOR, read_author
from server.tables import ACCOUNT, COUNTER, DEVICE, REFRESH_TOKEN


class AlreadyThere(Exception):
    """A school or an account of this name exists."""


def add_school(journal: Journal, school: str, about: SchoolSet, facts: Sequence[Fact] = ()) -> None:
    """Found a school: its counter, the server's key for it, and its first entries."""
    with journal.database.write() as connection:
        there = connection.scalar(select(COUNTER.c.seq).where(COUNTER.c.school == school))
        if there is not None:
            raise AlreadyThere(school)
        connection.execute(insert(COUNTER), {"school": school, "seq": 0, "labels_seq": 0})
        begin_now(connection, school)
        own = make_own_key(connection, school)
    myself = DeviceSet(name=SERVER_ACTOR, actor=SERVER_ACTOR, public_key=own.key.public)
    with journal.append(school) as work:
        write_as_server(
            work,
            [
                Fact("school.set", f"school:{school}", about),
                Fact("device.set", f"device:{own.device}", myself),
                *facts,
            ],
        )


def add_account(
    connection: Connection, school: str, actor: str, username: str, password: str, now: datetime
) -> str:
    """Returns the user name as it is kept. Raises `AlreadyThere`, LookupError, `WeakPassword`."""
    username = clean_username(username)
    if not username:
        raise LookupError("an empty user name")
    if not read_author(connection, school, actor).active:
        raise LookupError(f"{actor} is not active staff of {school}")
    if connection.scalar(select(ACCOUNT.c.username).where(ACCOUNT.c.username == username)):
        raise AlreadyThere(username)
    connection.execute(
        insert(ACCOUNT),
        {
            "username": username,
            "school": school,
            "actor": actor,
            "password_hash": hash_password(password),
            "made_at": moment(now),
            "closed_at": None,
        },
    )
    return username


def change_password(connection: Connection, username: str, password: str) -> None:
    """Whoever was signed in with the old one signs in again. Raises LookupError."""
    _change(connection, username, password_hash=hash_password(password))


def close_account(connection: Connection, username: str, now: datetime) -> list[str]:
    """Nobody gets in with this password any more. Returns the person's devices that never needed
    it, because a code enrolled them. Raises LookupError."""
    _change(connection, username, closed_at=moment(now))
    account = connection.execute(
        select(ACCOUNT.c.school, ACCOUNT.c.actor).where(
            ACCOUNT.c.username == clean_username(username)
        )
    ).one()
    by_code = (
        select(REFRESH_TOKEN.c.device)
        .join(DEVICE, DEVICE.c.id == REFRESH_TOKEN.c.device)
        .where(
            DEVICE.c.school == account.school,
            DEVICE.c.actor == account.actor,
            DEVICE.c.revoked_at.is_(None),
            REFRESH_TOKEN.c.username == "",
            REFRESH_TOKEN.c.revoked.is_(False),
        )
    )
    return sorted(connection.scalars(by_code.distinct()))


def _change(connection: Connection, username: str, **values: str) -> None:
    username = clean_username(username)
    done = connection.execute(
        update(ACCOUNT).where(ACCOUNT.c.username == username).values(**values)
    )
    if not done.rowcount:
        raise LookupError(username)
    if "password_hash" in values:
        end_tokens_of_account(connection, username)
