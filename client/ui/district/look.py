"""How a watched hazard looks in a list: its school first, and what is pressing about it."""

import flet as ft

from client.state.views import WatchedLine
from client.ui import theme
from client.ui.guarded import guarded
from client.ui.hazards.look import state_badge
from client.ui.hazards.photos import thumbnail
from client.ui.kit.badges import badge
from client.ui.kit.text import words
from client.ui.theme import Type
from client.words import day, n, t, when
from ledger.rules.hazards.bodies import HazardGrade
from ledger.rules.hazards.states import DONE

SCHOOL, NUMBER, CONTENT, PLACE, PERSON, DAY, STATE = 6, 4, 10, 6, 4, 4, 9
"""The columns' shares of the width: with fixed widths a small desk would have no room left for
what it is about."""
ROW_PADDING = ft.Padding.symmetric(horizontal=theme.STEP_2, vertical=theme.CORNER)


def title_of(line: WatchedLine) -> str:
    return line.content or t("district.no_words", place=line.place or line.school_name)


def badges_of(line: WatchedLine) -> list[ft.Control]:
    """Major and late first: that is what has to be seen."""
    found: list[ft.Control] = []
    if line.grade is HazardGrade.MAJOR:
        found.append(badge(ft.Icons.WARNING, t("hazards.grade_major"), theme.RED))
    if line.overdue and line.days_left is not None:
        found.append(badge(ft.Icons.EVENT, n("hazards.days_late", -line.days_left), theme.RED))
    if line.supervised_until is not None and line.state not in DONE:
        tone = theme.RED if line.supervision_late else theme.PURPLE
        said = t("district.supervised_until", day=day(line.supervised_until))
        found.append(badge(ft.Icons.ACCOUNT_BALANCE, said, tone))
    found.append(state_badge(line.state))
    if line.pending:
        found.append(badge(ft.Icons.SMARTPHONE, t("sync.only_here"), theme.BLUE))
    elif line.on_the_way:
        found.append(badge(ft.Icons.FORWARD_TO_INBOX, t("district.on_the_way"), theme.BLUE))
    return found


@guarded
def watched_card(line: WatchedLine, on_press, chosen: bool) -> ft.Control:
    """As phones and narrow lists show it."""
    under = (line.school_name, line.place, line.responsible, when(line.changed_at))
    return ft.Semantics(
        selected=chosen or None,
        content=ft.Container(
            bgcolor=ft.Colors.SECONDARY_CONTAINER if chosen else None,
            ink=True,
            on_click=lambda: on_press(line),
            padding=ROW_PADDING,
            content=ft.Row(
                [
                    thumbnail(line.photo, 64),
                    ft.Column(
                        [
                            words(title_of(line), lines=2, strong=True),
                            words(
                                " · ".join(one for one in under if one),
                                Type.SMALL,
                                muted=True,
                                lines=2,
                            ),
                            ft.Row(
                                badges_of(line),
                                wrap=True,
                                spacing=theme.HALF,
                                run_spacing=theme.HALF,
                            ),
                        ],
                        spacing=theme.HALF,
                        tight=True,
                        expand=True,
                    ),
                ],
                spacing=theme.STEP_2,
                vertical_alignment=ft.CrossAxisAlignment.START,
            ),
        ),
    )


def table_head() -> ft.Control:
    def name(said: str, share: int) -> ft.Control:
        return ft.Container(words(said, Type.SMALL, muted=True, lines=1), expand=share)

    return ft.Container(
        ft.Row(
            [
                name(t("district.school"), SCHOOL),
                name(t("district.number"), NUMBER),
                name(t("district.content"), CONTENT),
                name(t("district.place"), PLACE),
                name(t("hazards.responsible"), PERSON),
                name(t("hazards.deadline"), DAY),
                name(t("hazards.state"), STATE),
            ],
            spacing=theme.STEP,
        ),
        padding=ft.Padding.symmetric(vertical=theme.STEP),
        border=ft.Border.only(bottom=ft.BorderSide(1, ft.Colors.OUTLINE_VARIANT)),
    )


@guarded
def table_row(line: WatchedLine, on_press, chosen: bool) -> ft.Control:
    def cell(said: str, share: int) -> ft.Control:
        # Two lines: schools of one group differ at the end of their names.
        text = words(said, Type.SMALL, lines=2)
        text.expand = share
        return text

    badges = ft.Row(badges_of(line), spacing=theme.HALF, run_spacing=theme.HALF, wrap=True)
    return ft.Container(
        ft.Row(
            [
                cell(line.school_name, SCHOOL),
                cell(line.number, NUMBER),
                cell(title_of(line), CONTENT),
                cell(line.place, PLACE),
                cell(line.responsible, PERSON),
                cell(line.deadline.isoformat() if line.deadline else "", DAY),
                ft.Container(badges, expand=STATE),
            ],
            spacing=theme.STEP,
        ),
        padding=ROW_PADDING,
        ink=True,
        bgcolor=ft.Colors.SECONDARY_CONTAINER if chosen else None,
        on_click=lambda: on_press(line),
    )
