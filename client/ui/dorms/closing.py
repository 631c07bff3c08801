"""结束点名: the counts and exceptions before it, and the reason for opening a night again."""

from collections.abc import Awaitable, Callable
from datetime import date

import flet as ft

from client.state.views import BuildingNight, ExceptionLine, NightStep
from client.ui import theme
from client.ui.dorms.look import counts_line, line_field, room_name, status_badge
from client.ui.entrance.frame import notice
from client.ui.guarded import guarded
from client.ui.kit.badges import badge
from client.ui.kit.buttons import primary, quiet
from client.ui.kit.fields import use_field
from client.ui.kit.rows import list_row
from client.ui.kit.text import heading, words
from client.ui.theme import Type
from client.words import clock, t, when
from ledger.rules.dorms.statuses import Status

EXCEPTIONS_AT_ONCE = 20
_TURNS = ("rollcall.closed", "rollcall.reopened", "reopened_by_mark")


@guarded
def closing_form(
    night: BuildingNight,
    exceptions: tuple[ExceptionLine, ...],
    trouble: str,
    on_close: Callable[[str], Awaitable[None]],
    on_cancel: Callable[[], None],
) -> ft.Control:
    note = use_field()

    async def close() -> None:
        await on_close(note.value)

    return ft.Column(
        [
            heading(t("dorms.close_title"), Type.TITLE),
            words(t("dorms.close_lead"), muted=True),
            *figures(night),
            *(
                [
                    ft.Column(
                        [exception_row(one) for one in exceptions[:EXCEPTIONS_AT_ONCE]],
                        spacing=0,
                        tight=True,
                        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
                    )
                ]
                if exceptions
                else []
            ),
            *([notice(trouble)] if trouble else []),
            line_field(note, t("dorms.note_ask")),
            ft.Row(
                [
                    quiet(t("common.cancel"), lambda: on_cancel()),
                    primary(t("dorms.close_now"), close, ft.Icons.LOCK),
                ],
                alignment=ft.MainAxisAlignment.END,
                wrap=True,
            ),
        ],
        tight=True,
        spacing=theme.STEP_2,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@guarded
def reopening_form(
    trouble: str, on_reopen: Callable[[str], Awaitable[None]], on_cancel: Callable[[], None]
) -> ft.Control:
    because = use_field()

    async def reopen() -> None:
        await on_reopen(because.value)

    return ft.Column(
        [
            heading(t("dorms.reopen"), Type.TITLE),
            *([notice(trouble)] if trouble else []),
            line_field(because, t("dorms.reopen_ask"), autofocus=True),
            ft.Row(
                [
                    quiet(t("common.cancel"), lambda: on_cancel()),
                    primary(t("dorms.reopen"), reopen, ft.Icons.LOCK_OPEN),
                ],
                alignment=ft.MainAxisAlignment.END,
                wrap=True,
            ),
        ],
        tight=True,
        spacing=theme.STEP_2,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def reopened(history: tuple[NightStep, ...], today: date | None) -> list[ft.Control]:
    """Who opened a night again, when and why; nothing where it was never closed or is again.

    `history` is a night's, oldest first."""
    turns = [one for one in history if one.what in _TURNS]
    if not turns or turns[-1].what == "rollcall.closed":
        return []
    step = turns[-1]
    said = t(f"dorms.step_{step.what.replace('.', '_')}", who=step.by)
    about = " · ".join(part for part in (said, when(step.at, today), step.because) if part)
    return [notice(about, theme.YELLOW)]


def figures(night: BuildingNight) -> list[ft.Control]:
    """How many should be there, how many are, and everything that is otherwise."""
    counts = night.counts
    said = t("dorms.all_present", total=counts.total, present=counts.of(Status.PRESENT))
    return [
        words(said, Type.SUBTITLE, strong=True),
        ft.Row(counts_line(counts), wrap=True, spacing=theme.STEP, run_spacing=theme.HALF),
    ]


def exception_row(
    line: ExceptionLine, on_press: Callable[[], None] | None = None, *, in_inbox: bool = False
) -> ft.Control:
    """In the inbox, where lines of several buildings stand together, it says which one; elsewhere
    it stands flush under its heading."""
    where = (
        t("dorms.room_bed", room=room_name(line.room), bed=line.bed)
        if line.bed
        else t("dorms.room_title", room=room_name(line.room))
    )
    if in_inbox:
        where = f"{line.building_name} {where}"
    about = [where, *([line.where] if line.where else [])]
    if line.at is not None:
        about.append(t("dorms.mark_by", who=line.by, time=clock(line.at)))
    badges: list[ft.Control] = [status_badge(line.status)]
    if line.contested:
        badges.append(badge(ft.Icons.CALL_SPLIT, t("dorms.tile_contested"), theme.YELLOW))
    if line.swapped:
        badges.append(badge(ft.Icons.SWAP_HORIZ, t("dorms.swapped"), theme.YELLOW))
    return list_row(
        line.name or t("dorms.name_unknown"),
        " · ".join(about),
        leading=ft.Icon(ft.Icons.BEDTIME, color=ft.Colors.ON_SURFACE_VARIANT) if in_inbox else None,
        trailing=ft.Row(badges, tight=True, wrap=True, spacing=theme.HALF),
        on_press=on_press,
        strong=True,
        flush=not in_inbox,
    )
