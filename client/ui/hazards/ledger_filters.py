"""Which hazards the ledger shows: of which year, list, category, grade, state and area."""

from collections.abc import Callable
from dataclasses import replace

import flet as ft

from client.state.views import AreaView, HazardFilter, Shown
from client.ui import theme
from client.ui.hazards.look import category_word, grade_word, state_word
from client.ui.kit.buttons import icon_button
from client.ui.kit.fields import Field
from client.ui.kit.search import Choice, choice_chips, search_field
from client.ui.kit.select import select
from client.ui.kit.text import heading
from client.ui.theme import Type
from client.words import t
from ledger.rules.hazards.bodies import Category, HazardGrade
from ledger.rules.hazards.states import HazardState

LISTS = (Shown.ALL, Shown.OPEN, Shown.DECIDE, Shown.OVERDUE, Shown.DONE)
SELECT_DP = 168
Change = Callable[[HazardFilter], None]


def year_bar(year: int, current: int, go: Callable[[int], None], buttons: ft.Control) -> ft.Control:
    return ft.Row(
        [
            ft.Row(
                [
                    icon_button(
                        ft.Icons.CHEVRON_LEFT, t("hazards.year_before"), lambda: go(year - 1)
                    ),
                    heading(t("hazards.school_year", year=year, next=year + 1), Type.TITLE),
                    icon_button(
                        ft.Icons.CHEVRON_RIGHT,
                        t("hazards.year_after"),
                        (lambda: go(year + 1)) if year < current else None,
                    ),
                ],
                tight=True,
                spacing=theme.HALF,
            ),
            buttons,
        ],
        wrap=True,
        alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
        run_spacing=theme.STEP,
    )


def filters(
    wanted: HazardFilter, areas: tuple[AreaView, ...], field: Field, on_change: Change
) -> ft.Control:
    return ft.Column(
        [
            choice_chips(
                tuple(Choice(one.value, t(f"hazards.list_{one.value}")) for one in LISTS),
                wanted.shown.value,
                lambda name: on_change(replace(wanted, shown=Shown(name), state=None)),
            ),
            ft.Row(
                [
                    select(
                        t("hazards.category"),
                        wanted.category.value if wanted.category else "",
                        [(one.value, category_word(one)) for one in Category],
                        lambda id: on_change(
                            replace(wanted, category=Category(id) if id else None)
                        ),
                        SELECT_DP,
                    ),
                    select(
                        t("hazards.grade"),
                        wanted.grade.value if wanted.grade else "",
                        [(one.value, grade_word(one)) for one in HazardGrade],
                        lambda id: on_change(
                            replace(wanted, grade=HazardGrade(id) if id else None)
                        ),
                        SELECT_DP,
                    ),
                    select(
                        t("hazards.state"),
                        wanted.state.value if wanted.state else "",
                        [(one.value, state_word(one)) for one in HazardState],
                        lambda id: on_change(
                            replace(wanted, state=HazardState(id) if id else None)
                        ),
                        SELECT_DP,
                    ),
                    select(
                        t("desk.area"),
                        wanted.area,
                        [(area.id, area.name) for area in areas],
                        lambda id: on_change(replace(wanted, area=id)),
                        SELECT_DP,
                    ),
                    ft.Container(
                        search_field(
                            lambda text: on_change(replace(wanted, search=text)),
                            t("hazards.search"),
                            field,
                        ),
                        width=280,
                    ),
                ],
                wrap=True,
                spacing=theme.STEP,
                run_spacing=theme.STEP,
            ),
        ],
        tight=True,
        spacing=theme.STEP,
    )
