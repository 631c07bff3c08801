"""A roster's problems and changes in the person's language."""

from client.words import t
from ledger.roster.problems import Problem
from ledger.roster.steps import Line


def problem_words(problem: Problem) -> str:
    """With its place in front."""
    said = t(f"roster.trouble_{problem.trouble.value}", **problem.values)
    if problem.row:
        return t("roster.at_row", sheet=problem.sheet, row=problem.row, said=said)
    return t("roster.in_sheet", sheet=problem.sheet, said=said) if problem.sheet else said


def change_words(line: Line) -> str:
    """What becomes of somebody: "房间 301 → 302、床位 1 → 2"."""
    return t("roster.comma").join(
        t(
            "roster.from_to",
            field=t(f"roster.field_{name}"),
            before=_value(name, before),
            after=_value(name, after),
        )
        if before
        else t("roster.now", field=t(f"roster.field_{name}"), after=_value(name, after))
        for name, before, after in line.details
    )


def _value(field: str, value: str) -> str:
    if not value:
        return t("roster.nothing")
    if field == "roles":
        return t("roster.comma").join(t(f"roster.role_{one}") for one in value.split())
    return t(f"roster.sex_{value}") if field == "sex" else value
