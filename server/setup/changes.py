"""What loading a school's file would change, and doing it: differences only, all or nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import from_json
from sqlalchemy import Connection, select

from ledger.codes import new_token, typed_code
from ledger.entry import Body
from ledger.rules.places import Label, LabelIssued, SchoolSet
from ledger.tables import RECORDS
from server.journal.own_hand import Fact
from server.setup.reading import SECTIONS, SchoolFile, Wanted, WrongFile

ENDING: Final = {
    "staff": ("active", False),
    "points": ("retired", True),
    "plans": ("ended", True),
    "conditions": ("retired", True),
}
"""The field that ends a thing, and what it then says."""
Known = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""Section → id → the fields of its newest entry."""


@dataclass(slots=True)
class Changes:
    facts: list[Fact] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    """What will be done, one thing a line."""
    left: list[str] = field(default_factory=list)
    """What the school has and the file doesn't name."""


def changes(connection: Connection, file: SchoolFile) -> Changes:
    """Compare the file with the school. Raises `WrongFile`."""
    about = _details(connection, "school", file.code).get(file.code)
    if about is None:
        raise WrongFile(
            [f"[school]: there is no school {file.code}; `xunan school add` founds one"]
        )
    known = {
        section: _details(connection, prefix, file.code)
        for section, (prefix, _) in SECTIONS.items()
    }
    problems: list[str] = []
    found = Changes()
    now = _body("[school]", SchoolSet, about, file.about, problems)
    if now is not None and _plain(now) != _plain(SchoolSet.model_validate(about)):
        found.facts.append(Fact("school.set", f"school:{file.code}", now))
        found.lines.append(f"change school {file.code}: {_differing(about, now)}")
    bodies: dict[str, dict[str, dict[str, Any]]] = {name: dict(known[name]) for name in SECTIONS}
    for one in file.things:
        before = known[one.section].get(one.id)
        body = _body(one.place, one.model, before or {}, _told(one, before), problems)
        if body is None:
            bodies[one.section][one.id] = {}
            continue
        bodies[one.section][one.id] = _plain(body)
        if before is None or _plain(body) != _plain(one.model.model_validate(before)):
            kind = f"{SECTIONS[one.section][0]}.set"
            found.facts.append(Fact(kind, one.subject, body))
            found.lines.append(_line(one, before, body))
    problems += _loose_ends(file, bodies)
    if problems:
        raise WrongFile(problems)
    named = {(one.section, one.id) for one in file.things}
    found.left = [
        f"{section} {id} {fields.get('name', '')}".rstrip()
        for section, things in known.items()
        for id, fields in things.items()
        if (section, id) not in named and not _ended(section, fields)
    ]
    _issue_labels(connection, file.code, bodies["points"], found)
    return found


def schools(connection: Connection) -> list[str]:
    """The codes of all schools of the district."""
    records = RECORDS["school"]
    return list(connection.scalars(select(records.c.id).order_by(records.c.id)))


def _details(connection: Connection, table: str, school: str) -> dict[str, dict[str, Any]]:
    records = RECORDS[table]
    rows = connection.execute(
        select(records.c.id, records.c.detail).where(records.c.school == school)
    )
    return {row.id: from_json(row.detail) for row in rows}


def _told(one: Wanted, before: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """What the file says; items it no longer lists are retired, past check-ins name them."""
    items = one.fields.get("items")
    if before is None or not isinstance(items, list):
        return one.fields
    listed = {item.get("id") for item in items if isinstance(item, dict)}
    gone = [{**old, "retired": True} for old in before["items"] if old["id"] not in listed]
    return {**one.fields, "items": [*items, *gone]}


def _body(
    place: str,
    model: type[Body],
    before: Mapping[str, Any],
    told: Mapping[str, Any],
    problems: list[str],
) -> Body | None:
    try:
        return model.model_validate({**before, **told})
    except ValidationError as error:
        for one in error.errors(include_url=False):
            where = ", ".join(
                str(part + 1) if isinstance(part, int) else str(part) for part in one["loc"]
            )
            problems.append(f"{place}, {where}: {one['msg']}")
        return None


def _plain(body: Body) -> dict[str, Any]:
    return body.model_dump(mode="json", exclude={"salt"})


def _ended(section: str, fields: Mapping[str, Any]) -> bool:
    name, ended = ENDING.get(section, ("", None))
    return bool(name) and fields.get(name) == ended


def _line(one: Wanted, before: Mapping[str, Any] | None, body: Body) -> str:
    now = _plain(body)
    what = f"{SECTIONS[one.section][0]} {one.id} {now['name']}"
    if before is None:
        return f"add {what}"
    if _ended(one.section, now) and not _ended(one.section, before):
        return f"end {what}"
    return f"change {what}: {_differing(before, body)}"


def _differing(before: Mapping[str, Any], body: Body) -> str:
    then = _plain(type(body).model_validate(before))
    return ", ".join(name for name, value in _plain(body).items() if then.get(name) != value)


def _loose_ends(file: SchoolFile, all: dict[str, dict[str, dict[str, Any]]]) -> Iterator[str]:
    """References that lead nowhere, or to what has ended."""
    for one in file.things:
        body = all[one.section].get(one.id)
        if not body or _ended(one.section, body):
            continue
        wanted = {
            "areas": [("staff", id) for id in (body.get("responsible"),) if id],
            "points": [("areas", body.get("area"))],
            "plans": [
                *(("points", id) for id in body.get("points", ())),
                *(("staff", id) for id in body.get("staff", ())),
            ],
        }
        for section, id in wanted.get(one.section, ()):
            target = all[section].get(str(id))
            if target is None:
                yield f"{one.place}: there is no {SECTIONS[section][0]} {id}"
            elif _ended(section, target):
                yield f"{one.place}: {SECTIONS[section][0]} {id} has ended"
        if "server" in body.get("roles", ()):
            yield f"{one.place}: nobody can have the role server"


def _issue_labels(
    connection: Connection, school: str, points: Mapping[str, Mapping[str, Any]], found: Changes
) -> None:
    """A first label for every point in use that has none; what is typed is unique in the school."""
    label = RECORDS["label"]
    rows = connection.execute(select(label.c.point, label.c.typed).where(label.c.school == school))
    there = rows.all()
    labelled = {row.point for row in there}
    typed = {row.typed for row in there}
    for id, fields in points.items():
        if id in labelled or fields.get("retired"):
            continue
        token = new_token()
        while typed_code(token) in typed:
            token = new_token()
        typed.add(typed_code(token))
        issued = Label(version=1, token=token, typed=typed_code(token))
        found.facts.append(Fact("label.issued", f"point:{id}", LabelIssued(label=issued)))
        found.lines.append(f"issue a label for point {id} {fields['name']}")
