"""What was not in order at a point becomes hazards: nothing is entered twice."""

from client.actions.recognise import KnownPoint
from client.state.views import HazardDraft, Picture
from ledger.rules.checkins import ItemResult, Result
from ledger.rules.hazards.suggesting import suggested_category


def hazards_in(
    found: KnownPoint, items: tuple[ItemResult, ...], note: str, pictures: tuple[Picture, ...]
) -> tuple[HazardDraft, ...]:
    """Every abnormal item opens a hazard in the same step; the pictures belong to the first."""
    texts = {item.id: item.text for item in found.point.items}
    abnormal = [one.item for one in items if one.result is Result.ABNORMAL]
    return tuple(
        HazardDraft(
            pictures=() if number else pictures,
            content=note.strip(),
            area=found.point.area,
            point=found.point.id,
            item=item,
            category=suggested_category(
                texts.get(item, ""), found.point.name, found.point.area_name
            ),
        )
        for number, item in enumerate(abnormal)
    )
