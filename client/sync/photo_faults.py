"""What the server stumbles over in one photo keeps back no other, within limits."""

from client.gateway.errors import Refused
from ledger.wire.problems import ProblemCode

FAULTS_BORNE = 5
"""Photos the server may stumble over in a run before it is taken for the server's own trouble."""


class PhotoFaults:
    """Those of one run."""

    def __init__(self) -> None:
        self._borne: list[Refused] = []

    def begin(self) -> None:
        self._borne = []

    def bear(self, refused: Refused) -> None:
        """A fault of the server's may be of this one photo. Raises `Refused` where it is not."""
        if refused.code is not ProblemCode.SERVER_FAULT or len(self._borne) >= FAULTS_BORNE:
            raise refused
        self._borne.append(refused)

    def tell(self) -> None:
        """At the end of the run: raises the first one borne."""
        if self._borne:
            raise self._borne[0]
