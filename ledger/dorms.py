"""Who lives in which building on which night, as a journal's own records say it."""

from collections.abc import Callable

from sqlalchemy import Connection, or_, select

from ledger.tables import RECORDS

_STUDENT, _MISSING, _BUILDING = RECORDS["student"], RECORDS["missing"], RECORDS["building"]


class RecordedDorms:
    """Fills `ledger.rules.rule.Dorms` from a database. `bring_up` is called before every look, to
    write down what has been accepted and is not in the records yet."""

    def __init__(
        self, connection: Connection, school: str, bring_up: Callable[[], None] = lambda: None
    ) -> None:
        self._connection = connection
        self._school = school
        self._bring_up = bring_up

    def residents(self, building: str, night: str) -> frozenset[str] | None:
        self._bring_up()
        rows = self._connection.scalars(
            select(_STUDENT.c.id).where(
                _STUDENT.c.school == self._school,
                _STUDENT.c.building == building,
                _STUDENT.c.since <= night,
                or_(_STUDENT.c.until == "", _STUDENT.c.until > night),
            )
        )
        return frozenset(rows)

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
