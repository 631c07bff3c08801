"""Guessing is slowed down, by account and by address; people who mistype are not locked out.

Every attempt is counted before it is checked, so that many at once gain nothing; a right one is
forgiven.
"""

import ipaddress
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from ledger.wire.problems import ProblemCode
from server.clock import moment
from server.database import insert_unless_there
from server.problems import Refusal
from server.tables import FAILURE

ACCOUNT_LIMIT = 5
ADDRESS_LIMIT = 30
"""A whole school may sit behind one address."""
FIRST_WAIT_S = 15.0
LONGEST_WAIT_S = 900.0
FORGOTTEN_AFTER = timedelta(hours=24)


def account_key(username: str) -> str:
    return f"account:{username}"


def address_key(address: str) -> str:
    """IPv6 by its /64: a single household has all of one."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return f"address:{address[:60]}"
    if ip.version == 6:
        return f"address:{ipaddress.ip_network((ip, 64), strict=False).network_address}"
    return f"address:{ip}"


def wait_seconds(count: int, limit: int) -> float:
    """How long to wait after the attempt with this number; doubling, up to a quarter hour."""
    if count < limit:
        return 0.0
    return min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** min(count - limit, 20))


def count_attempt(connection: Connection, key: str, limit: int, now: datetime) -> None:
    """Raises `Refusal` (slow_down) while the key has to wait."""
    nothing_yet = {"key": key, "attempts": 0, "last_at": moment(now), "blocked_until": ""}
    insert_unless_there(connection, FAILURE, nothing_yet)
    row = connection.execute(select(FAILURE).where(FAILURE.c.key == key).with_for_update()).one()
    if row.blocked_until > moment(now):
        left = datetime.fromisoformat(row.blocked_until) - now
        raise Refusal(
            ProblemCode.SLOW_DOWN,
            "too many attempts",
            retry_after_seconds=round(left.total_seconds(), 1),
        )
    fresh = now - datetime.fromisoformat(row.last_at) < FORGOTTEN_AFTER
    attempts = (row.attempts if fresh else 0) + 1
    wait = timedelta(seconds=wait_seconds(attempts, limit))
    connection.execute(
        update(FAILURE)
        .where(FAILURE.c.key == key)
        .values(attempts=attempts, last_at=moment(now), blocked_until=moment(now + wait))
    )


def forgive(connection: Connection, account: str | None, address: str) -> None:
    """The attempt was a right one: the account starts afresh, the address is one less."""
    # In the order in which they are counted: otherwise two at once may wait for each other.
    connection.execute(
        update(FAILURE)
        .where(FAILURE.c.key == address, FAILURE.c.attempts > 0)
        .values(attempts=FAILURE.c.attempts - 1, blocked_until="")
    )
    if account is not None:
        connection.execute(delete(FAILURE).where(FAILURE.c.key == account))
