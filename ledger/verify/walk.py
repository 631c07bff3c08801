"""One device's chain, walked from its first entry to its last beside its signed heads."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from ledger.entry import START_HASH, Header
from ledger.sealing import is_sealed
from ledger.verdicts import Verdict
from ledger.verify.report import Broken, Fault, Report
from ledger.verify.rows import as_bytes, is_early, is_forked, is_opaque, read_row

CheckedHead = tuple[Any, bool | None]
"""A head's row, and whether its device signed it; None when the device's key is not known."""


class Walk:
    """`complete`: every entry of this device has to be here, not only what a phone may read."""

    def __init__(
        self, report: Report, device: str, heads: Iterable[CheckedHead], *, complete: bool
    ) -> None:
        self._report = report
        self._device = device
        self._heads = iter(heads)
        self._head = next(self._heads, None)
        self._complete = complete
        self._end: Any = None
        """The last row in the chain."""
        self._end_is_signed = False
        self._since_head = 0
        self._unsigned: Any = None
        """The first answered row since the last signed head."""

    def run(self, rows: Iterable[Any]) -> Broken | None:
        """The first broken entry, in the order of their numbers."""
        same_number = (list(group) for _, group in groupby(rows, lambda row: row.number))
        for group, following in _with_next(same_number):
            broken = self._step(group, following)
            if broken is not None:
                return broken
        broken = self._heads_before(None)
        self._report.unvouched += self._since_head
        if broken is None and self._unsigned is not None:
            return _broken(self._unsigned, Fault.NOBODY_SIGNED)
        return broken

    def _step(self, group: list[Any], following: Sequence[Any]) -> Broken | None:
        broken = self._heads_before(group[0].number)
        if broken is not None:
            return broken
        headers: dict[str, Header | None] = {}
        for row in group:
            header, fault, detail = read_row(row, whole=self._report.whole)
            if fault is not None:
                return _broken(row, fault, detail)
            headers[row.id] = header
            self._report.entries += 1
            self._report.erased += row.body is None
            self._report.sealed += row.body is not None and is_sealed(as_bytes(row.body))
        signed, broken = self._head_on(group)
        if broken is not None:
            return broken
        row, broken = self._in_chain(group, following, signed)
        if row is None or broken is not None:
            return broken
        return self._extend(row, headers[row.id], following, row.hash == signed)

    def _in_chain(
        self, group: list[Any], following: Sequence[Any], signed: str
    ) -> tuple[Any, Broken | None]:
        """Which row of a number belongs to the chain; None when none does."""
        rows = [row for row in group if not (self._report.whole and is_forked(row))]
        rows = [row for row in rows if not is_opaque(row)] or rows
        if not rows:
            return None, None
        due = 1 if self._end is None else self._end.number + 1
        if rows[0].number > due:
            if self._complete:
                for row in rows:
                    if not (self._report.whole and (is_early(row) or is_opaque(row))):
                        return None, Broken(self._device, due, "", Fault.MISSING)
            self._gap()
            if self._complete:
                return None, None
        if len(rows) == 1:
            return rows[0], None
        named = {signed} if signed else _previous_in(following, rows[0].number + 1)
        genuine = next((row for row in rows if row.hash in named), rows[0])
        other = next(row for row in rows if row is not genuine)
        return None, _broken(other, Fault.SECOND)

    def _extend(
        self, row: Any, header: Header | None, following: Sequence[Any], signed: bool
    ) -> Broken | None:
        end = self._end
        follows = row.number == (1 if end is None else end.number + 1)
        if header is not None and follows:
            previous = START_HASH if end is None else end.hash
            if header.previous != previous:
                return self._break(row, following, signed)
        self._end, self._end_is_signed = row, signed
        if signed:
            self._since_head, self._unsigned = 0, None
            return None
        self._since_head += 1
        answered = self._report.whole or row.verdict != Verdict.PENDING
        if self._unsigned is None and self._complete and answered and header is not None:
            self._unsigned = row
        return None

    def _break(self, row: Any, following: Sequence[Any], signed: bool) -> Broken:
        """Two neighbours don't fit: whichever nobody else vouches for is the broken one."""
        vouched = signed or row.hash in _previous_in(following, row.number + 1)
        if self._end is not None and vouched and not self._end_is_signed:
            return _broken(self._end, Fault.ALTERED)
        return _broken(row, Fault.LINK)

    def _gap(self) -> None:
        """What came before a gap is not vouched for by what comes after it."""
        self._report.unvouched += self._since_head
        self._since_head, self._unsigned = 0, None

    def _heads_before(self, number: int | None) -> Broken | None:
        """The heads that fall on no entry: on a phone, on one it may not read."""
        while self._head is not None and (number is None or self._head[0].number < number):
            head, genuine = self._head
            if self._complete:
                return Broken(self._device, head.number, "", Fault.MISSING)
            broken = self._count(head, genuine, "")
            if broken is not None:
                return broken
        return None

    def _head_on(self, group: list[Any]) -> tuple[str, Broken | None]:
        """The hash that the device signed for this number; empty when it signed for none."""
        if self._head is None or self._head[0].number != group[0].number:
            return "", None
        head, genuine = self._head
        on = next((row for row in group if row.hash == head.hash), None)
        broken = self._count(head, genuine, (on or group[0]).id)
        if broken is None and on is None:
            in_chain = next((row for row in group if not is_forked(row)), group[0])
            broken = _broken(in_chain, Fault.HEAD)
        return head.hash if genuine else "", broken

    def _count(self, head: Any, genuine: bool | None, entry: str) -> Broken | None:
        self._report.heads += 1
        self._report.unchecked_heads += genuine is None
        self._head = next(self._heads, None)
        if genuine is False:
            return Broken(self._device, head.number, entry, Fault.SIGNATURE)
        if genuine is None and self._report.whole:
            return Broken(self._device, head.number, entry, Fault.KEY)
        return None


def _broken(row: Any, fault: Fault, detail: str = "") -> Broken:
    return Broken(row.device, row.number, row.id, fault, detail)


def _previous_in(rows: Sequence[Any], number: int) -> set[str]:
    """What these rows, if they have this number, name as the entry before them."""
    found = set()
    for row in rows:
        if row.number == number:
            header, fault, _ = read_row(row, whole=True)
            if header is not None and fault is None:
                found.add(header.previous)
    return found


def _with_next(groups: Iterator[list[Any]]) -> Iterator[tuple[list[Any], list[Any]]]:
    """Each with the one after it, which is empty at the end."""
    current = next(groups, None)
    while current is not None:
        following = next(groups, None)
        yield current, following or []
        current = following
