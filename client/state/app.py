"""What the screens show, as observables. Only `client.state.loading` changes them.

Every value is a plain frozen view; None means "still loading", so that a screen can draw its
skeleton. Nothing here builds a control.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

import flet as ft

from client.store.checkin_views import CheckInDetail, CheckInFilter, CheckInPage, DayFigures
from client.store.dorms.search_views import MissingView
from client.store.dorms.views import (
    BuildingMap,
    BuildingNight,
    ExceptionLine,
    NightAttention,
    NightStep,
    RoomNight,
)
from client.store.hazard_lists import HazardColumn, HazardFigures, HazardFilter, HazardPage
from client.store.hazard_views import HazardDetail
from client.store.leave import LeaveDetail, LeaveLine, LeavePage, LeaveShown
from client.store.people_views import PersonView, SchoolView
from client.store.place_views import AreaView, PointView
from client.store.rescue.note import RescueNote
from client.store.round_views import RoundView
from client.store.students import StudentView
from client.store.sync_views import ProgressView, QueuedEntry, SyncView
from client.store.watched_views import WatchedDetail, WatchedFigures, WatchedFilter, WatchedPage
from ledger.rules.hazards.conditions import Condition


class Phase(StrEnum):
    STARTING = "starting"
    LOCKED = "locked"
    """No keyring here: a passphrase opens the secrets."""
    NEW_LOCK = "new_lock"
    """No keyring here and no passphrase chosen yet."""
    SIGNED_OUT = "signed_out"
    READY = "ready"
    REPAIRING = "repairing"
    """The database was damaged; what is readable of it is being saved."""
    BROKEN = "broken"
    """The database can't be opened; `broken_word` says why, nothing was written."""


@ft.observable
@dataclass
class AppState:
    phase: Phase = Phase.STARTING
    broken_word: str = ""
    broken_path: str = ""
    can_start_over: bool = False
    rescue: RescueNote | None = None
    """The database was repaired, and the person has not read yet what came of it."""
    read_only: bool = False
    """A newer app wrote the database: everything can be read, nothing changed."""
    person: PersonView | None = None
    school: SchoolView | None = None
    server: str = ""
    device_name: str = ""
    notice_word: str = ""
    """Why the person was signed out without asking; a key of the catalogues."""
    waiting_for: str = ""
    """Signed out with unsent records of this person (name or id) still on the device."""
    waiting_entries: int = 0
    language: str = "zh_CN"
    text_scale: float = 1.0
    theme_chosen: bool = False
    """The person has said which; otherwise the roll-call is dark at night by itself."""
    theme: str = "system"
    """"system", "light" or "dark"."""
    sync: SyncView | None = None
    bundle: ProgressView | None = None
    """The bundle that is being written or taken in."""
    delivery: ProgressView | None = None
    """Somebody's bundle on its way from here to the server."""
    photos_wifi_only: bool = False
    keep_days: int = 60
    """How long rounds stay on this device; 0: for good."""
    known_from: str | None = None
    """The first day whose rounds are all here (ISO date); empty: all are; None: not read yet."""
    now: datetime | None = None
    """True time in the school's zone, refreshed every few seconds."""


@ft.observable
@dataclass
class PatrolState:
    """The teacher's day: all rounds of today by opening time."""

    rounds: tuple[RoundView, ...] | None = None


@ft.observable
@dataclass
class DeskState:
    """The principal's table of check-ins."""

    wanted: CheckInFilter = field(default_factory=CheckInFilter)
    page: CheckInPage | None = None
    opened: CheckInDetail | None = None
    areas: tuple[AreaView, ...] = ()
    people: tuple[PersonView, ...] = ()
    rounds: tuple[RoundView, ...] | None = None
    """The rounds of the day that is looked at (`rounds_day`)."""
    figures: DayFigures | None = None
    """That day's check-ins in numbers."""
    rounds_day: str = ""


@ft.observable
@dataclass
class PointsState:
    """The safety officer's points, in walking order."""

    points: tuple[PointView, ...] | None = None


@ft.observable
@dataclass
class HazardsState:
    """What is wrong at the school, as far as this person looks at it."""

    wanted: HazardFilter = field(default_factory=HazardFilter)
    page: HazardPage | None = None
    """The list that is looked at: `wanted` says which."""
    inbox: HazardPage | None = None
    """Everything that waits for a decision, major and late first."""
    mine: HazardPage | None = None
    """What waits for this person, or was reported by them and is open."""
    opened: HazardDetail | None = None
    columns: tuple[HazardColumn, ...] = ()
    """Of the ledger's table, as this person chose them; empty: what fits a desk."""
    conditions: tuple[Condition, ...] = ()
    """What makes a hazard major, as far as it is still offered."""
    opened_missing: bool = False
    """The hazard that was asked for is not on this device."""
    figures: HazardFigures | None = None
    """Of the school year `figures_year`."""
    figures_year: int = 0
    """0: the current one."""


@ft.observable
@dataclass
class LeaveState:
    """Who is away, and who asks to be."""

    shown: LeaveShown = LeaveShown.AWAY
    page: LeavePage | None = None
    waiting: tuple[LeaveLine, ...] | None = None
    """What this person may decide; None while no screen has asked."""
    opened: LeaveDetail | None = None
    opened_missing: bool = False


@ft.observable
@dataclass
class DistrictState:
    """What a district officer watches at all schools."""

    wanted: WatchedFilter = field(default_factory=WatchedFilter)
    page: WatchedPage | None = None
    figures: WatchedFigures | None = None
    opened: WatchedDetail | None = None
    opened_missing: bool = False
    """The hazard that was asked for is not on this device."""


@ft.observable
@dataclass
class DormsState:
    """The night: who is in bed, who is not, who is looked for."""

    tonight: str = ""
    """ISO date of the evening the night now belongs to; empty until it is known."""
    building: str = ""
    """The one that is looked at, and …"""
    night: str = ""
    """… its night; empty: tonight."""
    map: BuildingMap | None = None
    map_missing: bool = False
    """That building is not this person's."""
    room: RoomNight | None = None
    exceptions: tuple[ExceptionLine, ...] = ()
    history: tuple[NightStep, ...] = ()
    summary: tuple[BuildingNight, ...] | None = None
    """Tonight of every building of this person's; None while no screen has asked."""
    desk: tuple[BuildingNight, ...] | None = None
    """The same for the last nights, too."""
    attention: NightAttention | None = None
    """What of it wants a leader's eye; None while no screen has asked."""
    searched: str = ""
    found: tuple[StudentView, ...] | None = None
    searches: tuple[MissingView, ...] = ()
    """Everybody who is missing now."""
    search: MissingView | None = None
    """The one whose card is open."""
    opened_search: str = ""


@ft.observable
@dataclass
class QueueState:
    """The sync centre's list of own entries, newest first."""

    rows: tuple[QueuedEntry, ...] | None = None
    total: int = 0
    page: int = 0
    attention_only: bool = False


@dataclass
class State:
    """All observables of this process."""

    app: AppState = field(default_factory=AppState)
    patrol: PatrolState = field(default_factory=PatrolState)
    desk: DeskState = field(default_factory=DeskState)
    points: PointsState = field(default_factory=PointsState)
    hazards: HazardsState = field(default_factory=HazardsState)
    leave: LeaveState = field(default_factory=LeaveState)
    district: DistrictState = field(default_factory=DistrictState)
    dorms: DormsState = field(default_factory=DormsState)
    queue: QueueState = field(default_factory=QueueState)
