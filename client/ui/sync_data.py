"""The sync centre's lower half: what the server has said, what went wrong lately, what the link
and this device's storage are used for, and the choices about them."""

from typing import cast

import flet as ft

from client.actions.ports import StorageUse
from client.state.app import AppState
from client.state.views import SyncView
from client.ui import theme
from client.ui.context import use_app, use_client
from client.ui.guarded import guarded, use_start, use_task
from client.ui.kit.buttons import secondary
from client.ui.kit.dialogs import Question, say, use_confirm
from client.ui.kit.facts import fact, section
from client.ui.kit.rows import card
from client.ui.kit.search import Choice, choice_chips
from client.ui.kit.text import words
from client.ui.kit.toggles import switch_row
from client.ui.sentences import of_word
from client.ui.sync_moving import size
from client.ui.theme import Type
from client.words import n, number, t, when

HASH_SHOWN = 8
UNKNOWN = "…"
KEEP_CHOICES = (30, 60, 180, 0)


@guarded
def sync_data() -> ft.Control:
    app = use_app()
    parts: list[ft.Control] = []
    if app.sync is not None:
        parts.append(card(_word(app.sync)))
        if app.sync.problems:
            parts.append(card(_problems(app.sync)))
    parts += [card(_link(app)), card(storage_part())]
    return ft.Column(
        parts,
        tight=True,
        spacing=theme.STEP_2,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _word(sync: SyncView) -> ft.Control:
    """The server's receipt, in figures that can be compared by telephone."""
    told = t("sync.holds_unsaid")
    if sync.confirmed_at:
        told = n("sync.holds", sync.confirmed) if sync.confirmed else t("sync.holds_none")
    facts = [fact(t("sync.server_holds"), told), fact(t("sync.written_here"), number(sync.written))]
    if sync.confirmed_at:
        facts.append(fact(t("sync.confirmed_at"), when(sync.confirmed_at)))
    if sync.confirmed and sync.confirmed_hash:
        short = sync.confirmed_hash[:HASH_SHOWN]
        note = t("sync.mark_other") if sync.disputed else t("sync.mark_same")
        facts.append(fact(t("sync.mark"), short, note))
    return section(t("sync.receipt"), facts)


def _problems(sync: SyncView) -> ft.Control:
    return section(
        t("sync.problems"),
        [
            ft.Column(
                [words(when(one.at), Type.SMALL, muted=True), words(of_word(one.word))],
                tight=True,
                spacing=2,
            )
            for one in sync.problems
        ],
        theme.CORNER,
    )


def _link(app: AppState) -> ft.Control:
    client, start = use_client(), use_start()

    async def choose(only: bool) -> None:
        await client.actions.choose("photos_wifi_only", "true" if only else "false")

    sync = app.sync
    parts: list[ft.Control] = []
    if sync is not None:
        used = t("sync.used", sent=size(sync.today.sent), received=size(sync.today.received))
        parts.append(fact(t("sync.used_today"), used))
        if sync.photos or sync.photos_refused:
            told = n("sync.photos_waiting", sync.photos)
            refused = n("sync.photos_refused", sync.photos_refused) if sync.photos_refused else ""
            waits = t("sync.photos_wait_for_wifi") if sync.photos_wait_for_wifi else ""
            parts.append(fact(t("sync.photos"), told, " ".join(filter(None, (waits, refused)))))
    parts.append(
        switch_row(
            t("sync.photos_wifi_only"),
            app.photos_wifi_only,
            lambda on: start(choose, on),
            disabled=app.read_only,
        )
    )
    return section(t("sync.link"), parts)


@guarded
def storage_part() -> ft.Control:
    client, app = use_client(), use_app()
    page, start, ask = ft.context.page, use_start(), use_confirm()
    use, set_use = ft.use_state(cast(StorageUse | None, None))
    freeing, set_freeing = ft.use_state(False)

    async def look() -> None:
        found = await client.actions.office.storage_use()
        set_use(lambda _: found)

    async def free() -> None:
        body = t("sync.free_body")
        if not await ask(Question(t("sync.free_title"), body, t("sync.free"))):
            return
        set_freeing(True)
        try:
            freed = await client.actions.office.free_space()
        finally:
            set_freeing(False)
        say(page, t("sync.freed", size=size(freed or 0)))
        await look()

    async def keep(days: str) -> None:
        await client.actions.choose("keep_days", days)

    use_task(look)
    chosen = str(app.keep_days)
    choices = tuple(
        Choice(str(days), n("sync.keep_days", days) if days else t("sync.keep_all"))
        for days in KEEP_CHOICES
    )
    parts: list[ft.Control] = [
        # In their places before they are known: nothing below jumps.
        fact(t("sync.database"), size(use.database) if use else UNKNOWN),
        fact(t("sync.photo_files"), size(use.photos) if use else UNKNOWN),
        fact(t("sync.freeable"), size(use.freeable) if use else UNKNOWN, t("sync.freeable_note")),
        ft.Row(
            [
                secondary(
                    t("sync.free"),
                    None if freeing or app.read_only else (lambda: start(free)),
                    ft.Icons.CLEANING_SERVICES,
                )
            ],
            alignment=ft.MainAxisAlignment.END,
        ),
        words(t("sync.keep"), strong=True),
        choice_chips(choices, chosen, lambda days: start(keep, days)),
        words(t("sync.keep_note"), Type.SMALL, muted=True),
    ]
    return section(t("sync.storage"), parts, theme.CORNER)
