"""The sync chip: always there, quiet while all is well, and quiet when merely offline."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import flet as ft

from client.ui import theme
from client.ui.kit.text import words
from client.ui.theme import Tone, Type
from client.words import duration, n, t


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """What the chip tells; `offline_for` is None while the server can be reached."""

    waiting: int = 0
    photos: int = 0
    """On their way after their records, which have all arrived."""
    attention: int = 0
    offline_for: timedelta | None = None
    busy: bool = False
    paused: bool = False
    """The person has stopped the sync; nothing moves until they go on."""
    settled: bool = True
    """The server has said that it holds everything."""


def _look(status: SyncStatus) -> tuple[ft.IconData, str, Tone]:
    """The one most useful thing to say."""
    if status.attention:
        return ft.Icons.ERROR_OUTLINE, n("sync.needs_attention", status.attention), theme.RED
    if status.paused:
        said = n("sync.paused", status.waiting) if status.waiting else t("sync.paused_title")
        return ft.Icons.PAUSE_CIRCLE, said, theme.YELLOW
    if status.offline_for is not None:
        said = t("sync.offline_for", duration=duration(status.offline_for))
        return ft.Icons.CLOUD_OFF, said, theme.QUIET
    if status.waiting:
        return ft.Icons.CLOUD_UPLOAD, n("sync.waiting", status.waiting), theme.BLUE
    if status.photos:
        return ft.Icons.CLOUD_UPLOAD, n("sync.photos_left", status.photos), theme.BLUE
    if not status.settled:
        return ft.Icons.CLOUD_SYNC, t("sync.connecting"), theme.QUIET
    return ft.Icons.CLOUD_DONE, t("sync.all_synced"), theme.QUIET


def sync_chip(status: SyncStatus, on_open: Callable[[], None]) -> ft.Control:
    icon, said, tone = _look(status)
    sign: ft.Control = ft.Icon(icon, size=18, color=tone.ink)
    if status.busy:
        sign = ft.ProgressRing(width=16, height=16, stroke_width=2, color=tone.ink)
    chip = ft.Container(
        bgcolor=tone.wash,
        border_radius=theme.STEP_3,
        padding=ft.Padding.symmetric(vertical=theme.HALF, horizontal=theme.CORNER),
        content=ft.Row(
            [sign, words(said, Type.CHIP, color=tone.ink, lines=1)], spacing=6, tight=True
        ),
    )
    return ft.Container(
        # The chip looks low and can be hit 48 dp high; at 200 % text it fills that height.
        height=theme.TARGET_DP,
        border_radius=theme.STEP_3,
        on_click=lambda: on_open(),
        content=ft.Row([chip], tight=True),
    )
