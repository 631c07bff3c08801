"""Who may write what, and who may read what. The one place where permission is decided."""

from collections.abc import Iterable

from ledger.codes import DISTRICT
from ledger.entry import Body
from ledger.rules.registry import BY_KIND
from ledger.rules.rule import Author, Role
from ledger.scopes import (
    EVERY,
    audit_scope,
    class_scope,
    district_scope,
    dorm_scope,
    pupils_scope,
    school_scope,
)
from ledger.verdicts import Objection, Reason

SEE_ALL_PUPILS = frozenset({Role.PRINCIPAL, Role.SAFETY_OFFICER, Role.DUTY_LEADER})
"""They answer for every child at night, or import the roster."""
SEE_ALL_REASONS = frozenset({Role.PRINCIPAL})
CLASS_TEACHERS = frozenset({Role.HOMEROOM_TEACHER, Role.GRADE_HEAD})


def grants_for(school: str, author: Author) -> tuple[str, ...]:
    """The audiences a person belongs to, as scopes and families of scopes, sorted.

    Pupils are seen only by those whose duty needs it: a supervisor's own buildings, a homeroom
    teacher's own classes, and the leaders of the night.
    """
    if not author.active or not author.roles:
        return ()
    grants = {school_scope(school)}
    if school == DISTRICT and Role.DISTRICT_OFFICER in author.roles:
        grants.add(district_scope(school))
    if author.roles & SEE_ALL_PUPILS:
        grants |= {dorm_scope(school, EVERY), pupils_scope(school, EVERY, EVERY)}
    if author.roles & SEE_ALL_REASONS:
        grants |= {class_scope(school, EVERY), audit_scope(school)}
    if Role.DORM_SUPERVISOR in author.roles:
        for building in author.buildings:
            grants |= {dorm_scope(school, building), pupils_scope(school, building, EVERY)}
    if author.roles & CLASS_TEACHERS:
        for class_ in author.classes:
            grants |= {pupils_scope(school, EVERY, class_), class_scope(school, class_)}
    return tuple(sorted(grants))


def scope_of(kind: str, school: str, subject: str, body: Body) -> str:
    """The audience an entry is for: its rule says it from the subject and the body."""
    return BY_KIND[kind][0].audience(school, subject, body)


def may_write(author: Author, kind: str) -> Objection | None:
    """Why the author may not write this kind now; None when they may."""
    if not author.active:
        return Objection(reason=Reason.AUTHOR_INACTIVE)
    known = BY_KIND.get(kind)
    if known is None:
        return Objection(reason=Reason.UNKNOWN_KIND, detail={"kind": kind})
    rule, _ = known
    if author.roles.isdisjoint(rule.writers[kind]):
        return Objection(reason=Reason.NOT_ALLOWED, detail={"kind": kind})
    return None


def may_see_history(author: Author, class_id: str) -> bool:
    """Whether a pupil's nights of the past are theirs to look up: the class's own teachers, who
    imports the roster, and the principal. Each look is written down (`student.looked_at`)."""
    if not author.active:
        return False
    if author.roles & {Role.PRINCIPAL, Role.SAFETY_OFFICER}:
        return True
    return bool(author.roles & CLASS_TEACHERS) and class_id in author.classes


def can_write(roles: Iterable[Role], kind: str) -> bool:
    """For screens: whether a control for this kind is worth showing."""
    known = BY_KIND.get(kind)
    return known is not None and bool(frozenset(roles) & known[0].writers[kind])
