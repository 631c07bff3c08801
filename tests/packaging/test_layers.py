"""The one layer import-linter can't see: state takes observables from flet, never controls."""

import ast
from pathlib import Path

STATE = Path(__file__).parents[2] / "client" / "state"


def taken_from_flet(path: Path) -> set[str]:
    """Names a module takes from flet."""
    tree = ast.parse(path.read_text("utf-8"))
    called = {"flet"}
    taken: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            called |= {alias.asname or alias.name for alias in node.names if alias.name == "flet"}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "flet":
            taken |= {alias.name for alias in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            taken |= {node.attr} if node.value.id in called else set()
    return taken


def test_state_holds_no_controls() -> None:
    controls = {
        f"{path.name}: {name}"
        for path in STATE.rglob("*.py")
        for name in taken_from_flet(path)
        if not name.lower().startswith("observable")
    }
    assert controls == set()
