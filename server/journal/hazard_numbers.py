"""The hazards' numbers 编号: per school and year of discovery, without gaps and without doubles.

Read and written inside the transaction that accepts the reports, under the school's lock: a
report that is refused, or a transaction that fails, uses up none.
"""

from sqlalchemy import Connection, select

from server.database import upsert
from server.tables import HAZARD_NUMBER


class HazardNumbers:
    """The numbers one transaction gives."""

    def __init__(self, connection: Connection, school: str) -> None:
        self._connection = connection
        self._school = school
        self._last: dict[int, int] = {}
        self._given: set[int] = set()

    def next(self, year: int) -> str:
        """The number a report of this year would get, such as "2026-0012"."""
        if year not in self._last:
            self._last[year] = (
                self._connection.scalar(
                    select(HAZARD_NUMBER.c.last).where(
                        HAZARD_NUMBER.c.school == self._school, HAZARD_NUMBER.c.year == year
                    )
                )
                or 0
            )
        return f"{year}-{self._last[year] + 1:04}"

    def give(self, year: int) -> None:
        """The report was accepted: its number is taken."""
        self._last[year] += 1
        self._given.add(year)

    def keep(self) -> None:
        """Write what was given, as the last act of the transaction."""
        for year in sorted(self._given):
            row = {"school": self._school, "year": year, "last": self._last[year]}
            upsert(self._connection, HAZARD_NUMBER, row)
        self._given.clear()
