"""Pinyin initials of people's names, drawn up once at import so that a phone can search by them."""

from functools import lru_cache
from typing import Final

OTHERWISE_AS_SURNAME: Final = {
    "单": "s",
    "仇": "q",
    "解": "x",
    "查": "z",
    "区": "o",
    "员": "y",
    "乐": "y",
    "曾": "z",
    "缪": "m",
    "盖": "g",
    "翟": "z",
    "种": "c",
    "朴": "p",
}
"""Characters that sound otherwise as the first of a name than alone."""


@lru_cache(maxsize=8192)
def initials(name: str) -> str:
    """Lower-case letters, such as "zxm" for 张小明; letters and digits of other scripts' names
    stay as they are, all else is left out."""
    # A quarter of a second and some megabytes, and nobody needs it but whoever imports a roster.
    from pypinyin import Style, lazy_pinyin

    letters = []
    for place, sound in enumerate(lazy_pinyin(name, style=Style.FIRST_LETTER)):
        letter = OTHERWISE_AS_SURNAME.get(name[0], sound) if place == 0 else sound
        letters.append("".join(one for one in letter.lower() if one.isascii() and one.isalnum()))
    return "".join(letters)
