"""Beside the live camera: torch, a photograph of the code, the digits typed by hand."""

from collections.abc import Awaitable, Callable

import flet as ft

from client.ui import theme
from client.ui.guarded import guarded
from client.ui.kit.buttons import icon_button, primary, secondary
from client.ui.kit.empty import empty
from client.ui.kit.fields import field_label, use_field
from client.ui.kit.text import heading, words
from client.ui.theme import Type
from client.words import t

SCAN_BAR_DP = 116
"""The height of the bar below the camera, with one line."""

Later = Callable[[], Awaitable[None]]


def scan_bar(
    next_point: str, on_light: Later | None, lit: bool, on_photo: Later, on_type
) -> ft.Control:
    """Under the camera, within reach of the thumb: what comes next, and the other ways.

    `on_type` is None where the code is typed elsewhere on the screen.
    """
    said = t("scan.next_point", point=next_point) if next_point else t("scan.aim_at_label")
    photo = ft.Icons.PHOTO_LIBRARY_OUTLINED
    ways: list[ft.Control] = (
        [secondary(t("scan.from_photo"), on_photo, photo, expand=True)]
        if on_type is None
        else [
            secondary(t("scan.type_code"), on_type, ft.Icons.DIALPAD, expand=True),
            icon_button(photo, t("scan.from_photo"), on_photo),
        ]
    )
    if on_light is not None:
        icon = ft.Icons.FLASHLIGHT_OFF if lit else ft.Icons.FLASHLIGHT_ON
        word = t("scan.torch_off") if lit else t("scan.torch_on")
        ways.append(icon_button(icon, word, on_light))
    return ft.Container(
        bgcolor=ft.Colors.SURFACE,
        padding=theme.STEP_2,
        content=ft.Column(
            [words(said, Type.SUBTITLE, lines=2), ft.Row(ways, spacing=theme.STEP)],
            spacing=theme.STEP,
            tight=True,
        ),
    )


def no_live_camera(on_type, on_photo: Later) -> ft.Control:
    """On a desktop: a photograph or the digits."""
    return empty(
        ft.Icons.QR_CODE_SCANNER,
        t("scan.no_live_camera"),
        t("scan.no_live_camera_body"),
        ft.Row(
            [
                primary(t("scan.from_photo"), on_photo, ft.Icons.PHOTO_LIBRARY_OUTLINED),
                secondary(t("scan.type_code"), on_type, ft.Icons.DIALPAD),
            ],
            wrap=True,
            alignment=ft.MainAxisAlignment.CENTER,
        ),
    )


@guarded
def type_code_form(
    on_typed: Callable[[str], Awaitable[None]], on_cancel: Later, live: bool
) -> ft.Control:
    """Eight digits from the label; the check digit catches slips before anything is saved."""
    digits = use_field()

    async def send() -> None:
        if digits.value.strip():
            await on_typed(digits.value)

    buttons: list[ft.Control] = [
        primary(t("common.confirm"), send, ft.Icons.CHECK, big=True, expand=True)
    ]
    if live:
        buttons.insert(0, secondary(t("common.cancel"), on_cancel, big=True))
    return ft.Container(
        bgcolor=ft.Colors.SURFACE,
        padding=theme.STEP_2,
        content=ft.Column(
            [
                heading(t("scan.type_code_title"), Type.SUBTITLE),
                words(t("scan.type_code_lead"), Type.SMALL, muted=True),
                ft.Row(
                    [
                        ft.TextField(
                            color=ft.Colors.ON_SURFACE,
                            ref=digits.ref,
                            key=digits.key,
                            value=digits.value,
                            label=field_label(t("scan.code")),
                            hint_text="1234 5678",
                            keyboard_type=ft.KeyboardType.NUMBER,
                            autofocus=True,
                            max_length=24,
                            counter="",
                            text_size=28,
                            border=ft.OutlineInputBorder(border_radius=theme.CORNER),
                            on_submit=send,
                            expand=True,
                        )
                    ]
                ),
                ft.Row(buttons, spacing=theme.STEP),
            ],
            spacing=theme.STEP,
            tight=True,
        ),
    )
