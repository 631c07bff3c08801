"""The one character that PostgreSQL's texts can't hold, and that nobody types: NUL.

SQLite would take it. What arrives is looked through before a database is asked anything, so that
both answer alike.
"""

from typing import Any

from pydantic_core import from_json

NUL = "\0"
_ESCAPE = b"\\u0000"


def has_nul(text: bytes) -> bool:
    """Whether a JSON text says a NUL anywhere; False where it is no JSON: whoever reads it next
    says what is wrong."""
    if _ESCAPE not in text:
        return False
    try:
        return _says_nul(from_json(text))
    except ValueError:
        return False


def _says_nul(value: Any) -> bool:
    if isinstance(value, str):
        return NUL in value
    if isinstance(value, dict):
        return any(_says_nul(key) or _says_nul(one) for key, one in value.items())
    return isinstance(value, list) and any(_says_nul(one) for one in value)
