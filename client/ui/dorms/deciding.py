"""Closing a night and opening it again, from the phone's map and from the desk alike."""

from collections.abc import Callable
from dataclasses import dataclass

import flet as ft

from client.actions.errors import ActionFailed
from client.state.views import BuildingNight, ExceptionLine
from client.ui.context import sentence, use_client
from client.ui.dorms.closing import closing_form, reopening_form
from client.ui.guarded import keyed
from client.ui.kit.dialogs import say
from client.words import t

CLOSE, REOPEN = "close", "reopen"


@dataclass(frozen=True, slots=True)
class NightDecisions:
    """What `use_night_decisions` gives: the ways to open a form, and the form that is open."""

    close_night: Callable[[], None]
    reopen: Callable[[], None]
    panel: ft.Control | None
    """To be drawn over the screen."""
    dismiss: Callable[[], None]


def use_night_decisions(
    night: BuildingNight | None, exceptions: tuple[ExceptionLine, ...]
) -> NightDecisions:
    """A hook, about the night that is shown."""
    client, page = use_client(), ft.context.page
    asked, set_asked = ft.use_state("")
    trouble, set_trouble = ft.use_state("")

    def ask(what: str) -> None:
        set_trouble("")
        set_asked(what)

    def dismiss() -> None:
        ask("")

    async def close(note: str) -> None:
        if night is None:
            return
        try:
            await client.actions.dorms.close(night.building, night.night, note)
        except ActionFailed as error:
            set_trouble(sentence(error))
        else:
            dismiss()
            say(page, t("dorms.closed_said"))

    async def reopen(because: str) -> None:
        if night is None:
            return
        try:
            await client.actions.dorms.reopen(night.building, night.night, because)
        except ActionFailed as error:
            set_trouble(sentence(error))
        else:
            dismiss()
            say(page, t("dorms.reopened"))

    panel = None
    if night is not None and asked == CLOSE:
        panel = keyed(CLOSE, closing_form, night, exceptions, trouble, close, dismiss)
    elif night is not None and asked == REOPEN:
        panel = keyed(REOPEN, reopening_form, trouble, reopen, dismiss)
    return NightDecisions(lambda: ask(CLOSE), lambda: ask(REOPEN), panel, dismiss)
