"""What an import would change, before anything is: four tabs, pages of at most fifty."""

from collections.abc import Callable
from dataclasses import dataclass

import flet as ft

from client.ui import theme
from client.ui.guarded import guarded
from client.ui.kit.empty import empty
from client.ui.kit.lists import paged_list
from client.ui.kit.rows import leading_icon, list_row
from client.ui.kit.search import Choice, choice_chips
from client.ui.kit.text import words
from client.ui.roster.sentences import change_words, problem_words
from client.words import n, t
from ledger.roster.plan import Plan
from ledger.roster.steps import Line

ADDED, CHANGED, LEFT, TROUBLES = "added", "changed", "left", "troubles"


@dataclass(frozen=True, slots=True)
class Shown:
    """One row of a tab."""

    key: str
    title: str
    body: str
    icon: ft.IconData
    bad: bool = False


@guarded
def preview(plan: Plan, tab: str, on_tab: Callable[[str], None], head: ft.Control) -> ft.Control:
    rows = rows_of(plan)
    chips = tuple(Choice(one, t(f"roster.tab_{one}"), len(rows[one])) for one in rows)
    header = ft.Container(
        ft.Column(
            [head, choice_chips(chips, tab, on_tab), *_notes(plan)],
            spacing=theme.STEP_2,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        padding=theme.STEP_2,
    )
    nothing = empty(ft.Icons.CHECK_CIRCLE_OUTLINE, t("roster.none_here"), t("roster.none_body"))
    return paged_list(
        rows[tab], preview_row, lambda one: one.key, lambda _: None, nothing, header=header
    )


def rows_of(plan: Plan) -> dict[str, tuple[Shown, ...]]:
    """By tab. Problems come with their hints."""
    new_places = [one for one in plan.buildings if one.new]
    new_staff = [one for one in plan.staff if one.new]
    other_places = [one for one in plan.buildings if not one.new]
    other_staff = [one for one in plan.staff if not one.new]
    return {
        ADDED: (
            *_lines(ADDED, new_places, ft.Icons.APARTMENT),
            *_lines("staff", new_staff, ft.Icons.BADGE_OUTLINED),
            *_lines("pupil", plan.added, ft.Icons.PERSON_ADD_ALT),
        ),
        CHANGED: (
            *_lines("place", other_places, ft.Icons.APARTMENT),
            *_lines("staff", other_staff, ft.Icons.BADGE_OUTLINED),
            *_lines("moved", plan.moved, ft.Icons.SWAP_HORIZ),
            *_lines("changed", plan.changed, ft.Icons.EDIT_OUTLINED),
        ),
        LEFT: tuple(_lines("left", plan.removed, ft.Icons.PERSON_REMOVE_OUTLINED)),
        TROUBLES: tuple(
            Shown(f"{place}", problem_words(one), t(f"roster.then_{kind}"), icon, kind == "out")
            for kind, icon, some in (
                ("out", ft.Icons.ERROR_OUTLINE, plan.problems),
                ("hint", ft.Icons.INFO_OUTLINE, plan.hints),
            )
            for place, one in enumerate(some, 1 if kind == "out" else 1_000_000)
        ),
    }


def _lines(kind: str, lines: list[Line], icon: ft.IconData) -> list[Shown]:
    return [
        Shown(
            f"{kind} {place}",
            " ".join(filter(None, (one.name, one.class_id, one.number))),
            change_words(one) or t("roster.no_bed") if kind != "left" else t("roster.not_there"),
            icon,
        )
        for place, one in enumerate(lines)
    ]


@guarded
def preview_row(one: Shown, press: Callable[[Shown], None], chosen: bool) -> ft.Control:
    tone = theme.ORANGE if one.bad else theme.QUIET
    return list_row(one.title, one.body, leading=leading_icon(one.icon, tone))


def _notes(plan: Plan) -> list[ft.Control]:
    notes: list[ft.Control] = [words(n("roster.unchanged", plan.unchanged), muted=True)]
    if plan.unused:
        columns = t("roster.comma").join(plan.unused)
        notes.append(words(t("roster.unused", columns=columns), muted=True))
    return notes
