"""Nobody has to remember that the rules changed: their own files say it."""

import pkgutil

import pytest

import ledger.rules
from ledger.rules import meaning as module
from ledger.rules.meaning import meaning, modules
from ledger.rules.registry import RULES


@pytest.fixture(autouse=True)
def fresh():
    meaning.cache_clear()
    yield
    meaning.cache_clear()


def test_every_rule_has_its_say() -> None:
    assert {type(rule).__module__ for rule in RULES} <= set(modules())
    packages = pkgutil.walk_packages(ledger.rules.__path__, "ledger.rules.")
    assert {one.name for one in packages} <= set(modules())


def test_the_same_rules_mean_the_same() -> None:
    first = meaning()
    meaning.cache_clear()
    assert meaning() == first


@pytest.mark.parametrize(
    "changed", ["ledger.rules.hazards.rule", "ledger.tables", "ledger.tables.patrol"]
)
def test_a_byte_in_any_of_them_is_another_meaning(
    monkeypatch: pytest.MonkeyPatch, changed: str
) -> None:
    before = meaning()
    meaning.cache_clear()
    honest = module._bytes_of
    monkeypatch.setattr(
        module, "_bytes_of", lambda name: honest(name) + (b"#" if name == changed else b"")
    )
    assert meaning() != before


def test_a_new_module_is_another_meaning(monkeypatch: pytest.MonkeyPatch) -> None:
    before = meaning()
    meaning.cache_clear()
    monkeypatch.setattr(module, "modules", lambda: [*modules(), "ledger.clock"])
    assert meaning() != before
