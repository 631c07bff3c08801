"""Finds which keys the code speaks, and user text that code keeps for itself."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[3]
CLIENT = ROOT / "client"
WORDS = CLIENT / "words"
MODULE = "client.words"
SPEAKERS = {"t", "n", "key"}
# Han characters, their punctuation and full-width forms.
CHINESE = re.compile("[\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef]")


@dataclass(frozen=True)
class Use:
    """One place that speaks a key, or a family of keys that share a beginning."""

    key: str
    speaker: str
    place: str
    family: bool = False
    values: frozenset[str] | None = None  # None: handed over as a whole mapping

    @property
    def domain(self) -> str:
        return self.key.partition(".")[0]


@dataclass
class _Names:
    """What one module calls the words package and the functions it took from it."""

    speakers: dict[str, str] = field(default_factory=dict)
    modules: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, tree: ast.AST) -> "_Names":
        names = cls()
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    called = alias.asname or alias.name
                    if node.module.startswith(MODULE) and alias.name in SPEAKERS:
                        names.speakers[called] = alias.name
                    elif f"{node.module}.{alias.name}" == MODULE:
                        names.modules.add(called)
            elif isinstance(node, ast.Import):
                names.modules |= {
                    alias.asname or alias.name for alias in node.names if alias.name == MODULE
                }
        return names

    def speaker(self, call: ast.Call) -> str | None:
        called = ast.unparse(call.func)
        if called in self.speakers:
            return self.speakers[called]
        module, _, name = called.rpartition(".")
        return name if module in self.modules and name in SPEAKERS else None


def modules(folder: Path = CLIENT) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*.py")) if "__pycache__" not in path.parts)


def uses(folder: Path = CLIENT) -> list[Use]:
    return [use for path in modules(folder) for use in uses_in(path.read_text("utf-8"), path)]


def uses_in(source: str, path: Path) -> list[Use]:
    tree = ast.parse(source)
    names = _Names.of(tree)
    found: list[Use] = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        if not (speaker := names.speaker(node)):
            continue
        shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
        whole = any(keyword.arg is None for keyword in node.keywords) or speaker == "key"
        values = {keyword.arg for keyword in node.keywords if keyword.arg}
        values |= {"count"} if speaker == "n" else set()
        for key, family in _keys(node.args[0]):
            given = None if whole else frozenset(values)
            found.append(Use(key, speaker, f"{shown}:{node.lineno}", family, given))
    return found


def _keys(argument: ast.expr) -> Iterator[tuple[str, bool]]:
    """The literal keys of an argument, or the fixed beginning of a family of them."""
    match argument:
        case ast.Constant(value=str(key)):
            yield key, False
        case ast.IfExp(body=body, orelse=orelse):
            yield from _keys(body)
            yield from _keys(orelse)
        case ast.JoinedStr(values=[ast.Constant(value=str(start)), *_]) if "." in start:
            yield start, True


def chinese_literals(folder: Path = CLIENT) -> list[str]:
    """Places in the app's code that hold text for people, docstrings aside."""
    found: list[str] = []
    for path in modules(folder):
        if path.is_relative_to(WORDS):
            continue
        tree = ast.parse(path.read_text("utf-8"))
        prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        found += [
            f"{path.relative_to(ROOT)}:{node.lineno} {node.value!r}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in prose
            and CHINESE.search(node.value)
        ]
    return found
