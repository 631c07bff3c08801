"""Deciding about hazards: the form that is open, what becomes of its answer, and undo while it is
here."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast

import flet as ft

from client.actions.decide_hazard import Assignment, HazardDone
from client.actions.errors import ActionFailed
from client.state.views import HazardDetail
from client.ui.context import sentence, use_app, use_client
from client.ui.guarded import keyed
from client.ui.hazards.assigning import assign_form
from client.ui.hazards.saying import EXTENSIONS, words_form
from client.ui.hazards.steps import Step
from client.ui.kit.dialogs import say, say_with_undo
from client.words import t


@dataclass(frozen=True, slots=True)
class Deciding:
    """An open dialog."""

    step: Step
    details: tuple[HazardDetail, ...]


@dataclass(frozen=True, slots=True)
class Decisions:
    """What `use_deciding` gives: the way to open a form, and the form that is open."""

    decide: Callable[[Step, tuple[HazardDetail, ...]], None]
    panel: ft.Control | None
    """To be drawn over the screen."""
    close: Callable[[], None]


def use_deciding(
    after: Callable[[], Awaitable[None]] | None = None,
) -> Decisions:
    """A hook; `after` runs when the step is written."""
    client, app, page = use_client(), use_app(), ft.context.page
    desk, _ = ft.use_state(client.state.desk)
    hazards, _ = ft.use_state(client.state.hazards)
    asked, set_asked = ft.use_state(cast(Deciding | None, None))
    trouble, set_trouble = ft.use_state("")
    busy, set_busy = ft.use_state(False)
    today = (app.now or datetime.now()).date()

    def close() -> None:
        set_asked(lambda _: None)
        set_trouble("")

    async def undo(done: HazardDone) -> None:
        try:
            await client.actions.hazards.undo(done)
        except ActionFailed as error:
            say(page, sentence(error))
        else:
            say(page, t("hazards.undone"))

    async def carry_out(step: Step, work: Callable[[], Awaitable[HazardDone]]) -> None:
        if busy:
            return
        set_busy(True)
        try:
            done = await work()
        except ActionFailed as error:
            set_trouble(sentence(error))
            return
        finally:
            set_busy(False)
        close()

        def take_back() -> None:
            page.run_task(undo, done)

        say_with_undo(page, t(f"hazards.done_{step.value}"), take_back)
        if after is not None:
            await after()

    async def answer(text: str, days: int, protection: str) -> None:
        if asked is None:
            return
        actions, step, details = client.actions.hazards, asked.step, asked.details
        ids = [one.line.id for one in details]
        first = details[0]
        begin = max(today, first.line.deadline or today)

        async def work() -> HazardDone:
            match step:
                case Step.ACCEPT:
                    return await actions.accept(ids, text)
                case Step.CLOSE:
                    return await actions.close(ids)
                case Step.RETURN:
                    return await actions.return_(ids, text, _deadline(days, today))
                case Step.REOPEN:
                    return await actions.reopen(ids[0], text)
                case Step.PROTECT:
                    return await actions.protect(ids[0], text)
                case Step.COMMENT:
                    return await actions.comment(ids[0], text)
                case Step.EXTENSION:
                    until = begin + timedelta(days=days or EXTENSIONS[0])
                    return await actions.ask_extension(ids[0], until.isoformat(), text)
                case Step.GRANT:
                    wanted = first.line.asked_until or today
                    return await actions.grant_extension(ids[0], wanted.isoformat(), text)
                case Step.DECLINE:
                    return await actions.decline_extension(ids[0], text)
                case Step.EXPLAIN:
                    return await actions.explain(ids[0], text, protection)
                case _:
                    return await actions.acknowledge(ids[0])

        await carry_out(step, work)

    async def assign(wanted: Assignment) -> None:
        if asked is not None:
            ids = [one.line.id for one in asked.details]
            await carry_out(Step.ASSIGN, lambda: client.actions.hazards.assign(ids, wanted))

    def form(now: Deciding) -> ft.Control:
        if now.step is Step.ASSIGN:
            return keyed(
                now.details[0].line.id,
                assign_form,
                now.details[0],
                desk.people,
                hazards.conditions,
                today,
                trouble,
                busy,
                assign,
                close,
            )
        return keyed(
            now.step.value, words_form, now.step, now.details, trouble, busy, answer, close
        )

    def decide(step: Step, details: tuple[HazardDetail, ...]) -> None:
        if details:
            set_trouble("")
            set_asked(lambda _: Deciding(step, details))

    return Decisions(decide, form(asked) if asked is not None else None, close)


def _deadline(days: int, today: date) -> str:
    """An empty text keeps the old one."""
    return (today + timedelta(days=days)).isoformat() if days else ""
