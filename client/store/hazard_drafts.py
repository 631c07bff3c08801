"""What somebody is writing about a hazard and has not saved yet."""

from dataclasses import dataclass

from ledger.rules.hazards.bodies import Category, HazardGrade, Lane, PhotoOrigin, PhotoUse, Source


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture taken and not saved yet: a file of the drafts' folder."""

    name: str
    use: PhotoUse = PhotoUse.BEFORE
    origin: PhotoOrigin = PhotoOrigin.CAMERA
    strokes: tuple[tuple[str, float, float, float, float], ...] = ()
    """"arrow" or "circle" with two corners as parts (0 to 1) of the picture's sides."""


@dataclass(frozen=True, slots=True)
class HazardDraft:
    """A report being written; kept at every change, so that a killed app loses nothing."""

    pictures: tuple[Picture, ...] = ()
    content: str = ""
    lane: Lane = Lane.DEADLINE
    source: Source = Source.PATROL
    category: Category = Category.OTHER
    grade: HazardGrade = HazardGrade.GENERAL
    condition: str = ""
    area: str = ""
    point: str = ""
    place: str = ""
    item: str = ""
    check_in: str = ""
    measure: str = ""
    """On the spot: what was done."""
    protection: str = ""
    """Asked for when it is major."""


@dataclass(frozen=True, slots=True)
class RectifyDraft:
    """A rectification being written."""

    pictures: tuple[Picture, ...] = ()
    done: str = ""
    funds: float = 0.0
    overdue_because: str = ""
    protection: str = ""
