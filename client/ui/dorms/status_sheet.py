"""What a name's tap opens: the other statuses as big buttons, saved by one more tap."""

from collections.abc import Awaitable, Callable

import flet as ft

from client.state.views import BedView
from client.ui import theme
from client.ui.context import use_app
from client.ui.dorms.look import STATUS_LOOKS, line_field, status_word
from client.ui.entrance.frame import notice
from client.ui.guarded import guarded
from client.ui.kit.buttons import quiet
from client.ui.kit.fields import use_field
from client.ui.kit.text import heading, words
from client.ui.kit.toggles import tick_row
from client.ui.theme import Type
from client.words import t
from ledger.rules.dorms.statuses import Status

OFFERED = (
    Status.PRESENT,
    Status.LATE,
    Status.SICK,
    Status.LEAVE,
    Status.ACTIVITY,
    Status.OTHER_ROOM,
    Status.MISSING,
)
LETTERS_IN_HALF = 11
"""Beside its sign, in half the width of a small phone."""
Choose = Callable[[Status, str, bool, str], Awaitable[None]]
"""Status, where, whether somebody else lies in the bed, why it is corrected."""


@guarded
def status_sheet(
    bed: BedView, closed: bool, trouble: str, on_choose: Choose, on_cancel: Callable[[], None]
) -> ft.Control:
    where, because = use_field(), use_field()
    swapped, set_swapped = ft.use_state(any(one.swapped for one in bed.marks))
    offered = (*OFFERED, Status.FOUND) if bed.missing else OFFERED
    rowed = _needs_rows(offered, use_app().text_scale)

    def button(status: Status, whole: bool) -> ft.Control:
        icon, tone = STATUS_LOOKS[status]

        async def choose() -> None:
            await on_choose(status, where.value, swapped, because.value)

        return ft.Container(
            ft.FilledButton(
                status_word(status),
                icon=ft.Icon(icon, color=tone.ink, size=22),
                style=ft.ButtonStyle(
                    bgcolor=tone.wash,
                    color=tone.ink,
                    padding=ft.Padding.symmetric(horizontal=theme.STEP, vertical=20),
                    shape=ft.RoundedRectangleBorder(
                        radius=theme.CORNER,
                        side=ft.BorderSide(2, tone.ink) if status is bed.status else None,
                    ),
                    elevation=0,
                ),
                on_click=choose,
            ),
            col={"xs": 12 if whole else 6},
        )

    return ft.Column(
        [
            heading(t("dorms.set_status", name=bed.name or t("dorms.name_unknown")), Type.TITLE),
            words(t("dorms.bed", bed=bed.bed) if bed.bed else t("dorms.no_bed"), muted=True),
            *([notice(trouble)] if trouble else []),
            *([line_field(because, t("dorms.because_ask"))] if closed else []),
            ft.ResponsiveRow(
                # Of an odd number the last, and gravest, has a row of its own.
                [
                    button(status, rowed or (len(offered) % 2 == 1 and status is offered[-1]))
                    for status in offered
                ],
                spacing=theme.STEP,
                run_spacing=theme.STEP,
            ),
            line_field(where, t("dorms.where_ask")),
            *(
                []
                if closed
                else [
                    tick_row(t("dorms.swapped_ask"), swapped, set_swapped),
                ]
            ),
            ft.Row(
                [quiet(t("common.cancel"), lambda: on_cancel())],
                alignment=ft.MainAxisAlignment.END,
            ),
        ],
        tight=True,
        spacing=theme.STEP_2,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _needs_rows(offered: tuple[Status, ...], text_scale: float) -> bool:
    """Two share a row unless a word would break in its middle; Chinese breaks anywhere."""
    longest = max(len(word) for one in offered for word in status_word(one).split())
    return longest * text_scale > LETTERS_IN_HALF
