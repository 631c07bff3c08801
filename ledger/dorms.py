"""Who lives in which building on which night, as a journal's own records say it."""

from collections.abc import Callable

from sqlalchemy import Connection, or_, select

from ledger.tables import RECORDS

_STUDENT, _MISSING, _BUILDING = RECORDS["student"], RECORDS["missing"], RECORDS["building"]


class RecordedDorms:
    """Fills `ledger.rules.rule.Dorms` from a database. `bring_up` is called before every look, to
    write down what has been accepted and is not in the records yet; without one the records stand
    still while this lives, and who lives where is asked once a night."""

    def __init__(
        self, connection: Connection, school: str, bring_up: Callable[[], None] | None = None
    ) -> None:
        self._connection = connection
        self._school = school
        self._bring_up = bring_up or (lambda: None)
        self._stands_still = bring_up is None
        self._living: dict[tuple[str, str], frozenset[str]] = {}

    def residents(self, building: str, night: str) -> frozenset[str] | None:
        if self._stands_still and (building, night) in self._living:
            return self._living[building, night]
        self._bring_up()
        rows = self._connection.scalars(
            select(_STUDENT.c.id).where(
                _STUDENT.c.school == self._school,
                _STUDENT.c.building == building,
                _STUDENT.c.since <= night,
                or_(_STUDENT.c.until == "", _STUDENT.c.until > night),
            )
        )
        found = self._living[building, night] = frozenset(rows)
        return found

    def followed(self, building: str, night: str) -> frozenset[str] | None:
        self._bring_up()
        rows = self._connection.scalars(
            select(_MISSING.c.student).where(
                _MISSING.c.school == self._school,
                _MISSING.c.building == building,
                _MISSING.c.night == night,
                _MISSING.c.followed,
            )
        )
        return frozenset(rows)
