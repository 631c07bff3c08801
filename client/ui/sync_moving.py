"""A long run on screen: what is moving, how far it has come, how to stop it."""

import flet as ft

from client.state.views import IN_BYTES, Moving, ProgressView, SyncView
from client.ui import theme
from client.ui.kit.buttons import Press, primary, secondary
from client.ui.kit.text import words
from client.ui.theme import Type
from client.words import duration, number, t

MINUTE_S = 60
KILO, MEGA = 1000, 1000 * 1000


def moving_bar(progress: ProgressView) -> ft.Control:
    """The bar with its counts and the time left."""
    share = progress.done / progress.total if progress.total else None
    told = size if progress.moving in IN_BYTES else number
    counts = t("sync.moved", done=told(progress.done), total=told(progress.total))
    left = time_left(progress)
    return ft.Column(
        [
            words(what_moves(progress.moving), strong=True),
            ft.ProgressBar(
                value=share,
                bar_height=8,
                border_radius=4,
                semantics_label=f"{what_moves(progress.moving)} {counts}",
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
    if progress.seconds_left < MINUTE_S:
        return t("sync.left_little")
    return t("sync.left", duration=duration(progress.seconds_left))


def size(bytes: int) -> str:
    """As telephones count their data: 640 KB, 1.2 MB."""
    if bytes < MEGA:
        return t("sync.kilobytes", amount=number(round(bytes / KILO)))
    return t("sync.megabytes", amount=f"{bytes / MEGA:,.1f}")


def what_moves(moving: Moving) -> str:
    match moving:
        case Moving.RECORDS:
            return t("sync.moving_records")
        case Moving.NEWS:
            return t("sync.moving_news")
        case Moving.PHOTOS:
            return t("sync.moving_photos")
        case Moving.PACKED:
            return t("bundle.packing")
        case Moving.TAKEN_IN:
            return t("bundle.taking_in")
        case Moving.DELIVERED:
            return t("bundle.delivering")


def controls(
    sync: SyncView | None, busy: bool, sync_now: Press, pause: Press, resume: Press
) -> ft.Control:
    """One tap to begin, one to stop."""
    if sync is not None and sync.paused:
        buttons = [primary(t("sync.resume"), resume, ft.Icons.PLAY_ARROW)]
    else:
        busy = busy or (sync is not None and sync.busy)
        waiting = sync is not None and (sync.pending or sync.photos)
        buttons = [
            *([secondary(t("sync.pause"), pause, ft.Icons.PAUSE)] if busy or waiting else []),
            primary(t("sync.now"), sync_now, ft.Icons.SYNC, busy=busy),
        ]
    return ft.Container(
        ft.Row(buttons, wrap=True, spacing=theme.STEP, run_spacing=theme.STEP),
        alignment=ft.Alignment.CENTER_RIGHT,
    )
