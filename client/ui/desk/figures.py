"""The day in figures: each says one thing, and opens the list it was counted from."""

from collections.abc import Callable

import flet as ft

from client.state.views import CheckInFilter, DayFigures, PointState, RoundStanding, RoundView
from client.ui import theme
from client.ui.kit.text import words
from client.ui.theme import Tone, Type
from client.words import number, t
from ledger.rules.checkins import Result
from ledger.rules.evidence import Grade


def missed_in(rounds: tuple[RoundView, ...]) -> int:
    return sum(point.state is PointState.MISSED for round_ in rounds for point in round_.points)


def figure_tiles(
    rounds: tuple[RoundView, ...],
    figures: DayFigures | None,
    open_list: Callable[[CheckInFilter], None],
    open_missed: Callable[[], None],
    *,
    narrow: bool,
) -> ft.Control:
    """`narrow`: a list is open beside them."""
    counted = figures or DayFigures()
    over = sum(one.standing in (RoundStanding.COMPLETE, RoundStanding.INCOMPLETE) for one in rounds)
    missed = missed_in(rounds)
    tiles = [
        _tile(
            t("desk.check_ins"),
            counted.check_ins,
            t("desk.rounds_over", over=over, total=len(rounds)),
            ft.Icons.FACT_CHECK,
            theme.GREEN,
            lambda: open_list(CheckInFilter()),
        ),
        _tile(
            t("kit.state_abnormal"),
            counted.abnormal,
            t("desk.abnormal_some") if counted.abnormal else t("desk.abnormal_none"),
            ft.Icons.ERROR,
            theme.RED,
            lambda: open_list(CheckInFilter(result=Result.ABNORMAL)),
        ),
        _tile(
            t("kit.state_late"),
            counted.late,
            t("desk.late_some") if counted.late else t("desk.late_none"),
            ft.Icons.WATCH_LATER,
            theme.ORANGE,
            lambda: open_list(CheckInFilter(late=True)),
        ),
        _tile(
            t("kit.state_missed"),
            missed,
            t("desk.missed_some") if missed else t("desk.missed_none"),
            ft.Icons.LOCATION_OFF,
            theme.PURPLE,
            open_missed,
        ),
        _tile(
            t("desk.grade", grade=Grade.B.value),
            counted.grade_b,
            t("desk.grade_b_short"),
            ft.Icons.HELP,
            theme.YELLOW,
            lambda: open_list(CheckInFilter(grade=Grade.B)),
        ),
        _tile(
            t("desk.grade", grade=Grade.C.value),
            counted.grade_c,
            t("desk.grade_c_short"),
            ft.Icons.REPORT,
            theme.ORANGE,
            lambda: open_list(CheckInFilter(grade=Grade.C)),
        ),
    ]
    return ft.ResponsiveRow(
        [ft.Container(tile, col={"xs": 6, "md": 4, "xl": 4 if narrow else 2}) for tile in tiles],
        spacing=theme.STEP,
        run_spacing=theme.STEP,
    )


def _tile(
    name: str,
    amount: int,
    message: str,
    icon: ft.IconData,
    tone: Tone,
    on_press: Callable[[], None],
) -> ft.Control:
    """Colour only where there is something to look at."""
    look = tone if amount else theme.QUIET
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
                                ft.Icon(icon, size=18, color=look.ink),
                                bgcolor=look.wash,
                                border_radius=theme.STEP,
                                padding=theme.HALF,
                            ),
                            words(name, Type.SMALL, muted=True, lines=1, expand=True),
                        ],
                        spacing=theme.STEP,
                    ),
                    words(number(amount), Type.FIGURE),
                    words(message, Type.SMALL, muted=True, lines=2),
                ],
                tight=True,
                spacing=theme.HALF,
            ),
        ),
    )
