"""A point's label big on the screen: for a test scan, or until the printed one hangs again."""

import io
from collections.abc import Callable
from functools import lru_cache

import flet as ft
import qrcode
from qrcode.constants import ERROR_CORRECT_Q

from client.state.views import LabelView, PointView
from client.ui import theme
from client.ui.kit.buttons import quiet
from client.ui.kit.text import words
from client.ui.theme import Type
from client.words import t
from ledger.codes import grouped, point_code_text

SYMBOL_DP = 300
QUIET_MODULES = 4
PIXELS_A_MODULE = 20


@lru_cache(maxsize=16)
def symbol_picture(text: str) -> bytes:
    """A PNG; black on white with its quiet zone, so that it also scans from a dark screen."""
    code = qrcode.QRCode(
        error_correction=ERROR_CORRECT_Q, border=QUIET_MODULES, box_size=PIXELS_A_MODULE
    )
    code.add_data(text, optimize=0)
    code.make(fit=True)
    stream = io.BytesIO()
    code.make_image().save(stream)
    return stream.getvalue()


def symbol_sheet(
    school: str, point: PointView, label: LabelView, on_close: Callable[[], None]
) -> ft.AlertDialog:
    picture = ft.Container(
        ft.Image(
            src=symbol_picture(point_code_text(school, label.token)),
            width=SYMBOL_DP,
            height=SYMBOL_DP,
            fit=ft.BoxFit.CONTAIN,
            filter_quality=ft.FilterQuality.NONE,
            semantics_label=t("points.symbol_of", point=point.name),
        ),
        bgcolor=ft.Colors.WHITE,
        border_radius=theme.CORNER,
    )
    return ft.AlertDialog(
        title=words(point.name, Type.TITLE, align=ft.TextAlign.CENTER),
        scrollable=True,
        shape=ft.RoundedRectangleBorder(radius=theme.CORNER_BIG),
        content=ft.Column(
            [
                picture,
                words(grouped(label.typed), Type.FIGURE),
                words(t("labels.version", version=label.version), Type.SMALL, muted=True),
                words(t("points.symbol_note"), Type.SMALL, muted=True, align=ft.TextAlign.CENTER),
            ],
            tight=True,
            spacing=theme.STEP,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        ),
        actions=[quiet(t("common.close"), on_close)],
        on_dismiss=lambda: on_close(),
    )
