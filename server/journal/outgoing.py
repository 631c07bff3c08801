"""Entries as they go out, read and made once for all who ask: after a night offline a whole
school's phones fetch the same few hundred in the same minute."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, groupby
from threading import Lock
from typing import Any

from pydantic_core import from_json, to_json
from sqlalchemy import Connection, and_, bindparam, func, select

from ledger.keys import Head
from ledger.tables.journal import ENTRY, HEAD
from server.pieces import Piece

TOGETHER = (32, 8, 1)
"""Entries in a piece, by `seq`; smaller ones around those a device wrote itself, which are left out
of its answers. (Measured: pieces of 32 are 7 % more bytes than one stream, 4 % more than of 64.)"""
KEPT_BYTES = 24 * 1024 * 1024
STRETCHES_KEPT = 8
LONGEST_KEPT = 2000
PAGE_LIMIT_BYTES = 8 * 1024 * 1024
"""Of headers and bodies in an answer; one that is written with many quotes is twice as large on its
way. A client stops reading far above that."""
BYTES = func.length(ENTRY.c.header) + func.coalesce(func.length(ENTRY.c.body), 0)
LIGHT = select(
    ENTRY.c.seq,
    ENTRY.c.remarks,
    ENTRY.c.body.is_(None).label("erased"),
    BYTES.label("bytes"),
    ENTRY.c.device,
    ENTRY.c.number,
    ENTRY.c.hash,
    HEAD.c.at,
    HEAD.c.signature,
).outerjoin_from(
    ENTRY,
    HEAD,
    and_(
        HEAD.c.device == ENTRY.c.device,
        HEAD.c.number == ENTRY.c.number,
        HEAD.c.hash == ENTRY.c.hash,
    ),
)
"""All of an entry but what makes it heavy, and the signed head that falls on it, where one does."""
_WHOLE = (
    select(ENTRY.c.seq, ENTRY.c.header, ENTRY.c.body, ENTRY.c.remarks)
    .where(
        ENTRY.c.school == bindparam("of_school"),
        ENTRY.c.seq.in_(bindparam("seqs", expanding=True)),
    )
    .order_by(ENTRY.c.seq)
)
COMMA = Piece.of(b",")

Content = tuple[tuple[int, str, str, bool], ...]
"""What a piece says: `seq`, hash, remarks and whether the body is erased, of each of its entries.
By the hash, as another database may have been put in the place of ours."""


@dataclass(frozen=True, slots=True)
class Written:
    """The JSON of some entries with commas between them, and where in it each one ends."""

    piece: Piece
    ends: tuple[int, ...]

    @classmethod
    def of(cls, texts: Sequence[bytes]) -> "Written":
        lengths = accumulate(len(text) + 1 for text in texts)
        return cls(Piece.of(b",".join(texts)), tuple(end - 1 for end in lengths))

    def cut(self, first: int, many: int) -> "Written":
        """Of its entries, these."""
        begins = self.ends[first - 1] + 1 if first else 0
        ends = self.ends[first : first + many]
        plain = self.piece.plain[begins : ends[-1]]
        return Written(Piece.of(plain), tuple(end - begins for end in ends))


@dataclass(slots=True)
class Part:
    """Neighbouring entries (rows of `LIGHT`, by `seq`) that go out together, and their pieces once
    they are made."""

    rows: tuple[Any, ...]
    devices: frozenset[str]
    within: "Part | None" = None
    """The part this one was cut from …"""
    first: int = 0
    """… and which of its entries this one begins with."""
    entries: Written | None = None
    heads: Piece | None = None

    @property
    def content(self) -> Content:
        return tuple((row.seq, row.hash, row.remarks, bool(row.erased)) for row in self.rows)


@dataclass(frozen=True, slots=True)
class Stretch:
    """What there is to read after some cursors, whoever wrote it."""

    parts: tuple[Part, ...]
    reached: int
    """The `seq` up to which it was looked."""
    more: bool
    length: int = field(default=0)

    @classmethod
    def of(cls, rows: Sequence[Any], reached: int, more: bool) -> "Stretch":
        return cls(tuple(_parts(rows, TOGETHER[0])), reached, more, len(rows))

    def besides(self, device: str) -> list[Part]:
        """Without what this device wrote itself."""
        found: list[Part] = []
        for part in self.parts:
            found += (part,) if device not in part.devices else _cut(part, device, TOGETHER[1:])
        return found


class Outgoing:
    """The stretches read and the pieces made last, of all schools; the oldest go first. For any
    thread."""

    def __init__(self, kept_bytes: int = KEPT_BYTES) -> None:
        self._kept_bytes = kept_bytes
        self._pieces: OrderedDict[tuple[str, Content], Written] = OrderedDict()
        self._size = 0
        self._stretches: OrderedDict[tuple[str, Hashable], Stretch] = OrderedDict()
        self._lock = Lock()

    def stretch(self, school: str, place: Hashable, read: Callable[[], Stretch]) -> Stretch:
        """What `read` finds. `place` says all that its answer depends on: from where, for whom, and
        what is the newest there is."""
        known = (school, place)
        with self._lock:
            found = self._stretches.get(known)
            if found is not None:
                self._stretches.move_to_end(known)
                return found
        found = read()
        if found.length <= LONGEST_KEPT:
            with self._lock:
                self._stretches[known] = found
                while len(self._stretches) > STRETCHES_KEPT:
                    self._stretches.popitem(last=False)
        return found

    def entries(self, connection: Connection, school: str, parts: Iterable[Part]) -> list[Piece]:
        """The JSON of these entries with the commas between them."""
        found: list[Piece] = []
        for part in parts:
            found += (COMMA, self._written(connection, school, part).piece)
        return found[1:]

    def forget(self, school: str) -> None:
        """Words that have been erased must not stay in memory."""
        with self._lock:
            for place in [one for one in self._stretches if one[0] == school]:
                del self._stretches[place]
            for known in [one for one in self._pieces if one[0] == school]:
                self._size -= len(self._pieces.pop(known).piece)

    def _written(self, connection: Connection, school: str, part: Part) -> Written:
        if part.entries is not None:
            return part.entries
        known = (school, part.content)
        with self._lock:
            found = self._pieces.get(known)
            if found is not None:
                self._pieces.move_to_end(known)
        if found is None:
            if part.within is None:
                found = Written.of(_texts(connection, school, part.content))
            else:
                # The database has been asked for the whole of it, or will be by others.
                whole = self._written(connection, school, part.within)
                found = whole.cut(part.first, len(part.rows))
            self._keep(known, found)
        part.entries = found
        return found

    def _keep(self, known: tuple[str, Content], written: Written) -> None:
        with self._lock:
            if known not in self._pieces:
                self._pieces[known] = written
                self._size += len(written.piece)
            while self._size > self._kept_bytes:
                self._size -= len(self._pieces.popitem(last=False)[1].piece)


def fitting(rows: Sequence[Any]) -> Sequence[Any]:
    """As many of these rows (with their `bytes`) as go into an answer; at least one."""
    size = 0
    for place, row in enumerate(rows):
        size += row.bytes
        if size > PAGE_LIMIT_BYTES and place:
            return rows[:place]
    return rows


def heads(parts: Iterable[Part]) -> list[Piece]:
    """The JSON of the signed heads that fall on these entries, with the commas between them."""
    found: list[Piece] = []
    for part in parts:
        if part.heads is None:
            part.heads = Piece.of(to_json(heads_on(part.rows))[1:-1])
        if part.heads.plain:
            found += (COMMA, part.heads)
    return found[1:]


def heads_on(rows: Iterable[Any]) -> list[Head]:
    """The signed heads that fall on these entries (rows of `LIGHT`)."""
    return [
        Head(
            device=row.device,
            number=row.number,
            hash=row.hash,
            at=row.at,
            signature=row.signature,
        )
        for row in rows
        if row.signature is not None
    ]


def _parts(rows: Sequence[Any], size: int, within: Part | None = None) -> Iterator[Part]:
    first = 0
    for _, some in groupby(rows, lambda row: row.seq // size):
        together = tuple(some)
        yield Part(together, frozenset(row.device for row in together), within, first)
        first += len(together)


def _cut(part: Part, device: str, sizes: tuple[int, ...]) -> Iterator[Part]:
    """Cut at places that are the same for all, so that others can share what is left of it."""
    if not sizes:
        return
    for smaller in _parts(part.rows, sizes[0], part):
        if device in smaller.devices:
            yield from _cut(smaller, device, sizes[1:])
        else:
            yield smaller


def _texts(connection: Connection, school: str, content: Content) -> list[bytes]:
    rows = connection.execute(_WHOLE, {"of_school": school, "seqs": [seq for seq, *_ in content]})
    return [to_json(as_sent(row)) for row in rows]


def as_sent(row: Any) -> dict[str, Any]:
    """A row as `ledger.wire.journal.PulledEntry` says it."""
    return {
        "seq": row.seq,
        "header": bytes(row.header).decode(),
        "body": None if row.body is None else bytes(row.body).decode(),
        "remarks": {} if row.remarks == "{}" else from_json(row.remarks),
    }
