"""Staff and devices: nobody becomes the server, and a key is a key."""

import pytest

from ledger.entry import Body
from ledger.keys import DeviceKey
from ledger.permissions import can_write, grants_for, may_write, scope_of
from ledger.rules.people import DeviceSet, StaffSet
from ledger.rules.registry import BY_KIND, RULES, rule_of
from ledger.rules.rule import Author, Role
from ledger.tables import RECORDS, TABLES_OF_PREFIX
from ledger.verdicts import HOLDING, Objection, Reason, Verdict
from tests.ledger.rules.telling import Story, reason

WALKING = ("checkin.recorded", "checkin.withdrawn", "round.closed")
SETTING = ("area.set", "point.set", "label.issued", "plan.set")
SERVERS_OWN = ("school.set", "device.set")


def author(*roles: Role, active: bool = True) -> Author:
    return Author("t1", roles=frozenset(roles), active=active)


def test_nobody_is_made_the_server() -> None:
    body = StaffSet(name="某人", roles=(Role.TEACHER, Role.SERVER))
    assert reason(Story("staff:t1").tell("staff.set", body)) is Reason.NOT_ALLOWED


def test_staff_and_devices_become_records() -> None:
    staff = Story("staff:t1")
    assert staff.tell("staff.set", StaffSet(name="李老师", roles=(Role.TEACHER,))) is None
    assert staff.records("staff")[0]["detail"]["roles"] == ["teacher"]
    device = Story("device:d1")
    key = DeviceKey.generate().public
    assert device.tell("device.set", DeviceSet(name="手机", actor="t1", public_key=key)) is None
    assert device.records("device")[0]["detail"]["public_key"] == key


def test_a_device_with_a_key_that_is_none_is_refused() -> None:
    body = DeviceSet(name="手机", actor="t1", public_key="密" * 43)
    assert reason(Story("device:d1").tell("device.set", body)) is Reason.RULE_BROKEN


@pytest.mark.parametrize("kind", WALKING)
@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SERVER, Role.DISTRICT_OFFICER}))
def test_everybody_at_a_school_may_walk(kind: str, role: Role) -> None:
    assert may_write(author(role), kind) is None


@pytest.mark.parametrize("kind", WALKING)
@pytest.mark.parametrize("role", [Role.SERVER, Role.DISTRICT_OFFICER])
def test_who_is_not_at_the_school_may_not(kind: str, role: Role) -> None:
    assert reason(may_write(author(role), kind)) is Reason.NOT_ALLOWED


@pytest.mark.parametrize("kind", SETTING)
def test_points_and_plans_are_set_by_those_who_answer_for_them(kind: str) -> None:
    may = {role for role in Role if may_write(author(role), kind) is None}
    assert may == {Role.SAFETY_OFFICER, Role.PRINCIPAL, Role.SERVER}


@pytest.mark.parametrize("kind", SERVERS_OWN)
def test_schools_and_devices_are_set_by_the_server_alone(kind: str) -> None:
    assert {role for role in Role if may_write(author(role), kind) is None} == {Role.SERVER}


def test_staff_are_set_by_safety_officer_and_server() -> None:
    may = {role for role in Role if may_write(author(role), "staff.set") is None}
    assert may == {Role.SAFETY_OFFICER, Role.SERVER}


def test_one_of_several_roles_is_enough_and_none_is_not() -> None:
    assert may_write(author(Role.TEACHER, Role.SAFETY_OFFICER), "plan.set") is None
    assert reason(may_write(author(), "checkin.recorded")) is Reason.NOT_ALLOWED


def test_what_a_deactivated_author_wrote_is_held_not_refused() -> None:
    objection = may_write(author(Role.PRINCIPAL, active=False), "checkin.recorded")
    assert objection is not None
    assert objection.reason is Reason.AUTHOR_INACTIVE
    assert objection.verdict is Verdict.HELD


def test_a_kind_of_a_newer_version_is_held() -> None:
    objection = may_write(author(Role.PRINCIPAL), "drill.recorded")
    assert objection is not None
    assert (objection.reason, objection.verdict) == (Reason.UNKNOWN_KIND, Verdict.HELD)
    assert not can_write([Role.PRINCIPAL], "drill.recorded")


@pytest.mark.parametrize("kind", sorted(BY_KIND))
@pytest.mark.parametrize("role", list(Role))
def test_a_screen_offers_exactly_what_the_judge_allows(kind: str, role: Role) -> None:
    assert can_write([role], kind) == (may_write(author(role), kind) is None)


@pytest.mark.parametrize("answer", list(Reason))
def test_every_reason_is_either_held_or_refused(answer: Reason) -> None:
    expected = Verdict.HELD if answer in HOLDING else Verdict.REFUSED
    assert Objection(reason=answer).verdict is expected


def test_an_audience_is_for_those_who_have_a_role() -> None:
    teacher = Author("t1", roles=frozenset({Role.TEACHER}))
    assert grants_for("SY01", teacher) == ("school:SY01",)
    assert grants_for("SY01", Author("t1")) == ()
    assert scope_of("checkin.recorded", "SY01", "round:daily:2026-03-02:0", Body()) == "school:SY01"


def test_every_rule_is_found_by_its_kinds_and_its_prefix_and_has_tables() -> None:
    for rule in RULES:
        assert rule_of(f"{rule.prefix}:x") is rule
        assert set(rule.writers) == set(rule.bodies)
        assert all(BY_KIND[kind] == (rule, model) for kind, model in rule.bodies.items())
        assert set(TABLES_OF_PREFIX[rule.prefix]) <= set(RECORDS)
        assert set(rule.records(rule.start("SY01", f"{rule.prefix}:x"))) <= set(
            TABLES_OF_PREFIX[rule.prefix]
        )
    assert rule_of("drill:x") is None
