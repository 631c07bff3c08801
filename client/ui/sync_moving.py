"""A long run of the sync on screen: what is moving, how far it has come, how to stop it."""

import flet as ft

from client.state.views import Moving, ProgressView, SyncView
from client.ui import theme
from client.ui.kit.buttons import Press, primary, secondary
from client.ui.kit.text import words
from client.ui.theme import Type
from client.words import duration, number, t


def moving_bar(progress: ProgressView) -> ft.Control:
    """The bar with its counts and the time left."""
    share = progress.done / progress.total if progress.total else None
    counts = t("sync.moved", done=number(progress.done), total=number(progress.total))
    left = time_left(progress)
    return ft.Column(
        [
            words(_what(progress.moving), strong=True),
            ft.ProgressBar(
                value=share,
                bar_height=8,
                border_radius=4,
                semantics_label=f"{_what(progress.moving)} {counts}",
            ),
            ft.Row(
                [
                    words(counts, Type.SMALL, muted=True),
                    words(left, Type.SMALL, muted=True),
                ],
                alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
                wrap=True,
            ),
        ],
        tight=True,
        spacing=theme.STEP,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def time_left(progress: ProgressView) -> str:
    if progress.seconds_left is None:
        return t("sync.left_unknown")
    return t("sync.left", duration=duration(progress.seconds_left))


def _what(moving: Moving) -> str:
    match moving:
        case Moving.RECORDS:
            return t("sync.moving_records")
        case Moving.NEWS:
            return t("sync.moving_news")
        case Moving.PHOTOS:
            return t("sync.moving_photos")


def controls(
    sync: SyncView | None, busy: bool, sync_now: Press, pause: Press, resume: Press
) -> ft.Control:
    """One tap to begin, one to stop."""
    if sync is not None and sync.paused:
        buttons = [primary(t("sync.resume"), resume, ft.Icons.PLAY_ARROW)]
    else:
        moving = busy or (sync is not None and sync.busy)
        waiting = sync is not None and (sync.pending or sync.photos)
        buttons = [
            *([secondary(t("sync.pause"), pause, ft.Icons.PAUSE)] if moving or waiting else []),
            primary(t("sync.now"), sync_now, ft.Icons.SYNC, busy=busy),
        ]
    return ft.Container(
        ft.Row(buttons, wrap=True, spacing=theme.STEP, run_spacing=theme.STEP),
        alignment=ft.Alignment.CENTER_RIGHT,
    )
