"""Finds the words for a key in the catalogue of the chosen language.

The choice is kept once per process: each client process serves one person.
"""

import logging
import os
from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path

LANGUAGES = ("zh_CN", "en")
LOCALE_FOLDER = Path(__file__).parent / "locale"
# Set by the tests, and so inherited by the processes they start: gaps raise there.
STRICT_VARIABLE = "XUNAN_STRICT_WORDS"

_log = logging.getLogger(__name__)
_language = LANGUAGES[0]
_reported: set[tuple[str, str]] = set()


class MissingWordError(LookupError):
    """A key without words, or words that ask for a value they were not given."""


def use(name: str) -> None:
    """Choose the language of everything said from now on."""
    global _language
    if name not in LANGUAGES:
        raise ValueError(f"no catalogue for the language {name!r}")
    _language = name


def language() -> str:
    return _language


def key(name: str) -> str:
    """Mark a key that is spoken later, so that it counts as used."""
    return name


def t(key: str, /, **values: object) -> str:
    """The words for a key, with its values filled in."""
    return _fill(key, _catalogue(_language, key).gettext(key), values)


def n(key: str, count: int, /, **values: object) -> str:
    """The words for a key in the form that fits the count, which they may show as {count}."""
    text = _catalogue(_language, key).ngettext(key, key, count)
    return _fill(key, text, {"count": count, **values})


def _fill(key: str, text: str, values: dict[str, object]) -> str:
    if text == key:
        return _gap(key, "has no words", key)
    try:
        return text.format_map(values)
    except KeyError as error:
        return _gap(key, f"was not given the value {error}", text)


@cache
def _domain(language: str, domain: str) -> NullTranslations:
    return translation(domain, LOCALE_FOLDER, [language], fallback=True)


def _catalogue(language: str, key: str) -> NullTranslations:
    return _domain(language, key.partition(".")[0])


def _gap(key: str, problem: str, shown: str) -> str:
    """Loud in tests; in a school the key itself is shown and the gap logged once."""
    if os.environ.get(STRICT_VARIABLE):
        raise MissingWordError(f"{key} {problem} in {_language}")
    if (_language, key) not in _reported:
        _reported.add((_language, key))
        _log.error("%s %s in %s", key, problem, _language)
    return shown
