"""Where patrols go, as screens show it: areas, points, their items and labels."""

from dataclasses import dataclass

from ledger.rules.places import Risk, Spot


@dataclass(frozen=True, slots=True)
class ItemView:
    id: str
    text: str
    measure: str


@dataclass(frozen=True, slots=True)
class LabelView:
    token: str
    typed: str
    version: int
    void: bool


@dataclass(frozen=True, slots=True)
class PointView:
    id: str
    name: str
    area: str
    area_name: str
    risk: Risk
    items: tuple[ItemView, ...]
    labels: tuple[LabelView, ...]
    spot: Spot | None
    order: int
    seen: int

    @property
    def label(self) -> LabelView | None:
        """The label that should hang there now."""
        return next((label for label in reversed(self.labels) if not label.void), None)


@dataclass(frozen=True, slots=True)
class AreaView:
    id: str
    name: str
    responsible: str
    order: int
