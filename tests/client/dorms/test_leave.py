"""Entering a leave on a phone: who has to say why, and who is away by it."""

from datetime import timedelta

import pytest

from client.actions.errors import ActionFailed
from client.actions.leave import LeaveActions, LeaveForm
from client.store.identity import Identity
from tests.client.dorms.house import House


def leave_of(house: House) -> LeaveActions:
    async def identity() -> Identity:
        return house.identity

    return LeaveActions(lambda: house.store, house, identity)


def form(house: House, reason: str = "") -> LeaveForm:
    return LeaveForm(
        "s0", house.now - timedelta(hours=3), house.now + timedelta(hours=9), reason=reason
    )


async def test_a_supervisor_says_why(house: House) -> None:
    with pytest.raises(ActionFailed) as failed:
        await leave_of(house).request(form(house, "  "))
    assert failed.value.word == "leave.reason_needed"
    await leave_of(house).request(form(house, "家里有事"))
    assert not (await house.bed("s0")).covered, "it waits to be approved"


async def test_the_classs_own_teacher_need_not_and_has_decided_by_it(house: House) -> None:
    house.actor = "h1"
    await leave_of(house).request(form(house))
    house.actor = "w1"
    assert (await house.bed("s0")).covered
