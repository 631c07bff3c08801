"""Signing in with a password, and staying signed in with refresh tokens."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from ledger.wire.accounts import Tokens
from ledger.wire.problems import ProblemCode
from server.accounts import slowdown
from server.accounts.passwords import clean_username, is_password
from server.accounts.tokens import (
    Holder,
    Mint,
    find_refresh_token,
    holder_of,
    keep_successor,
    may_be_used,
)
from server.database import Database
from server.problems import Refusal
from server.tables import ACCOUNT, DEVICE

# Made once: every request asks both.
_REVOKED = select(DEVICE.c.revoked_at).where(DEVICE.c.id == bindparam("of_device"))
_CLOSED = select(ACCOUNT.c.closed_at).where(ACCOUNT.c.username == bindparam("of_name"))


def sign_in(
    database: Database, mint: Mint, username: str, password: str, address: str, now: datetime
) -> Tokens:
    username = clean_username(username)
    account, place = slowdown.account_key(username), slowdown.address_key(address)
    with database.write() as connection:
        slowdown.count_attempt(connection, place, slowdown.ADDRESS_LIMIT, now)
        slowdown.count_attempt(connection, account, slowdown.ACCOUNT_LIMIT, now)
    with database.read() as connection:
        row = connection.execute(
            select(ACCOUNT).where(ACCOUNT.c.username == username)
        ).one_or_none()
    if not is_password(password, None if row is None else row.password_hash) or row is None:
        raise Refusal(ProblemCode.WRONG_PASSWORD, "wrong user name or password")
    with database.write() as connection:
        slowdown.forgive(connection, account, place)
        if row.closed_at is not None:
            raise Refusal(ProblemCode.ACCOUNT_CLOSED)
        return mint.issue(connection, Holder(row.school, row.actor, "", username), now)


def refresh(database: Database, mint: Mint, token: str, now: datetime) -> Tokens:
    with database.write() as connection:
        row = find_refresh_token(connection, token)
        if row is None:
            raise Refusal(ProblemCode.SIGN_IN_AGAIN, "unknown refresh token")
        holder = holder_of(row)
        refuse_shut_out(connection, holder)
        if may_be_used(connection, row, now):
            tokens = mint.issue(connection, holder, now, row.family)
            keep_successor(connection, row.hash, tokens)
            return tokens
    raise Refusal(ProblemCode.SIGN_IN_AGAIN, "the refresh token has ended")


def unknown_device() -> Refusal:
    """It was enrolled after the backup we were restored from. Nobody revoked it, so it must not
    wipe itself: its person signs in again, and it sends what we have lost."""
    return Refusal(ProblemCode.SIGN_IN_AGAIN, "this server does not know the device")


def refuse_shut_out(connection: Connection, holder: Holder) -> None:
    """A revoked device and a closed account hear so, whatever else is wrong with their request."""
    if holder.device:
        device = connection.execute(_REVOKED, {"of_device": holder.device}).one_or_none()
        if device is None:
            raise unknown_device()
        if device.revoked_at is not None:
            raise Refusal(ProblemCode.DEVICE_REVOKED)
    if holder.username:
        account = connection.execute(_CLOSED, {"of_name": holder.username}).one_or_none()
        if account is None or account.closed_at is not None:
            raise Refusal(ProblemCode.ACCOUNT_CLOSED)
