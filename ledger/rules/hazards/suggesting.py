"""The category a hazard probably has, from where it is and what is said of it: one tap less."""

import tomllib
from functools import cache
from pathlib import Path

from ledger.rules.hazards.bodies import Category

KEYWORDS = Path(__file__).with_name("keywords.toml")


@cache
def _keywords() -> tuple[tuple[Category, tuple[str, ...]], ...]:
    told = tomllib.loads(KEYWORDS.read_text("utf-8"))
    return tuple((Category(name), tuple(words)) for name, words in told.items())


def suggested_category(*said: str) -> Category:
    """By the first text that tells: give what is most particular (the sentence, the item) before
    the point and the area. OTHER when nothing does."""
    for text in said:
        for category, keywords in _keywords():
            if any(word in text for word in keywords):
                return category
    return Category.OTHER
