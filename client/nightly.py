"""Sees to it that every night leaves a copy of the database on this device."""

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path

from client.device.vault import SecretStoreError
from client.store.backups import Backups, Sign

log = logging.getLogger(__name__)

FIRST_PAUSE_S = 60.0
"""Whoever opens the app wants something of it first."""
PAUSE_S = 1800.0


async def back_up_nightly(
    backups: Backups,
    database: Path,
    now: Callable[[], datetime],
    signer: Callable[[], Awaitable[Sign | None]],
    first_pause_s: float = FIRST_PAUSE_S,
) -> None:
    """Until cancelled. A night without a copy is logged, and tried again half an hour later."""
    pause = first_pause_s
    while True:
        await asyncio.sleep(pause)
        pause = PAUSE_S
        if not backups.is_due(now().astimezone()):
            continue
        try:
            sign = await signer()
            made = await asyncio.to_thread(backups.make, database, now(), sign)
        except (SecretStoreError, OSError, sqlite3.Error) as error:
            log.warning("no backup tonight: %s", error)
        else:
            log.info("backup %s", made.name)
