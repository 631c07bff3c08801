"""Money as people write it in a field: yuan, with or without thousands, decimals and the unit."""

import re
import unicodedata

LARGEST_YUAN = 1_000_000_000.0
_AMOUNT = re.compile(r"[¥]?\s*(\d[\d,]*(?:\.\d+)?)\s*[^\W\d_]?")


def amount_of(text: str) -> float | None:
    """Nothing written is nothing spent; None when it is no amount an entry can take."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain:
        return 0.0
    found = _AMOUNT.fullmatch(plain)
    if found is None:
        return None
    value = float(found[1].replace(",", ""))
    return value if value <= LARGEST_YUAN else None


def amount_text(yuan: float) -> str:
    """As it stands in the field; empty for nothing."""
    return f"{yuan:.2f}".rstrip("0").rstrip(".") if yuan else ""
