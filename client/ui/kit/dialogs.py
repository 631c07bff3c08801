"""Asking before what can't be undone, and offering to undo what can."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import cast

import flet as ft

from client.ui import theme
from client.ui.kit.buttons import primary, quiet
from client.ui.kit.text import words
from client.ui.theme import Type
from client.words import t

UNDO_SECONDS = 6
NOTE_SECONDS = 4
NOTE_WIDTH_DP = 600
QUESTION_DP = 480


@dataclass(frozen=True, slots=True)
class Question:
    title: str
    body: str
    yes: str
    danger: bool = False


@dataclass(frozen=True, slots=True)
class _Asked:
    question: Question
    answer: asyncio.Future[bool]


def use_confirm() -> Callable[[Question], Awaitable[bool]]:
    """A hook: `if await ask(Question(…)): …`. Closing the dialog in any other way means no."""
    asked, set_asked = ft.use_state(cast(_Asked | None, None))

    def settle(yes: bool) -> None:
        if asked and not asked.answer.done():
            asked.answer.set_result(yes)
        set_asked(lambda _: None)

    async def ask(question: Question) -> bool:
        settle(False)
        asking = _Asked(question, asyncio.get_running_loop().create_future())
        set_asked(lambda _: asking)
        return await asking.answer

    ft.use_dialog(_dialog(asked.question, settle) if asked else None)
    return ask


def _dialog(question: Question, settle: Callable[[bool], None]) -> ft.AlertDialog:
    return ft.AlertDialog(
        title=words(question.title, Type.TITLE),
        # As wide as is read well; a phone's is narrower by itself.
        content=ft.Container(words(question.body), width=QUESTION_DP),
        scrollable=True,
        shape=ft.RoundedRectangleBorder(radius=theme.CORNER_BIG),
        actions=[
            quiet(t("common.cancel"), lambda: settle(False)),
            primary(question.yes, lambda: settle(True), danger=question.danger),
        ],
        on_dismiss=lambda: settle(False),
    )


def say(page: ft.Page, text: str) -> None:
    """A short note at the bottom that goes by itself."""
    page.show_dialog(_snack(page, text, NOTE_SECONDS))


def say_with_undo(
    page: ft.Page, text: str, on_undo: Callable[[], None], *, above_dp: int = 0
) -> None:
    """Saved at once; for a few seconds one tap takes it back. `above_dp` leaves a button at the
    bottom of the screen free that is likely to be next."""
    snack = _snack(page, text, UNDO_SECONDS, above_dp)
    snack.action = ft.SnackBarAction(t("common.undo"), on_click=lambda: on_undo())
    page.show_dialog(snack)


def _snack(page: ft.Page, text: str, seconds: int, above_dp: int = 0) -> ft.SnackBar:
    # From edge to edge of a desk's screen a short note would be looked for, not seen.
    beside_dp = max(theme.STEP_2, ((page.width or 0) - NOTE_WIDTH_DP) / 2)
    return ft.SnackBar(
        ft.Text(text),
        margin=ft.Margin(beside_dp, 0, beside_dp, above_dp or theme.STEP_2),
        behavior=ft.SnackBarBehavior.FLOATING,
        shape=ft.RoundedRectangleBorder(radius=theme.CORNER),
        duration=ft.Duration(seconds=seconds),
        # With an action Material would keep it until tapped.
        persist=False,
    )
