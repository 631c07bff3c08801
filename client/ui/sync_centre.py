"""The sync centre: what has reached the district, what has not, and what to do about it."""

from collections.abc import Callable
from datetime import timedelta

import flet as ft

from client.state.app import AppState
from client.state.views import Reach, SyncView
from client.ui import theme
from client.ui.bundles import bundle_card
from client.ui.context import use_app, use_client, use_loading
from client.ui.guarded import guarded, keyed, use_start, use_task
from client.ui.kit.buttons import quiet
from client.ui.kit.dialogs import say
from client.ui.kit.empty import empty
from client.ui.kit.lists import PAGE_ROWS, paged_list, pager
from client.ui.kit.rows import card
from client.ui.kit.scaffolds import sub_view
from client.ui.kit.search import Choice, choice_chips
from client.ui.kit.sync_chip import SyncStatus, sync_chip
from client.ui.kit.text import words
from client.ui.sentences import problem
from client.ui.sync_data import sync_data
from client.ui.sync_moving import controls, moving_bar
from client.ui.sync_rows import entry_row
from client.ui.theme import Tone, Type
from client.words import duration, n, t, when


def status_of(app: AppState) -> SyncStatus:
    """The chip's figures. All is synced only when the server has said so."""
    sync = app.sync
    if sync is None:
        return SyncStatus(settled=False)
    return SyncStatus(
        # What the server forgot is as unsent as what it never got.
        waiting=max(sync.pending, sync.written - sync.confirmed - sync.held - sync.refused, 0)
        if not sync.all_synced
        else 0,
        attention=sync.refused
        + sync.held
        + sync.parked
        + (sync.reach is Reach.REFUSED)
        + sync.disputed,
        offline_for=offline_for(app) if sync.reach is Reach.OFFLINE else None,
        photos=sync.photos if sync.all_synced else 0,
        busy=sync.busy,
        paused=sync.paused,
        settled=sync.all_synced and sync.reach is not Reach.NEVER,
    )


def offline_for(app: AppState) -> timedelta:
    """The clock may have been set meanwhile: never less than nothing."""
    if app.sync is None or app.sync.since is None or app.now is None:
        return timedelta()
    return max(app.now - app.sync.since, timedelta())


def chip_of(app: AppState, on_open: Callable[[], None]) -> ft.Control:
    return sync_chip(status_of(app), on_open)


def use_chip() -> ft.Control:
    """The chip of a screen that stands on top of another one; a hook, so first in a component."""
    app, page = use_app(), ft.context.page
    return chip_of(app, lambda: page.navigate("/sync"))


@guarded
def sync_view() -> ft.View:
    client, app, loading = use_client(), use_app(), use_loading()
    queue, _ = ft.use_state(client.state.queue)
    busy, set_busy = ft.use_state(False)
    route = ft.use_view_path()
    page, start = ft.context.page, use_start()

    async def show(only_attention: bool, number: int = 0) -> None:
        await loading.show_queue(page=number, attention_only=only_attention)

    async def sync_now() -> None:
        set_busy(True)
        try:
            reached = await client.actions.office.sync_now()
        finally:
            set_busy(False)
        if reached and app.sync is not None and app.sync.all_synced:
            say(page, t("sync.done_now"))

    async def pause() -> None:
        await client.actions.office.pause_sync()

    async def resume() -> None:
        await client.actions.office.resume_sync()

    async def put_aside() -> None:
        await client.actions.put_aside_refused()

    use_task(lambda: show(queue.attention_only))
    sync = app.sync
    attention = sync.held + sync.refused if sync else 0
    data, bundles = keyed("data", sync_data), keyed("bundles", bundle_card)
    about = ft.Container(
        ft.Column(
            # Whoever has no network looks for another way first.
            [bundles, data] if sync and sync.reach is Reach.OFFLINE else [data, bundles],
            tight=True,
            spacing=theme.STEP_2,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        padding=ft.Padding.symmetric(horizontal=theme.STEP_2, vertical=theme.STEP),
    )
    header = ft.Column(
        [
            ft.Container(
                _state_card(app, controls(sync, busy, sync_now, pause, resume)),
                padding=ft.Padding(theme.STEP_2, theme.STEP_2, theme.STEP_2, theme.STEP),
            ),
            *([] if attention else [about]),
            ft.Container(
                padding=ft.Padding.symmetric(horizontal=theme.STEP_2, vertical=theme.STEP),
                content=ft.Row(
                    [
                        choice_chips(
                            (
                                Choice("all", t("sync.all_entries")),
                                Choice("attention", t("sync.only_attention"), attention or None),
                            ),
                            "attention" if queue.attention_only else "all",
                            lambda id: start(show, id == "attention"),
                        ),
                        *(
                            [quiet(t("sync.have_read"), put_aside, ft.Icons.DONE_ALL)]
                            if sync and sync.refused
                            else []
                        ),
                    ],
                    wrap=True,
                    spacing=theme.STEP,
                    run_spacing=theme.STEP,
                    alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
                ),
            ),
        ],
        tight=True,
        spacing=0,
    )
    listing = paged_list(
        queue.rows,
        entry_row,
        lambda entry: entry.id,
        lambda entry: None,
        _empty(queue.attention_only),
        on_refresh=sync_now,
        header=header,
        # What needs somebody comes first; the figures can wait below it.
        footer=about if attention else None,
    )
    pages = -(-queue.total // PAGE_ROWS)
    foot = (
        pager(
            queue.page,
            pages,
            queue.total,
            lambda number: start(show, queue.attention_only, number),
        )
        if pages > 1
        else ft.Container()
    )
    body = ft.Container(
        ft.Container(ft.Column([listing, foot], expand=True, spacing=0), width=theme.READING_WIDTH),
        alignment=ft.Alignment.TOP_CENTER,
        expand=True,
    )
    # No chip here: the card says the same in full.
    return sub_view(route, t("sync.title"), body)


def _empty(attention_only: bool) -> ft.Control:
    if attention_only:
        return empty(ft.Icons.TASK_ALT, t("sync.nothing_to_do"), t("sync.nothing_to_do_body"))
    return empty(ft.Icons.OUTBOX, t("sync.no_entries"), t("sync.no_entries_body"))


def told(sync: SyncView | None) -> tuple[ft.IconData, Tone, str, str]:
    """The state in words: a title, and what happened, what is safe, what to do."""
    if sync is None or sync.reach is Reach.NEVER:
        return ft.Icons.CLOUD_SYNC, theme.QUIET, t("sync.connecting"), t("sync.connecting_body")
    if sync.paused:
        return ft.Icons.PAUSE_CIRCLE, theme.YELLOW, t("sync.paused_title"), t("sync.paused_body")
    if sync.reach is Reach.REFUSED:
        said = problem(sync.problem) if sync.problem else t("sync.refused_body")
        return ft.Icons.ERROR_OUTLINE, theme.RED, t("sync.refused_title"), said
    if sync.reach is Reach.OFFLINE:
        return ft.Icons.CLOUD_OFF, theme.QUIET, t("sync.offline_title"), t("sync.offline_body")
    if sync.disputed:
        said = t("sync.disputed_body", number=sync.confirmed)
        return ft.Icons.REPORT_PROBLEM, theme.RED, t("sync.disputed_title"), said
    if sync.refused or sync.held:
        count = sync.refused + sync.held
        said = t("sync.attention_body")
        return ft.Icons.ERROR_OUTLINE, theme.RED, n("sync.attention_title", count), said
    if sync.parked:
        title = n("trust.parked", sync.parked)
        return ft.Icons.ERROR_OUTLINE, theme.RED, title, t("trust.parked_body")
    if not sync.all_synced:
        count = max(sync.pending, sync.written - sync.confirmed)
        if count <= 0:
            return ft.Icons.CLOUD_SYNC, theme.QUIET, t("sync.checking"), t("sync.checking_body")
        said = t("sync.waiting_body")
        return ft.Icons.CLOUD_UPLOAD, theme.BLUE, n("sync.waiting_title", count), said
    if sync.photos:
        waits = sync.photos_wait_for_wifi
        said = t("sync.photos_wifi_body") if waits else t("sync.photos_body")
        return ft.Icons.CLOUD_UPLOAD, theme.BLUE, n("sync.photos_title", sync.photos), said
    return ft.Icons.CLOUD_DONE, theme.GREEN, t("sync.synced_title"), t("sync.synced_body")


def _state_card(app: AppState, buttons: ft.Control) -> ft.Control:
    sync = app.sync
    icon, tone, title, said = told(sync)
    lines: list[ft.Control] = [words(title, Type.SUBTITLE), words(said)]
    if sync is not None:
        lines += [words(text, Type.SMALL, muted=True) for text in _particulars(app, sync)]
    sign = ft.Container(
        ft.Icon(icon, color=tone.ink, size=26),
        bgcolor=tone.wash,
        width=theme.TARGET_DP,
        height=theme.TARGET_DP,
        border_radius=theme.STEP_3,
        alignment=ft.Alignment.CENTER,
    )
    return card(
        ft.Column(
            [
                ft.Row(
                    [
                        sign,
                        ft.Semantics(
                            live_region=True,
                            container=True,
                            expand=True,
                            content=ft.Column(lines, tight=True, spacing=theme.HALF),
                        ),
                    ],
                    spacing=theme.STEP_2,
                    vertical_alignment=ft.CrossAxisAlignment.START,
                ),
                *([moving_bar(sync.progress)] if sync and sync.busy and sync.progress else []),
                buttons,
            ],
            tight=True,
            spacing=theme.STEP_2,
        )
    )


def _particulars(app: AppState, sync: SyncView) -> list[str]:
    lines = []
    if sync.reach is Reach.OFFLINE:
        lines.append(t("sync.offline_since", duration=duration(offline_for(app))))
    if sync.pending and (sync.reach is Reach.OFFLINE or sync.paused):
        lines.append(n("sync.waiting_title", sync.pending))
    if sync.last_complete is not None:
        lines.append(t("sync.last_complete", time=when(sync.last_complete)))
    if sync.parked and (sync.reach is Reach.OFFLINE or sync.paused or sync.refused or sync.held):
        lines.append(n("trust.parked", sync.parked))
    if sync.newer:
        lines.append(n("trust.newer", sync.newer))
    return lines
