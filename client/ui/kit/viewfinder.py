"""What lies over the camera: the frame to aim with; and what stands there when there is none."""

from collections.abc import Callable

import flet as ft

from client.device.camera import CameraTrouble
from client.ui import theme
from client.ui.kit.buttons import Press, primary, secondary
from client.ui.kit.empty import empty
from client.words import t

FRAME_DP = 256
ARM_DP = 40
BAR_DP = 6
SHADE = ft.Colors.with_opacity(0.45, ft.Colors.BLACK)


def viewfinder(hint: str) -> ft.Control:
    """A clear square in a shaded picture; its corners show on white paper and on dark walls."""

    def shade(content: ft.Control | None = None) -> ft.Control:
        return ft.Container(content, bgcolor=SHADE, expand=True, alignment=ft.Alignment.CENTER)

    corners = [
        bar
        for at_left in (True, False)
        for at_top in (True, False)
        for bar in (_bar(at_left, at_top, ARM_DP, BAR_DP), _bar(at_left, at_top, BAR_DP, ARM_DP))
    ]
    return ft.Column(
        expand=True,
        spacing=0,
        controls=[
            shade(),
            ft.Row(
                [shade(), ft.Stack(corners, width=FRAME_DP, height=FRAME_DP), shade()],
                height=FRAME_DP,
                spacing=0,
                vertical_alignment=ft.CrossAxisAlignment.STRETCH,
            ),
            shade(
                ft.Text(
                    hint,
                    theme_style=theme.Type.SUBTITLE.value,
                    color=ft.Colors.WHITE,
                    text_align=ft.TextAlign.CENTER,
                )
            ),
        ],
    )


def _bar(at_left: bool, at_top: bool, width: int, height: int) -> ft.Control:
    return ft.Container(
        width=width,
        height=height,
        left=0 if at_left else None,
        right=None if at_left else 0,
        top=0 if at_top else None,
        bottom=None if at_top else 0,
        bgcolor=ft.Colors.WHITE,
        border_radius=BAR_DP / 2,
        border=ft.Border.all(1, ft.Colors.with_opacity(0.5, ft.Colors.BLACK)),
    )


def camera_trouble(
    trouble: CameraTrouble, on_type_code: Press, on_retry: Callable[[], None]
) -> ft.Control:
    """The way on is typing the code, not mending the camera."""
    return empty(
        ft.Icons.NO_PHOTOGRAPHY,
        t(f"kit.camera_{trouble}_title"),
        t(f"kit.camera_{trouble}_body"),
        ft.Row(
            [
                primary(t("kit.type_code"), on_type_code, ft.Icons.DIALPAD),
                secondary(t("kit.camera_again"), on_retry, ft.Icons.REFRESH),
            ],
            wrap=True,
            spacing=theme.STEP,
            run_spacing=theme.STEP,
            alignment=ft.MainAxisAlignment.CENTER,
        ),
    )
