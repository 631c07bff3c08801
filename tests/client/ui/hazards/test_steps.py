"""What may be done now, and what is offered first."""

from dataclasses import replace

import pytest

from client.ui.hazards.steps import Step, steps_of
from ledger.rules.hazards.bodies import HazardGrade
from ledger.rules.hazards.states import HazardState
from tests.client.ui.hand_made_hazards import line, opened

pytestmark = pytest.mark.asyncio


async def test_a_major_hazard_asks_for_protection_before_anything_else() -> None:
    major = line(state=HazardState.GRADED, grade=HazardGrade.MAJOR)
    detail = opened(major, "assigned", "protected", "commented", needs_protection=True)
    assert steps_of(detail)[0] is Step.PROTECT
    assert Step.PROTECT not in steps_of(replace(detail, needs_protection=False))
