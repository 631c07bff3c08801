"""A school's file, read and checked as far as it goes without knowing the school.

Every problem is found at once and named with its place, so that nobody mends a file line by line.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel

from ledger.codes import DISTRICT
from ledger.entry import Body
from ledger.rules.hazards.conditions import ConditionSet
from ledger.rules.people import StaffSet
from ledger.rules.places import AreaSet, Item, LadderStep, PointSet, SchoolSet, Spot
from ledger.rules.plans import PlanSet, Window

LARGEST_BYTES: Final = 8 * 1024 * 1024
SECTIONS: Final[Mapping[str, tuple[str, type[Body]]]] = {
    "staff": ("staff", StaffSet),
    "areas": ("area", AreaSet),
    "points": ("point", PointSet),
    "plans": ("plan", PlanSet),
    "conditions": ("condition", ConditionSet),
}
"""Each section's subject prefix and body, in the order they are written."""
CONDITIONS: Final = "conditions"
"""The section a district may give all its schools alike."""
ID: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")
PARTS: Final[Mapping[str, type[BaseModel]]] = {
    "items": Item,
    "windows": Window,
    "spot": Spot,
    "ladder": LadderStep,
}


class WrongFile(Exception):
    """The file can't be loaded; `problems` says everything that is wrong, each with its place."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing as the file wants it: only what the file says of it."""

    section: str
    place: str
    id: str
    fields: Mapping[str, Any]

    @property
    def subject(self) -> str:
        return f"{SECTIONS[self.section][0]}:{self.id}"

    @property
    def model(self) -> type[Body]:
        return SECTIONS[self.section][1]


@dataclass(slots=True)
class SchoolFile:
    code: str = ""
    about: dict[str, Any] = field(default_factory=dict)
    things: list[Wanted] = field(default_factory=list)


def read_school_file(path: Path) -> SchoolFile:
    """Raises `WrongFile`."""
    return parse_school_file(_text_of(path))


def read_conditions_file(path: Path) -> list[Wanted]:
    """A district's own conditions, for all its schools. Raises `WrongFile`."""
    return parse_conditions_file(_text_of(path))


def _text_of(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise WrongFile([f"{path}: the file is too large"])
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise WrongFile([f"{path}: not UTF-8; save it with that encoding"]) from error
    except OSError as error:
        raise WrongFile([f"{path}: {error.strerror or error}"]) from error


def parse_conditions_file(text: str) -> list[Wanted]:
    """Raises `WrongFile`."""
    told, problems = _toml(text), list[str]()
    problems += [f"{name}: only [[conditions]] belong here" for name in told if name != CONDITIONS]
    if CONDITIONS not in told:
        problems.append("there is no [[conditions]] in it")
    found = _read_section(CONDITIONS, told, problems)
    if problems:
        raise WrongFile(problems)
    return found


def _toml(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise WrongFile([f"not TOML: {error}"]) from error


def parse_school_file(text: str) -> SchoolFile:
    """Raises `WrongFile`."""
    told, problems = _toml(text), list[str]()
    found = SchoolFile()
    about = told.pop("school", None)
    if isinstance(about, dict) and isinstance(about.get("code"), str):
        found.code = about.pop("code")
        found.about = about
        if found.code == DISTRICT:
            problems.append(f"[school]: {DISTRICT} is the district itself and has no file")
        problems += _unknown_fields("school", about, SchoolSet)
    else:
        problems.append('[school]: code = "…" is missing, the four characters of the school')
    problems += [f"{name}: there is no such section" for name in told if name not in SECTIONS]
    for section in SECTIONS:
        found.things += _read_section(section, told, problems)
    if problems:
        raise WrongFile(problems)
    return found


def _read_section(section: str, told: Mapping[str, Any], problems: list[str]) -> list[Wanted]:
    rows = told.get(section, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        problems.append(f"{section}: write each as a section of its own, [[{section}]]")
        return []
    return list(_read_rows(section, rows, problems))


def _read_rows(section: str, rows: list[dict[str, Any]], problems: list[str]) -> Iterator[Wanted]:
    seen: set[str] = set()
    for number, row in enumerate(rows, 1):
        id = row.pop("id", None)
        place = f"{section} {number}" if not isinstance(id, str) else f"{section} {number} ({id})"
        if not isinstance(id, str) or not ID.fullmatch(id):
            problems.append(f"{place}: id must be 1 to 40 letters, digits, - or _")
            continue
        if id in seen:
            problems.append(f"{place}: this id is there twice")
        seen.add(id)
        problems += _unknown_fields(place, row, SECTIONS[section][1])
        problems += _twice_inside(place, row)
        yield Wanted(section, place, id, row)


def _unknown_fields(place: str, row: Mapping[str, Any], model: type[BaseModel]) -> list[str]:
    """A slip in a field's name would otherwise pass silently."""
    known = set(model.model_fields) - {"salt"}
    problems = [f"{place}: there is no field {name}" for name in row if name not in known]
    for name in PARTS:
        part = _part_of(model, name)
        told = row.get(name)
        if part is None or told is None:
            continue
        for number, one in enumerate(told if isinstance(told, list) else [told], 1):
            if isinstance(one, dict):
                where = (
                    f"{place}, {name} {number}" if isinstance(told, list) else f"{place}, {name}"
                )
                problems += _unknown_fields(where, one, part)
    return problems


def _part_of(model: type[BaseModel], name: str) -> type[BaseModel] | None:
    return PARTS[name] if name in model.model_fields else None


def _twice_inside(place: str, row: Mapping[str, Any]) -> Iterator[str]:
    items = row.get("items", [])
    ids = [one.get("id") for one in items if isinstance(one, dict)] if items else []
    for name, values in (("items", ids), *((name, row.get(name)) for name in ("points", "staff"))):
        if isinstance(values, list):
            texts = [one for one in values if isinstance(one, str)]
            twice = sorted({one for one in texts if texts.count(one) > 1})
            yield from (f"{place}: {name} names {one} twice" for one in twice)
