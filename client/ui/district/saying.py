"""What an officer says to a school, each in one small form: supervise, lift, notify."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import cast

import flet as ft

from client.actions.errors import ActionFailed
from client.state.views import WatchedDetail
from client.ui import theme
from client.ui.context import sentence, use_app, use_client
from client.ui.district.look import title_of
from client.ui.entrance.frame import notice
from client.ui.guarded import guarded, keyed
from client.ui.kit.buttons import primary, quiet
from client.ui.kit.day_choice import day_choice
from client.ui.kit.dialogs import say
from client.ui.kit.fields import text_field, use_field
from client.ui.kit.text import heading, words
from client.ui.theme import Type
from client.words import t

SPANS = (3, 7, 15, 30)
"""Days a supervision is given; any other is picked from the calendar."""
USUAL_DAYS = 7


class Word(StrEnum):
    """Words: `district.say_…`, `district.ask_…`, `district.said_…`."""

    SUPERVISE = "supervise"
    NOTIFY = "notify"
    LIFT = "lift"


KIND_OF = {
    Word.SUPERVISE: "watched.supervised",
    Word.NOTIFY: "watched.notified",
    Word.LIFT: "watched.lifted",
}


@dataclass(frozen=True, slots=True)
class Saying:
    """What `use_saying` gives: the way to open a form, and the form that is open."""

    begin: Callable[[Word, WatchedDetail], None]
    panel: ft.Control | None
    close: Callable[[], None]


def use_saying() -> Saying:
    """A hook."""
    client, app, page = use_client(), use_app(), ft.context.page
    open_, set_open = ft.use_state(cast(tuple[Word, WatchedDetail] | None, None))
    trouble, set_trouble = ft.use_state("")
    busy, set_busy = ft.use_state(False)
    today = (app.now or datetime.now()).date()

    def close() -> None:
        set_open(lambda _: None)
        set_trouble("")

    async def send(text: str, until: date) -> None:
        if open_ is None or busy:
            return
        word, about = open_
        actions, id = client.actions.district, about.line.id
        set_busy(True)
        try:
            match word:
                case Word.SUPERVISE:
                    await actions.supervise(id, text, until.isoformat())
                case Word.NOTIFY:
                    await actions.notify(id, text)
                case Word.LIFT:
                    await actions.lift(id, text)
        except ActionFailed as error:
            set_trouble(sentence(error))
            return
        finally:
            set_busy(False)
        close()
        say(page, t(f"district.said_{word.value}"))

    def begin(word: Word, about: WatchedDetail) -> None:
        set_trouble("")
        set_open(lambda _: (word, about))

    panel = (
        keyed(open_[0].value, saying_form, open_[0], open_[1], today, trouble, busy, send, close)
        if open_ is not None
        else None
    )
    return Saying(begin, panel, close)


@guarded
def saying_form(
    word: Word, about: WatchedDetail, today: date, trouble: str, busy: bool, on_send, on_cancel
) -> ft.Control:
    field = use_field()
    first = about.line.supervised_until or today + timedelta(days=USUAL_DAYS)
    until, set_until = ft.use_state(max(first, today))

    async def send() -> None:
        await on_send(field.value, until)

    asks_day = (
        [
            words(t("district.until"), Type.SMALL, muted=True),
            day_choice(until, today, SPANS, t("district.until"), set_until),
        ]
        if word is Word.SUPERVISE
        else []
    )
    return ft.Column(
        [
            heading(t(f"district.say_{word.value}"), Type.TITLE),
            words(f"{about.line.school_name} · {title_of(about.line)}", muted=True, lines=3),
            *([notice(trouble)] if trouble else []),
            *asks_day,
            text_field(field, t(f"district.ask_{word.value}"), _stay),
            words(t(f"district.means_{word.value}"), Type.SMALL, muted=True),
            ft.Row(
                [
                    quiet(t("common.cancel"), lambda: on_cancel()),
                    primary(t(f"district.say_{word.value}"), send, ft.Icons.SEND, busy=busy),
                ],
                alignment=ft.MainAxisAlignment.END,
            ),
        ],
        tight=True,
        spacing=theme.STEP_2,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _stay() -> None:
    """Nothing is kept while the form is open: it is short."""
