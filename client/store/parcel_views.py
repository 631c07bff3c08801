"""A sealed file of records, as screens show it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BundleView:
    """A sealed file with records and photos."""

    path: str
    entries: int
    photos: int
    bytes: int
    known: bool = False
    """It was on this device already."""
    refused: bool = False
    """The server will never take it."""
