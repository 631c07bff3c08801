"""When the app can't start: what happened, what is safe, what to do."""

import asyncio

import flet as ft

from client.ui.context import use_app, use_client
from client.ui.entrance.frame import entrance_view, notice
from client.ui.guarded import guarded
from client.ui.kit.buttons import primary
from client.ui.kit.dialogs import Question, use_confirm
from client.ui.kit.text import words
from client.ui.theme import Type
from client.words import t

CLOSING_S = 0.25


@guarded
def starting_view() -> ft.View:
    ring = ft.ProgressRing(semantics_label=t("common.loading"))
    return entrance_view(t("signin.starting"), t("signin.starting_lead"), [ft.Row([ring])])


@guarded
def repairing_view() -> ft.View:
    ring = ft.ProgressRing(semantics_label=t("common.loading"))
    return entrance_view(t("rescue.repairing"), t("rescue.repairing_lead"), [ft.Row([ring])])


@guarded
def broken_view() -> ft.View:
    app, client = use_app(), use_client()
    ask = use_confirm()

    async def start_over() -> None:
        question = Question(
            t("signin.start_over"), t("signin.start_over_body"), t("signin.start_over")
        )
        if await ask(question):
            # flet takes a dialog away when its part is drawn again. Starting over leaves this
            # screen at once, and the dialog would stay over the next one.
            await asyncio.sleep(CLOSING_S)
            await client.actions.entrance.start_over()

    async def try_again() -> None:
        await client.actions.entrance.try_again()

    parts: list[ft.Control] = [
        notice(t(app.broken_word)),
        words(t("signin.broken_safe"), muted=True),
        words(app.broken_path, Type.SMALL, muted=True),
    ]
    if app.can_start_over:
        parts.append(primary(t("signin.start_over"), start_over, ft.Icons.RESTART_ALT))
    else:
        parts.append(primary(t("rescue.try_again"), try_again, ft.Icons.REFRESH))
    return entrance_view(t("signin.broken"), t("signin.broken_lead"), parts)
