"""Digits in what is written are the ten of ASCII: whoever reads them as a time knows no others.

In pydantic's patterns `\\d` stands for the digits of every script, so that a window that opens at
０６:３０ was a plan's, and no phone of the school could say which rounds are due.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import ValidationError

from ledger.entry import HEADER
from ledger.rules.plans import PlanSet, Window
from ledger.rules.registry import BY_KIND
from ledger.wire.journal import Open, Pull


def patterns(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(schema.get("pattern"), str):
            yield schema["pattern"]
        for one in schema.values():
            yield from patterns(one)
    elif isinstance(schema, list):
        for one in schema:
            yield from patterns(one)


SCHEMAS = {
    "header": HEADER.json_schema(),
    "pull": Pull.model_json_schema(),
    "open": Open.model_json_schema(),
    **{kind: model.model_json_schema() for kind, (_, model) in BY_KIND.items()},
}


@pytest.mark.parametrize("of", sorted(SCHEMAS))
def test_no_pattern_takes_the_digits_of_other_scripts(of: str) -> None:
    assert not [one for one in patterns(SCHEMAS[of]) if "\\d" in one or "\\w" in one]


@pytest.mark.parametrize("time", ["０６:３０", "٠٦:٣٠", "0௦:00", "24:00", "6:30"])
def test_a_window_opens_at_a_time_everybody_can_read(time: str) -> None:
    with pytest.raises(ValidationError):
        PlanSet(
            name="日巡查", windows=(Window(name="晨间", opens=time, closes="08:30"),), points=()
        )
