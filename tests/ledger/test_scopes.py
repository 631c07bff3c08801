"""Audiences: a grant covers what it names and nothing that only looks like it."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import column, create_engine, literal, select

from ledger.permissions import grants_for
from ledger.rules.rule import Author, Role
from ledger.scopes import covers, is_private, is_sealed, pupils_scope, reads

PARTS = ("a", "A", "b_", "b1", "b%", "七(1)班", "-")
SCOPES = [
    *(f"dorm:SY01:{one}" for one in PARTS),
    *(f"pupils:SY01:{one}:{two}" for one, two in itertools.product(PARTS, PARTS)),
    *(f"pupils:SY02:{one}:{one}" for one in PARTS),
    "school:SY01",
    "class:SY01:a",
]
GRANTS = [
    *SCOPES,
    "dorm:SY01:*",
    "pupils:SY01:*:*",
    *(f"pupils:SY01:{one}:*" for one in PARTS),
    *(f"pupils:SY01:*:{one}" for one in PARTS),
]


@given(st.sampled_from(GRANTS), st.sampled_from(SCOPES))
def test_the_database_and_the_rule_agree(grant: str, scope: str) -> None:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA case_sensitive_like = ON")
        given_scope = select(literal(scope).label("scope")).subquery()
        there = (
            select(column("scope"))
            .select_from(given_scope)
            .where(reads(given_scope.c.scope, grant))
        )
        assert (connection.scalar(there) is not None) == covers(grant, scope)


def test_each_sees_the_pupils_their_duty_needs() -> None:
    supervisor = Author("d", roles=frozenset({Role.DORM_SUPERVISOR}), buildings=frozenset({"b1"}))
    teacher = Author("h", roles=frozenset({Role.HOMEROOM_TEACHER}), classes=frozenset({"701"}))
    patrol = Author("t", roles=frozenset({Role.TEACHER}), classes=frozenset({"701"}))
    principal = Author("p", roles=frozenset({Role.PRINCIPAL}))

    def sees(author: Author, scope: str) -> bool:
        return any(covers(grant, scope) for grant in grants_for("SY01", author))

    here, elsewhere = pupils_scope("SY01", "b1", "702"), pupils_scope("SY01", "b2", "701")
    assert [sees(one, here) for one in (supervisor, teacher, patrol, principal)] == [
        True,
        False,
        False,
        True,
    ]
    assert [sees(one, elsewhere) for one in (supervisor, teacher, patrol, principal)] == [
        False,
        True,
        False,
        True,
    ]
    assert sees(teacher, "class:SY01:701") and not sees(supervisor, "class:SY01:701")
    assert not sees(principal, pupils_scope("SY02", "b1", "701"))
    gone = Author("p", roles=frozenset({Role.PRINCIPAL}), active=False)
    assert grants_for("SY01", gone) == ()


@pytest.mark.parametrize(
    ("scope", "private"),
    [("pupils:SY01:b1:701", True), ("class:SY01:701", True), ("dorm:SY01:b1", False)],
)
def test_what_names_pupils_is_private(scope: str, private: bool) -> None:
    assert is_private(scope) is private
    assert is_sealed(scope) and not is_sealed("school:SY01")
