"""What the rules mean, as one short text: it tells whoever keeps records when to make new ones.

It is taken from the rules' own files, so that nobody can forget to raise a number.
"""

import hashlib
import pkgutil
from functools import cache
from importlib.util import find_spec
from typing import Any, Final

import ledger.rules
import ledger.tables

PACKAGES: Final = (ledger.rules, ledger.tables)
BESIDE_THEM: Final = (
    "ledger.codes",
    "ledger.dorms",
    "ledger.projection",
    "ledger.records",
    "ledger.tables",
)
"""Modules not found inside these packages that decide what a record looks like."""


def modules() -> list[str]:
    """Every module that has a say, by name."""
    found = (
        one.name
        for package in PACKAGES
        for one in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    )
    return sorted([*found, *BESIDE_THEM])


@cache
def meaning() -> str:
    """Another text whenever one of these files is another, sources or compiled."""
    whole = hashlib.sha256()
    for name in modules():
        whole.update(name.encode())
        whole.update(_bytes_of(name))
    return whole.hexdigest()[:16]


def _bytes_of(name: str) -> bytes:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(name)
    loader: Any = spec.loader  # from a folder or from an archive: both hand out their bytes
    return loader.get_data(spec.origin)
