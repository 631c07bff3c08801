"""Who may write what, and who may read what. The one place where permission is decided."""

from collections.abc import Iterable

from ledger.rules.registry import BY_KIND
from ledger.rules.rule import Author, Role
from ledger.verdicts import Objection, Reason


def school_scope(school: str) -> str:
    """Points, plans, staff and check-ins; no pupils."""
    return f"school:{school}"


def scopes_for(school: str, roles: Iterable[Role]) -> tuple[str, ...]:
    """The audiences a person with these roles belongs to."""
    held = set(roles)
    return (school_scope(school),) if held else ()


def scope_of_kind(kind: str, school: str) -> str:
    """The audience an entry of this kind is for."""
    return school_scope(school)


def may_write(author: Author, kind: str) -> Objection | None:
    """Why the author may not write this kind now; None when they may."""
    if not author.active:
        return Objection(reason=Reason.AUTHOR_INACTIVE)
    known = BY_KIND.get(kind)
    if known is None:
        return Objection(reason=Reason.UNKNOWN_KIND, detail={"kind": kind})
    rule, _ = known
    if not author.roles & rule.writers[kind]:
        return Objection(reason=Reason.NOT_ALLOWED, detail={"kind": kind})
    return None


def can_write(roles: Iterable[Role], kind: str) -> bool:
    """For screens: whether a control for this kind is worth showing."""
    known = BY_KIND.get(kind)
    return known is not None and bool(frozenset(roles) & known[0].writers[kind])
