"""Access tokens that live minutes, refresh tokens that are used once.

A refresh token is answered with its successor. If the successor was never used, the answer may
have been lost on the way, and the same token may come again: the unused successor is replaced.
A token that comes after its successor was used, or a replaced one, was copied by somebody: the
whole family ends, and the person signs in again.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, insert, select, update

from ledger.entry import digest
from ledger.identifiers import new_id
from ledger.wire.accounts import Tokens
from ledger.wire.problems import ProblemCode
from server.clock import moment
from server.database import insert_unless_there
from server.problems import Refusal
from server.tables import REFRESH_TOKEN, SECRET

ALGORITHM = "HS256"
SECRET_NAME = "access_tokens"
REPLACED = "replaced"
"""In place of a successor: this token was never used and another took its place."""


def _turn(family: ColumnElement[str] | str) -> Select[tuple[None]]:
    """PostgreSQL's: whoever else wants this family waits until the transaction ends."""
    return select(func.pg_advisory_xact_lock(func.hashtextextended(family, 0)))


# Made once: every phone that comes back begins with these.
_TURN_OF_TOKEN = _turn(REFRESH_TOKEN.c.family).where(REFRESH_TOKEN.c.hash == bindparam("of_hash"))
_FIND = select(REFRESH_TOKEN).where(REFRESH_TOKEN.c.hash == bindparam("of_hash")).with_for_update()
_SUCCEED = (
    update(REFRESH_TOKEN)
    .where(REFRESH_TOKEN.c.hash == bindparam("of_hash"))
    .values(successor=bindparam("by"))
)


@dataclass(frozen=True, slots=True)
class Holder:
    """Who a token stands for. No device before it is enrolled; no account when a code enrolled
    it."""

    school: str
    actor: str
    device: str = ""
    username: str = ""


@dataclass(frozen=True, slots=True)
class Access:
    holder: Holder
    family: str
    expires: datetime


@dataclass(frozen=True, slots=True)
class Mint:
    """Makes and reads tokens."""

    secret: str
    access_life: timedelta
    refresh_life: timedelta

    def issue(
        self, connection: Connection, holder: Holder, now: datetime, family: str | None = None
    ) -> Tokens:
        """A new pair; without `family` a new sign-in begins."""
        family = family or new_id()
        refresh = secrets.token_urlsafe(32)
        connection.execute(
            insert(REFRESH_TOKEN),
            {
                "hash": digest(refresh.encode()),
                "family": family,
                "school": holder.school,
                "actor": holder.actor,
                "device": holder.device,
                "username": holder.username,
                "made_at": moment(now),
                "expires_at": moment(now + self.refresh_life),
                "successor": "",
                "revoked": False,
            },
        )
        claims = {
            "sub": holder.actor,
            "school": holder.school,
            "device": holder.device,
            "account": holder.username,
            "family": family,
            "exp": int((now + self.access_life).timestamp()),
        }
        return Tokens(
            access_token=jwt.encode(claims, self.secret, ALGORITHM),
            refresh_token=refresh,
            expires_in=int(self.access_life.total_seconds()),
        )

    def read(self, token: str) -> Access:
        """Who this access token stands for. Whether it has expired, the caller decides: a revoked
        device should hear that first."""
        try:
            claims = jwt.decode(
                token,
                self.secret,
                [ALGORITHM],
                options={"verify_exp": False, "require": ["sub", "exp", "family"]},
            )
            holder = Holder(claims["school"], claims["sub"], claims["device"], claims["account"])
            expires = datetime.fromtimestamp(claims["exp"], UTC)
        except (jwt.InvalidTokenError, KeyError, TypeError, ValueError) as error:
            raise Refusal(ProblemCode.SIGN_IN_AGAIN, "not a token of this server") from error
        return Access(holder, claims["family"], expires)


def read_secret(connection: Connection) -> str:
    """The signing secret, made at first use. Every process on this database shares it."""
    row = {"name": SECRET_NAME, "value": secrets.token_hex(32)}
    insert_unless_there(connection, SECRET, row)
    return connection.execute(
        select(SECRET.c.value).where(SECRET.c.name == SECRET_NAME)
    ).scalar_one()


def find_refresh_token(connection: Connection, token: str) -> Any:
    """Its row, with its family locked; None when we never made it."""
    if connection.dialect.name == "postgresql":
        connection.execute(_TURN_OF_TOKEN, {"of_hash": digest(token.encode())})
    return connection.execute(_FIND, {"of_hash": digest(token.encode())}).one_or_none()


def holder_of(row: Any) -> Holder:
    return Holder(row.school, row.actor, row.device, row.username)


def may_be_used(connection: Connection, row: Any, now: datetime) -> bool:
    """False for a token that has ended. One that was copied ends its whole family here, so the
    caller must commit either way."""
    if row.revoked or row.expires_at <= moment(now):
        return False
    if not row.successor:
        return True
    if not _unused(connection, row.successor):
        end_family(connection, row.family)
        return False
    _set_successor(connection, row.successor, REPLACED)
    return True


def keep_successor(connection: Connection, used_hash: str, tokens: Tokens) -> None:
    _set_successor(connection, used_hash, digest(tokens.refresh_token.encode()))


def end_family(connection: Connection, family: str) -> None:
    _end(connection, REFRESH_TOKEN.c.family == family)


def end_tokens_of_device(connection: Connection, device: str) -> None:
    _end(connection, REFRESH_TOKEN.c.device == device)


def end_tokens_of_account(connection: Connection, username: str) -> None:
    _end(connection, REFRESH_TOKEN.c.username == username)


def _end(connection: Connection, these: ColumnElement[bool]) -> None:
    """Their families are locked first, in one order: whoever refreshes one of them has two of its
    rows in hand, and adds one that would not be found."""
    if connection.dialect.name == "postgresql":
        alive = REFRESH_TOKEN.c.revoked.is_(False)
        families = connection.scalars(select(REFRESH_TOKEN.c.family).where(these, alive).distinct())
        for family in sorted(families):
            connection.execute(_turn(family))
    connection.execute(update(REFRESH_TOKEN).where(these).values(revoked=True))


def _unused(connection: Connection, token_hash: str) -> bool:
    if token_hash == REPLACED:
        return False
    successor = connection.scalar(
        select(REFRESH_TOKEN.c.successor).where(REFRESH_TOKEN.c.hash == token_hash)
    )
    return successor == ""


def _set_successor(connection: Connection, token_hash: str, successor: str) -> None:
    connection.execute(_SUCCEED, {"of_hash": token_hash, "by": successor})
