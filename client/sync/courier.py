"""Delivering others' bundles: what this device carries goes to the server as it is.

The server judges by the author's signature, not by whose session brings the file.
"""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from client.gateway.errors import Refused
from client.gateway.gateway import Gateway
from ledger.wire.problems import ProblemCode

log = logging.getLogger(__name__)

NEVER = frozenset(
    {
        ProblemCode.BUNDLE_DAMAGED,
        ProblemCode.BUNDLE_FOREIGN,
        ProblemCode.BUNDLE_NOT_GENUINE,
        ProblemCode.TOO_LARGE,
    }
)
"""Trying again brings the same answer."""
OF_THE_ONE = frozenset(
    {ProblemCode.BUNDLE_NEWER, ProblemCode.SERVER_FAULT, ProblemCode.BAD_REQUEST}
)
"""Another time the server may take it; the others need not wait for that."""


class OneCarried(Protocol):
    @property
    def path(self) -> Path: ...


class Carried(Protocol):
    """The port to the folder of carried bundles."""

    def all(self) -> Sequence[OneCarried]: ...

    def delivered(self, path: Path) -> None: ...

    def turned_away(self, path: Path) -> None: ...


class Courier:
    def __init__(self, gateway: Gateway, carried: Carried) -> None:
        self._gateway = gateway
        self._carried = carried

    async def run(self) -> None:
        """Deliver everything that waits. Raises `GatewayError`; the rest waits on."""
        kept_back: Refused | None = None
        for one in self._carried.all():
            try:
                await self._gateway.deliver(one.path)
            except Refused as refused:
                if refused.code in OF_THE_ONE:
                    kept_back = kept_back or refused
                    continue
                if refused.code not in NEVER:
                    raise
                log.warning("the server takes %s never: %s", one.path.name, refused.code)
                self._carried.turned_away(one.path)
            except OSError as error:
                log.warning("%s can't be read: %s", one.path.name, type(error).__name__)
            else:
                self._carried.delivered(one.path)
        if kept_back is not None:
            raise kept_back
