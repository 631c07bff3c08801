"""What people write about a hazard: one body per kind of entry. Facts and decisions only; what
may follow what is in `ledger.rules.hazards.states`.
"""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from ledger.entry import Body, Digest, Name
from ledger.rules.places import Part

Day = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
"""An ISO date in the school's own zone."""
Line = Annotated[str, Field(max_length=200)]
Text = Annotated[str, Field(max_length=2000)]
Because = Annotated[str, Field(min_length=1, max_length=1000)]
PHOTOS_AT_MOST = 12
"""Of one entry. The header names each by its SHA-256 and has to stay small."""


class Source(StrEnum):
    """来源."""

    PATROL = "patrol"
    SELF_CHECK = "self_check"
    MUTUAL_CHECK = "mutual_check"
    INSPECTION = "inspection"
    PUBLIC = "public"


class HazardGrade(StrEnum):
    """等级: a major hazard 重大 is one on the national list, or one the school fears as much."""

    GENERAL = "general"
    MAJOR = "major"


class Category(StrEnum):
    """类别: the national list's own headings, and two for what it leaves out."""

    FIRE = "fire"
    BUILDING = "building"
    FOOD = "food"
    LABORATORY = "laboratory"
    TRANSPORT = "transport"
    CROWDING = "crowding"
    SPECIAL_EQUIPMENT = "special_equipment"
    UTILITIES = "utilities"
    SECURITY = "security"
    OTHER = "other"


class Lane(StrEnum):
    ON_SPOT = "on_spot"
    """立行立改: found and fixed in one step."""
    DEADLINE = "deadline"
    """限期整改: assigned, rectified, accepted, closed."""


class PhotoUse(StrEnum):
    BEFORE = "before"
    AFTER = "after"
    OTHER = "other"


class PhotoOrigin(StrEnum):
    CAMERA = "camera"
    GALLERY = "gallery"
    """Chosen from pictures taken earlier: marked in the evidence, never blocked."""


class PhotoNote(Part):
    """A photo of the entry: which, of what, and where it came from."""

    hash: Digest
    use: PhotoUse = PhotoUse.BEFORE
    origin: PhotoOrigin = PhotoOrigin.CAMERA
    source: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""
    """SHA-256 of the picture before the watermark: the same picture twice has the same one."""


Photos = Annotated[tuple[PhotoNote, ...], Field(max_length=PHOTOS_AT_MOST)]


class HazardReported(Body):
    """登记. On the spot it says at once what was done about it."""

    content: Text = ""
    """隐患内容; may be empty when a photo or a checklist item says it."""
    source: Source = Source.PATROL
    lane: Lane = Lane.DEADLINE
    category: Category = Category.OTHER
    grade: HazardGrade = HazardGrade.GENERAL
    """As the finder sees it; somebody who decides grades it 定级."""
    condition: Line = ""
    """Id of the condition (`ledger.rules.hazards.conditions`) that makes it major."""
    area: Line = ""
    point: Line = ""
    place: Line = ""
    """部位 in words, for what is at no inspection point."""
    item: Line = ""
    """Id of the checklist item that was abnormal."""
    check_in: Line = ""
    """Id of the check-in entry it was found in."""
    measure: Text = ""
    """On the spot: what was done."""
    protection: Text = ""
    """临时防护措施 the finder has taken at once; a major hazard asks for it first of all."""
    photos: Photos = ()


class HazardGraded(Body):
    grade: HazardGrade
    category: Category
    condition: Line = ""
    note: Text = ""


class HazardProtected(Body):
    """临时防护措施: what keeps people safe until it is rectified."""

    protection: Because
    photos: Photos = ()


class HazardAssigned(Body):
    """交办, with the rectification notice 整改通知书."""

    responsible: Name
    """Staff id of the responsible person 整改责任人."""
    unit: Line = ""
    """责任单位."""
    measure: Because
    deadline: Day
    protection: Text = ""
    """临时防护措施 while the rectification lasts; empty leaves what was said before."""
    funds: Annotated[float, Field(ge=0, le=1e9)] = 0.0
    """资金, in yuan."""
    basis: Text = ""
    """依据: the rule or standard it breaks."""
    note: Text = ""


class HazardAcknowledged(Body):
    """签收."""


class HazardRectified(Body):
    done: Because
    funds: Annotated[float, Field(ge=0, le=1e9)] = 0.0
    photos: Photos = ()


class HazardAccepted(Body):
    """复查验收."""

    note: Text = ""
    photos: Photos = ()


class HazardReturned(Body):
    """退回: it goes back whole, with the reason."""

    because: Because
    deadline: Annotated[str, Field(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$")] = ""
    """A new deadline; empty keeps the old one."""
    photos: Photos = ()


class HazardClosed(Body):
    """销号."""

    note: Text = ""


class HazardReopened(Body):
    because: Because


class HazardCommented(Body):
    text: Text = ""
    photos: Photos = ()


class HazardWithdrawn(Body):
    """Taking back one's own last step, while nobody has built on it."""

    entry: Annotated[str, Field(min_length=36, max_length=36)]
    because: Line = ""


class ExtensionAsked(Body):
    until: Day
    because: Because


class ExtensionGranted(Body):
    until: Day
    note: Text = ""


class ExtensionDeclined(Body):
    because: Because


class OverdueExplained(Body):
    """Why a deadline passed, and what protects people meanwhile."""

    because: Because
    protection: Because


class FromDistrict(Body):
    """What the district said, carried into the school's journal by the server."""

    order: Annotated[str, Field(min_length=36, max_length=36)]
    """Id of the officer's own entry in the district's journal."""
    office: Name
    """The district's name."""
    by: Name
    """The officer's name."""


class HazardSupervised(FromDistrict):
    """挂牌督办: the district watches it and wants it done by then."""

    demand: Because
    deadline: Day


class HazardSupervisionLifted(FromDistrict):
    because: Because


class HazardNotified(FromDistrict):
    """通报."""

    text: Because


def photos_of(body: Body) -> tuple[PhotoNote, ...]:
    """Those an entry brings along."""
    return getattr(body, "photos", ())
