"""What screens show of a photo: whose it is, and how far it has come."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ledger.rules.hazards.bodies import PhotoOrigin, PhotoUse


class PhotoReach(StrEnum):
    """How far a photo of this device has come, by the server's receipts."""

    ONLY_HERE = "only_here"
    """仅本机: neither the record nor the photo has reached the district."""
    RECORD_ARRIVED = "record_arrived"
    """记录已到: the photo is still on its way."""
    COMPLETE = "complete"
    """照片齐."""
    REFUSED = "refused"
    """The server will not take it; it stays on this device."""
    OF_OTHERS = "of_others"
    """Taken on another device: how far it has come is not known here."""


@dataclass(frozen=True, slots=True)
class PhotoView:
    hash: str
    use: PhotoUse
    origin: PhotoOrigin
    by: str
    """The person's name."""
    at: datetime
    entry: str
    reach: PhotoReach
