"""A school year's hazards in figures and bars; each opens the list it was counted from."""

from collections.abc import Callable

import flet as ft

from client.state.views import HazardFigures, HazardFilter, Shown
from client.ui import theme
from client.ui.hazards.look import category_word, grade_word
from client.ui.kit.text import words
from client.ui.theme import Tone, Type
from client.words import number, t

Open = Callable[[HazardFilter], None]
NAME_DP = 136
FINGER_EDGE_DP = 14
"""Around one line of 14 sp this makes 48 dp."""
BAR_DP = 12


def figure_tiles(figures: HazardFigures, open_list: Open) -> ft.Control:
    year = figures.school_year

    def opens(shown: Shown) -> Callable[[], None]:
        return lambda: open_list(HazardFilter(shown=shown, school_year=year))

    rate = t("hazards.no_rate") if figures.rate is None else f"{figures.rate:.1%}"
    late = theme.RED if figures.overdue else theme.QUIET
    tiles = (
        tile(
            t("hazards.rate"),
            rate,
            t("hazards.rate_of", done=figures.done, found=figures.found),
            ft.Icons.DONE_ALL,
            theme.GREEN,
            opens(Shown.DONE),
        ),
        tile(
            t("hazards.overdue"),
            number(figures.overdue),
            t("hazards.overdue_note"),
            ft.Icons.EVENT_BUSY,
            late,
            opens(Shown.OVERDUE),
        ),
        tile(
            t("hazards.list_open"),
            number(figures.open),
            t("hazards.open_note"),
            ft.Icons.BUILD,
            theme.BLUE,
            opens(Shown.OPEN),
        ),
        tile(
            t("hazards.list_decide"),
            number(figures.to_decide),
            t("hazards.decide_note"),
            ft.Icons.RULE,
            theme.ORANGE,
            opens(Shown.DECIDE),
        ),
    )
    return ft.ResponsiveRow(
        [ft.Container(one, col={"xs": 6, "md": 3}) for one in tiles],
        spacing=theme.STEP,
        run_spacing=theme.STEP,
    )


def tile(
    name: str, amount: str, message: str, icon: ft.IconData, tone: Tone, on_press
) -> ft.Control:
    return ft.Semantics(
        label=t("desk.figure", name=name, amount=amount, message=message),
        button=True,
        container=True,
        content=ft.Container(
            bgcolor=ft.Colors.SURFACE_CONTAINER_LOW,
            border_radius=theme.CORNER_BIG,
            padding=theme.STEP_2,
            ink=True,
            on_click=lambda: on_press(),
            content=ft.Column(
                [
                    ft.Row(
                        [
                            ft.Container(
                                ft.Icon(icon, size=18, color=tone.ink),
                                bgcolor=tone.wash,
                                border_radius=theme.STEP,
                                padding=theme.HALF,
                            ),
                            words(name, Type.SMALL, muted=True, lines=1, expand=True),
                        ],
                        spacing=theme.STEP,
                    ),
                    words(amount, Type.FIGURE),
                    words(message, Type.SMALL, muted=True, lines=2),
                ],
                tight=True,
                spacing=theme.HALF,
            ),
        ),
    )


def bars(figures: HazardFigures, open_list: Open, finger: bool = False) -> ft.Control:
    """Open hazards by grade and by category; empty categories are left out. `finger` where one
    taps them."""
    year = figures.school_year
    grades = [
        (
            grade_word(grade),
            many,
            theme.RED if grade.value == "major" else theme.BLUE,
            HazardFilter(school_year=year, grade=grade),
        )
        for grade, many in figures.open_by_grade.items()
    ]
    categories = [
        (category_word(one), many, theme.ORANGE, HazardFilter(school_year=year, category=one))
        for one, many in sorted(figures.open_by_category.items(), key=lambda pair: -pair[1])
        if many
    ]
    return ft.ResponsiveRow(
        [
            ft.Container(
                _chart(t("hazards.by_grade"), grades, open_list, finger), col={"xs": 12, "md": 4}
            ),
            ft.Container(
                _chart(t("hazards.by_category"), categories, open_list, finger),
                col={"xs": 12, "md": 8},
            ),
        ],
        spacing=theme.STEP,
        run_spacing=theme.STEP,
    )


def _chart(
    title: str, rows: list[tuple[str, int, Tone, HazardFilter]], open_list: Open, finger: bool
) -> ft.Control:
    most = max((many for _, many, _, _ in rows), default=0)
    lines = [
        _bar(name, many, most, tone, wanted, open_list, finger) for name, many, tone, wanted in rows
    ]
    return ft.Container(
        ft.Column(
            [
                words(title, Type.SMALL, muted=True),
                *(lines or [words(t("hazards.nothing_open"), Type.SMALL, muted=True)]),
            ],
            tight=True,
            spacing=theme.HALF,
        ),
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOW,
        border_radius=theme.CORNER_BIG,
        padding=theme.STEP_2,
    )


def _bar(
    name: str,
    many: int,
    most: int,
    tone: Tone,
    wanted: HazardFilter,
    open_list: Open,
    finger: bool,
) -> ft.Control:
    full = max(1, most)
    return ft.Semantics(
        label=t("hazards.bar", name=name, count=many),
        button=True,
        container=True,
        content=ft.Container(
            ink=True,
            border_radius=theme.STEP,
            padding=ft.Padding.symmetric(vertical=FINGER_EDGE_DP if finger else 6),
            on_click=lambda: open_list(wanted),
            content=ft.Row(
                [
                    ft.Container(words(name, Type.SMALL, lines=1), width=NAME_DP),
                    ft.Container(
                        ft.Row(
                            [
                                ft.Container(
                                    height=BAR_DP,
                                    border_radius=BAR_DP / 2,
                                    bgcolor=tone.ink if many else None,
                                    expand=many or None,
                                ),
                                *([ft.Container(expand=full - many)] if full > many else []),
                            ],
                            spacing=0,
                        ),
                        expand=True,
                    ),
                    ft.Container(
                        words(number(many), Type.SMALL, strong=True, align=ft.TextAlign.END),
                        width=36,
                    ),
                ],
                spacing=theme.STEP,
            ),
        ),
    )
