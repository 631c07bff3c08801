"""The quiet page all entrance screens stand on: the mark, a title, a narrow column."""

import flet as ft

from client.ui import theme
from client.ui.guarded import guarded
from client.ui.kit.buttons import icon_button
from client.ui.kit.fields import field_label
from client.ui.kit.text import heading, words
from client.ui.theme import Type
from client.words import t

COLUMN_DP = 420


def entrance_view(title: str, lead: str, parts: list[ft.Control]) -> ft.View:
    """One column in the middle that scrolls when enlarged text needs it."""
    mark = ft.Row(
        [
            ft.Container(
                width=56,
                height=56,
                border_radius=theme.CORNER_BIG,
                bgcolor=ft.Colors.PRIMARY,
                alignment=ft.Alignment.CENTER,
                content=ft.Icon(ft.Icons.VERIFIED_USER, color=ft.Colors.ON_PRIMARY, size=32),
            ),
            words(t("common.app_name"), Type.FIGURE, strong=True),
        ],
        spacing=theme.STEP_2,
    )
    column = ft.Column(
        [mark, heading(title, Type.TITLE), words(lead, muted=True), *parts],
        spacing=theme.STEP_2,
        width=COLUMN_DP,
        tight=True,
        # Fields, sentences and buttons have one width: the column's.
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    return ft.View(
        route="/",
        padding=0,
        controls=[
            ft.SafeArea(
                ft.ListView(
                    [
                        ft.Container(
                            ft.Row([column], alignment=ft.MainAxisAlignment.CENTER, wrap=True),
                            padding=ft.Padding.symmetric(
                                horizontal=theme.STEP_3, vertical=theme.STEP_6
                            ),
                        )
                    ],
                    expand=True,
                ),
                expand=True,
            )
        ],
    )


def notice(text: str, tone: theme.Tone = theme.RED) -> ft.Control:
    """A sentence the person has to read before going on."""
    return ft.Semantics(
        live_region=True,
        content=ft.Container(
            bgcolor=tone.wash,
            border_radius=theme.CORNER,
            padding=theme.STEP_2,
            content=words(text, color=tone.ink),
        ),
    )


def entry_box(label: str, field, **more) -> ft.Control:
    """A text field as wide as the column. `field` is the kit's `Field`."""
    return ft.Row(
        [
            ft.TextField(
                color=ft.Colors.ON_SURFACE,
                ref=field.ref,
                key=field.key,
                value=field.value,
                label=field_label(label),
                expand=True,
                border=ft.OutlineInputBorder(border_radius=theme.CORNER),
                **more,
            )
        ]
    )


@guarded
def secret_box(label: str, field, on_submit, *, autofocus: bool = False) -> ft.Control:
    """What is typed shows as dots until the eye is pressed. The framework's own eye has no name."""
    shown, set_shown = ft.use_state(False)
    eye = icon_button(
        ft.Icons.VISIBILITY_OFF if shown else ft.Icons.VISIBILITY,
        t("signin.hide_secret") if shown else t("signin.show_secret"),
        lambda: set_shown(not shown),
    )
    return entry_box(
        label,
        field,
        password=not shown,
        suffix_icon=eye,
        on_submit=on_submit,
        autofocus=autofocus,
    )
