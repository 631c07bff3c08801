"""What a label says."""

from dataclasses import dataclass

from ledger.rules.places import Risk


@dataclass(frozen=True, slots=True)
class Label:
    """One point's label; `code_text` and `typed` come from `ledger.codes`."""

    school_name: str
    area: str
    name: str
    risk: Risk
    code_text: str
    typed: str
    version: int
