"""The catalogues: complete in both languages, compiled, and the only home of user text."""

import pytest

from client.words.catalogues import LANGUAGES
from tests.client.words import catalogue_files, usage


def test_code_and_catalogues_agree() -> None:
    assert catalogue_files.gaps() == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_catalogue_is_compiled(language: str) -> None:
    stale = [
        domain
        for domain, path in catalogue_files.sources(language).items()
        if not catalogue_files.is_level(path, language)
    ]
    assert stale == [], "run `make words`"


def test_no_code_keeps_text_for_people() -> None:
    assert usage.chinese_literals() == []


def test_a_use_is_found_however_it_is_imported() -> None:
    source = (
        "from client import words\n"
        "from client.words import n as plural, t\n"
        "t('a.one', name=1); plural('a.two', 3); words.t(f'a.family.{x}')\n"
        "t('a.yes' if x else 'a.no'); other.t('a.none')\n"
    )
    found = usage.uses_in(source, usage.CLIENT / "x.py")
    assert [(use.key, use.family) for use in found] == [
        ("a.one", False),
        ("a.two", False),
        ("a.family.", True),
        ("a.yes", False),
        ("a.no", False),
    ]
    assert found[1].values == {"count"}
