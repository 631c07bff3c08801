"""Where the system keeps no secrets for us, a passphrase does."""

from typing import cast

import flet as ft

from client.actions.errors import ActionFailed
from client.state.app import Phase
from client.ui.context import sentence, use_app, use_client
from client.ui.entrance.frame import entrance_view, notice, secret_box
from client.ui.guarded import guarded
from client.ui.kit.buttons import primary, quiet
from client.ui.kit.dialogs import Question, use_confirm
from client.ui.kit.fields import use_field
from client.words import t


@guarded
def lock_view() -> ft.View:
    app, client = use_app(), use_client()
    phrase, again = use_field(), use_field()
    trouble, set_trouble = ft.use_state(cast(str, ""))
    busy, set_busy = ft.use_state(False)
    ask = use_confirm()
    new = app.phase is Phase.NEW_LOCK

    async def unlock() -> None:
        if new and phrase.value != again.value:
            set_trouble(t("signin.passphrases_differ"))
            return
        set_busy(True)
        set_trouble("")
        try:
            await client.actions.entrance.unlock(phrase.value)
        except ActionFailed as error:
            set_trouble(sentence(error))
        finally:
            set_busy(False)

    async def forget() -> None:
        question = Question(
            t("signin.forgot"), t("signin.forgot_body"), t("signin.forgot_yes"), danger=True
        )
        if await ask(question):
            set_trouble("")
            phrase.reset()
            await client.actions.entrance.forget_passphrase()

    parts: list[ft.Control] = [
        secret_box(t("signin.passphrase"), phrase, unlock, autofocus=True),
        *([secret_box(t("signin.passphrase_again"), again, unlock)] if new else []),
    ]
    if trouble:
        parts.append(notice(trouble))
    word = t("signin.set_passphrase") if new else t("signin.unlock")
    parts.append(primary(word, unlock, ft.Icons.LOCK_OPEN, busy=busy))
    if not new:
        parts.append(quiet(t("signin.forgot"), forget))
    title = t("signin.new_lock") if new else t("signin.locked")
    lead = t("signin.new_lock_lead") if new else t("signin.locked_lead")
    return entrance_view(title, lead, parts)
