"""The list of what makes a hazard major: to search, to choose from, and to show what was chosen."""

from collections.abc import Callable

import flet as ft

from client.ui import theme
from client.ui.guarded import guarded, keyed, use_latest
from client.ui.hazards.look import category_word, grade_word
from client.ui.kit.badges import badge
from client.ui.kit.buttons import icon_button, quiet
from client.ui.kit.empty import empty
from client.ui.kit.fields import use_field
from client.ui.kit.rows import card
from client.ui.kit.search import Choice, choice_chips, search_field
from client.ui.kit.text import heading, words
from client.ui.theme import Type
from client.words import n, t
from ledger.rules.hazards.bodies import Category, HazardGrade
from ledger.rules.hazards.conditions import Condition

EVERY = "every"
LIST_DP = 420


def matching(
    conditions: tuple[Condition, ...], category: Category | None, search: str
) -> tuple[Condition, ...]:
    """Every word of the search is in the condition, its category or its grounds."""
    wanted = search.split()
    return tuple(
        one
        for one in conditions
        if (category is None or one.category is category)
        and all(
            word in one.text or word in one.basis or word in category_word(one.category)
            for word in wanted
        )
    )


@guarded
def condition_picker(
    conditions: tuple[Condition, ...],
    category: Category,
    on_choose: Callable[[Condition], None],
    on_cancel: Callable[[], None],
    whole: bool = False,
) -> ft.Control:
    """Begins with the hazard's own category when the list knows it; `whole` fills the screen."""
    field = use_field()
    known = {one.category for one in conditions}
    search, set_search = ft.use_state("")
    shown, set_shown = ft.use_state(category.value if category in known else EVERY)
    choose = use_latest(on_choose)
    found = matching(conditions, None if shown == EVERY else Category(shown), search)
    chips = (
        Choice(EVERY, t("hazards.list_all")),
        *(Choice(one.value, category_word(one)) for one in Category if one in known),
    )
    listing: ft.Control = ft.ListView(
        [keyed(one.id, ft.memo(condition_row), one, choose) for one in found],
        key=f"{shown} {search}",
        expand=True,
    )
    if not found:
        listing = empty(
            ft.Icons.SEARCH_OFF, t("hazards.no_condition"), t("hazards.no_condition_body")
        )
    return ft.Column(
        [
            ft.Row(
                [
                    heading(t("hazards.conditions_title"), Type.TITLE, expand=True),
                    icon_button(ft.Icons.CLOSE, t("common.close"), on_cancel),
                ]
            ),
            words(t("hazards.conditions_about"), Type.SMALL, muted=True),
            search_field(set_search, t("hazards.search_conditions"), field),
            choice_chips(chips, shown, set_shown, one_line=True),
            words(n("hazards.conditions_found", len(found)), Type.SMALL, muted=True),
            ft.Container(listing, expand=whole or None, height=None if whole else LIST_DP),
        ],
        tight=not whole,
        expand=whole or None,
        spacing=theme.STEP,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@guarded
def condition_row(condition: Condition, on_choose: Callable[[Condition], None]) -> ft.Control:
    under: list[ft.Control] = [words(_under(condition), Type.SMALL, muted=True)]
    if condition.own:
        under.append(badge(ft.Icons.LOCATION_CITY, t("hazards.own_condition"), theme.BLUE))
    return ft.Semantics(
        button=True,
        content=ft.Container(
            ft.Column(
                [
                    words(condition.text),
                    ft.Row(under, wrap=True, spacing=theme.STEP),
                ],
                tight=True,
                spacing=2,
            ),
            ink=True,
            border_radius=theme.STEP,
            padding=ft.Padding.symmetric(horizontal=theme.STEP, vertical=theme.CORNER),
            on_click=lambda: on_choose(condition),
        ),
    )


def _under(condition: Condition) -> str:
    """The national list's own source stands above all of it, the district's with each."""
    parts = (category_word(condition.category), condition.basis if condition.own else "")
    return " · ".join(part for part in parts if part)


def condition_card(condition: Condition, on_remove: Callable[[], None] | None = None) -> ft.Control:
    """What was chosen, with its grounds 依据."""
    head: list[ft.Control] = [
        ft.Container(
            badge(ft.Icons.GAVEL, t("hazards.condition"), theme.RED), expand=True, alignment=_LEFT
        )
    ]
    if on_remove is not None:
        head.append(icon_button(ft.Icons.CLOSE, t("hazards.remove_condition"), on_remove))
    return card(
        ft.Column(
            [
                ft.Row(head),
                words(condition.text),
                *([words(condition.basis, Type.SMALL, muted=True)] if condition.basis else []),
            ],
            tight=True,
            spacing=theme.HALF,
        )
    )


_LEFT = ft.Alignment.CENTER_LEFT


def grade_choice(
    grade: HazardGrade,
    condition: Condition | None,
    on_change: Callable[[HazardGrade, Condition | None], None],
    on_compare: Callable[[], None],
) -> list[ft.Control]:
    """等级, the way to the list, and what was chosen from it. Without it a hazard is not major by
    that condition any more, so "general" lets go of it."""
    parts: list[ft.Control] = [
        words(t("hazards.grade"), Type.SMALL, muted=True),
        ft.Row(
            [
                choice_chips(
                    tuple(Choice(one.value, grade_word(one)) for one in HazardGrade),
                    grade.value,
                    lambda name: on_change(
                        HazardGrade(name), condition if name == HazardGrade.MAJOR.value else None
                    ),
                ),
                quiet(t("hazards.compare"), on_compare, ft.Icons.FACT_CHECK),
            ],
            wrap=True,
            spacing=theme.STEP,
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
        ),
    ]
    if condition is not None:
        parts.append(condition_card(condition, lambda: on_change(grade, None)))
    return parts
