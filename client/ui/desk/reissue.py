"""Asking for the reason before a label is replaced, and saying what that means."""

from collections.abc import Callable

import flet as ft

from client.ui import theme
from client.ui.guarded import guarded
from client.ui.kit.buttons import primary, quiet
from client.ui.kit.fields import field_label, use_field
from client.ui.kit.search import Choice, choice_chips
from client.ui.kit.text import words
from client.ui.theme import Type
from client.words import t

REASONS = ("damaged", "faded", "lost", "copied")
LONGEST = 200
WIDTH_DP = 420


def reissue_dialog(
    point_name: str, on_yes: Callable[[str], None], on_no: Callable[[], None]
) -> ft.AlertDialog:
    return ft.AlertDialog(
        title=words(t("points.reissue_title", point=point_name), Type.TITLE),
        content=ft.Container(reissue_form(on_yes, on_no), width=WIDTH_DP),
        scrollable=True,
        shape=ft.RoundedRectangleBorder(radius=theme.CORNER_BIG),
        on_dismiss=lambda: on_no(),
    )


@guarded
def reissue_form(on_yes: Callable[[str], None], on_no: Callable[[], None]) -> ft.Control:
    """A tap on a usual reason is enough; anything can be added in words."""
    usual, set_usual = ft.use_state(REASONS[0])
    field = use_field()

    def yes() -> None:
        written = field.value.strip()
        reason = t(f"points.reason_{usual}")
        on_yes(t("points.reason_and_note", reason=reason, note=written) if written else reason)

    return ft.Column(
        [
            words(t("points.reissue_body")),
            choice_chips(
                tuple(Choice(name, t(f"points.reason_{name}")) for name in REASONS),
                usual,
                set_usual,
            ),
            ft.Row(
                [
                    ft.TextField(
                        color=ft.Colors.ON_SURFACE,
                        ref=field.ref,
                        key=field.key,
                        value=field.value,
                        label=field_label(t("points.reissue_note")),
                        max_length=LONGEST // 2,
                        expand=True,
                    )
                ]
            ),
            ft.Row(
                [
                    quiet(t("common.cancel"), on_no),
                    primary(t("points.reissue_yes"), yes, danger=True),
                ],
                alignment=ft.MainAxisAlignment.END,
                wrap=True,
                spacing=theme.STEP,
                run_spacing=theme.STEP,
            ),
        ],
        tight=True,
        spacing=theme.STEP_2,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
