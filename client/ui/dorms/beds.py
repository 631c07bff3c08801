"""A bed with its name, readable at arm's length; the whole of it to tap."""

from collections.abc import Callable

import flet as ft

from client.state.views import BedView, MarkView
from client.ui import theme
from client.ui.dorms.look import status_badge, status_word
from client.ui.guarded import guarded
from client.ui.kit.badges import badge
from client.ui.kit.buttons import secondary
from client.ui.kit.rows import apart
from client.ui.kit.text import words
from client.ui.theme import Type
from client.words import clock, t, when


@guarded
def bed_card(
    bed: BedView,
    on_press: Callable[[BedView], None],
    on_choose: Callable[[BedView, MarkView], None],
) -> ft.Control:
    if not bed.student:
        return _empty(bed)
    name = bed.name or t("dorms.name_unknown")
    lines: list[ft.Control] = [words(name, Type.TITLE, strong=True, lines=2)]
    lines += [words(line, Type.SMALL, muted=True) for line in _about(bed)]
    badges: list[ft.Control] = [] if bed.contested else [status_badge(bed.status)]
    if any(one.swapped for one in bed.marks):
        badges.append(badge(ft.Icons.SWAP_HORIZ, t("dorms.swapped"), theme.YELLOW))
    parts: list[ft.Control] = [
        ft.Row(
            [
                _number(bed.bed),
                apart(
                    ft.Column(lines, spacing=2, tight=True),
                    ft.Column(
                        badges,
                        spacing=theme.HALF,
                        tight=True,
                        horizontal_alignment=ft.CrossAxisAlignment.END,
                    ),
                ),
            ],
            spacing=theme.STEP_2,
        )
    ]
    if bed.contested:
        parts.append(words(t("dorms.two_marks"), strong=True))
        parts.append(
            ft.Row(
                [_choice(bed, mark, on_choose) for mark in bed.marks],
                wrap=True,
                spacing=theme.STEP,
                run_spacing=theme.STEP,
            )
        )
    return ft.Container(
        content=ft.Column(parts, spacing=theme.STEP, tight=True),
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOW,
        border_radius=theme.CORNER_BIG,
        padding=ft.Padding.symmetric(horizontal=theme.STEP_2, vertical=theme.CORNER),
        ink=True,
        on_click=lambda: on_press(bed),
    )


def _about(bed: BedView) -> list[str]:
    said = []
    if bed.status is None and bed.leave is not None and not bed.leave.over:
        said.append(t("dorms.on_leave_until", time=when(bed.leave.ends)))
    elif bed.leave is not None and bed.leave.over:
        said.append(t("dorms.leave_over", time=when(bed.leave.ends)))
    if bed.marks and not bed.contested:
        mark = bed.marks[-1]
        who = t("dorms.mark_by", who=mark.by, time=clock(mark.at))
        said.append(t("dorms.where_said", status=mark.where, where=who) if mark.where else who)
    return said


def _choice(bed: BedView, mark: MarkView, on_choose) -> ft.Control:
    said = t("dorms.choose_mark", status=status_word(mark.status), who=mark.by, time=clock(mark.at))
    return secondary(said, lambda: on_choose(bed, mark))


def _number(bed: str) -> ft.Control:
    return ft.Container(
        width=40,
        height=40,
        border_radius=20,
        bgcolor=ft.Colors.SURFACE_CONTAINER_HIGHEST,
        alignment=ft.Alignment.CENTER,
        content=words(bed or "—", Type.CHIP, strong=True, lines=1),
    )


def _empty(bed: BedView) -> ft.Control:
    return ft.Container(
        ft.Row([_number(bed.bed), words(t("dorms.bed_empty"), muted=True)], spacing=theme.STEP_2),
        border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
        border_radius=theme.CORNER_BIG,
        padding=ft.Padding.symmetric(horizontal=theme.STEP_2, vertical=theme.STEP),
    )
