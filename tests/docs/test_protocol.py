"""docs/protocol.md names all there is to know, and its examples are real: they parse as the wire
messages they are, and every hash and signature in them holds."""

import importlib
import json
import pkgutil
import re
from collections.abc import Iterator, Mapping
from enum import Enum
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

import pytest
from pydantic import BaseModel
from pydantic.dataclasses import is_pydantic_dataclass
from pydantic.fields import FieldInfo

import server.accounts.routes
import server.bundles.routes
import server.journal.routes
import server.photos.routes
from ledger import entry, wire
from ledger.chain import Link, follow
from ledger.codes import EnrolmentCode, PointCode, TypedCode, parse_code, typed_code
from ledger.entry import Body, Entry, read_entry
from ledger.keys import head_is_genuine, is_signed_by
from ledger.rules import evidence
from ledger.rules.evidence import Doubt, Grade
from ledger.rules.registry import BY_KIND
from ledger.verdicts import HOLDING, Reason, Verdict
from ledger.wire.accounts import EnrolByCode, Enrolled, enrolment_text
from ledger.wire.journal import Pull, Pulled, Push, Pushed
from ledger.wire.problems import ProblemCode
from ledger.wire.protocol import Message
from server import messages
from server.problems import STATUS

PAGE = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text("utf-8")
EXAMPLES = dict(re.findall(r"^```json (\w+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
PARTS_OF_OTHERS = {"NewDevice", "OwnEntry", "SentEntry", "PulledEntry"}
WIRE = [
    importlib.import_module(one.name)
    for one in pkgutil.iter_modules(wire.__path__, f"{wire.__name__}.")
]
WHOLE = {
    one.__name__: one for one in Message.__subclasses__() if one.__name__ not in PARTS_OF_OTHERS
}


def row(first: str) -> list[str]:
    """The cells of the one table row that begins with this code."""
    rows = re.findall(rf"^\| `{re.escape(first)}` \|(.*)\|$", PAGE, re.MULTILINE)
    assert len(rows) == 1, f"{first}: {len(rows)} rows"
    return [cell.strip() for cell in rows[0].split(" | ")]


def named(text: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", text))


def fields_of(part: Any) -> Mapping[str, FieldInfo]:
    """Of a model or a dataclass."""
    return part.__pydantic_fields__


def has_fields(part: Any) -> bool:
    return isinstance(part, type) and (issubclass(part, BaseModel) or is_pydantic_dataclass(part))


def parts_of(model: type[Any]) -> Iterator[type[Any]]:
    """The parts and enums a body is made of, however deep."""

    def inside(annotation: Any) -> Iterator[type[Any]]:
        if has_fields(annotation):
            yield annotation
            yield from parts_of(annotation)
        elif isinstance(annotation, type) and issubclass(annotation, Enum):
            yield annotation
        for argument in get_args(annotation):
            yield from inside(argument)

    for field in fields_of(model).values():
        yield from inside(field.annotation)


def constants(module: ModuleType, pattern: str) -> dict[str, float]:
    return {name: value for name, value in vars(module).items() if re.fullmatch(pattern, name)}


LIMITS = {
    name: value
    for module in (entry, *WIRE, messages, server.accounts.routes)
    for name, value in constants(module, r"[A-Z_]*LIMIT[A-Z_]*").items()
}
THRESHOLDS = constants(evidence, r"[A-Z_]+_(S|M)")
PARTS = sorted(
    {part for _, body in BY_KIND.values() for part in parts_of(body)}, key=lambda one: one.__name__
)


@pytest.mark.parametrize("kind", BY_KIND)
def test_every_kind_has_its_writers_and_fields(kind: str) -> None:
    rule, body = BY_KIND[kind]
    _, writers, fields = row(kind)
    assert named(writers) == {role.value for role in rule.writers[kind]}
    assert named(fields) >= set(body.model_fields) - set(Body.model_fields)


@pytest.mark.parametrize("part", [part for part in PARTS if has_fields(part)])
def test_every_part_of_a_body_has_its_fields(part: type[Any]) -> None:
    assert named(row(part.__name__)[0]) >= set(fields_of(part))


@pytest.mark.parametrize("choice", [part for part in PARTS if issubclass(part, Enum)])
def test_every_value_of_a_choice_is_named(choice: type[Enum]) -> None:
    name = {"Role": "roles"}.get(choice.__name__, choice.__name__.lower())
    assert named(row(name)[0]) == {one.value for one in choice}


@pytest.mark.parametrize("field", fields_of(entry.Header))
def test_every_field_of_a_header_is_explained(field: str) -> None:
    assert re.search(rf"^\| `{field}` \|", PAGE, re.MULTILINE)


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_is_explained(verdict: Verdict) -> None:
    assert row(verdict.value)


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_its_verdict(reason: Reason) -> None:
    verdict = Verdict.HELD if reason in HOLDING else Verdict.REFUSED
    assert re.search(rf"^\| `{reason.value}` \| {verdict.value} \| ", PAGE, re.MULTILINE)


@pytest.mark.parametrize("code", ProblemCode)
def test_every_problem_has_its_status(code: ProblemCode) -> None:
    assert re.search(rf"^\| `{code.value}` \| {STATUS[code]} \| ", PAGE, re.MULTILINE)


@pytest.mark.parametrize("grade", Grade)
def test_every_grade_is_explained(grade: Grade) -> None:
    assert row(grade.value)


@pytest.mark.parametrize("doubt", Doubt)
def test_every_doubt_has_its_weight(doubt: Doubt) -> None:
    weight = "strong" if doubt in evidence.STRONG else "weak"
    assert re.search(rf"^\| `{doubt.value}` \| {weight} \| ", PAGE, re.MULTILINE)


@pytest.mark.parametrize("name", THRESHOLDS)
def test_every_threshold_has_its_value(name: str) -> None:
    assert float(row(name)[0]) == THRESHOLDS[name]


@pytest.mark.parametrize("name", LIMITS)
def test_every_limit_has_its_value(name: str) -> None:
    assert int(row(name)[0]) == LIMITS[name]


def test_every_endpoint_is_there() -> None:
    modules = (
        server.bundles.routes,
        server.accounts.routes,
        server.journal.routes,
        server.photos.routes,
    )
    routers = [module.router for module in modules]
    routes: list[Any] = [route for router in routers for route in router.routes]
    served = {f"{method} {route.path}" for route in routes for method in route.methods}
    assert served == set(
        re.findall(r"^\| `((?:GET|POST|PUT|PATCH|DELETE|HEAD) [^`]+)` \|", PAGE, re.M)
    )


@pytest.mark.parametrize("name", sorted(WHOLE))
def test_every_message_has_a_real_example(name: str) -> None:
    model = WHOLE[name]
    message = model.model_validate_json(EXAMPLES[name])
    told = message.model_dump(mode="json", exclude_unset=True)
    assert told == json.loads(EXAMPLES[name]), "it has fields the message does not know"


@pytest.fixture
def push() -> Push:
    return Push.model_validate_json(EXAMPLES["Push"])


@pytest.fixture
def entries(push: Push) -> list[Entry]:
    return [
        read_entry(one.header.encode(), None if one.body is None else one.body.encode())
        for one in push.entries
    ]


def test_the_example_push_is_an_unbroken_signed_chain(push: Push, entries: list[Entry]) -> None:
    device = EnrolByCode.model_validate_json(EXAMPLES["EnrolByCode"]).device
    end, broken = follow(Link(), entries)
    assert broken is None and (end.number, end.hash) == (push.head.number, push.head.hash)
    assert head_is_genuine(push.head, device.public_key)
    text = enrolment_text(device.public_key, device.name)
    assert is_signed_by(device.public_key, text, device.proof)


def test_the_examples_tell_one_story(push: Push, entries: list[Entry]) -> None:
    enrolled = Enrolled.model_validate_json(EXAMPLES["Enrolled"])
    pushed = Pushed.model_validate_json(EXAMPLES["Pushed"])
    pull = Pull.model_validate_json(EXAMPLES["Pull"])
    pulled = Pulled.model_validate_json(EXAMPLES["Pulled"])
    assert enrolled.device == push.head.device
    assert [one.id for one in pushed.receipts] == [one.header.id for one in entries]
    held = [one.id for one in pushed.receipts if one.verdict is Verdict.HELD]
    assert held == pull.waiting == [one.id for one in pulled.receipts]
    assert (pushed.hash, pulled.hash) == (push.head.hash, push.head.hash)
    others = [read_entry(one.header.encode(), (one.body or "").encode()) for one in pulled.entries]
    assert all(one.body_is_genuine for one in others)
    assert [one.hash for one in others] == [head.hash for head in pulled.heads]


def test_the_entry_that_is_laid_out_is_the_first_of_the_push(entries: list[Entry]) -> None:
    first = entries[0]
    assert json.loads(EXAMPLES["Header"]) == json.loads(first.header_bytes)
    assert json.loads(EXAMPLES["Body"]) == json.loads(first.body_bytes or b"")
    _, body = BY_KIND[first.header.kind]
    assert set(body.model_validate_json(EXAMPLES["Body"]).model_fields_set) == set(
        json.loads(EXAMPLES["Body"])
    ), "the example has fields the body does not know"


def test_the_example_codes_are_ours() -> None:
    label = parse_code(row_example("point label (QR)"))
    assert isinstance(label, PointCode)
    typed = parse_code(row_example("typed from a label"))
    assert typed == TypedCode(typed_code(label.token))
    enrolment = parse_code(row_example("enrolment (QR)"))
    assert isinstance(enrolment, EnrolmentCode)
    assert enrolment.code == json.loads(EXAMPLES["EnrolByCode"])["code"]


def row_example(name: str) -> str:
    found = re.search(rf"^\| {re.escape(name)} \|.*\| `([^`]+)` \|$", PAGE, re.MULTILINE)
    assert found, name
    return found[1]
