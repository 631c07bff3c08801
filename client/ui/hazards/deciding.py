"""Everything somebody can do about a hazard, each in one small form, with undo while it is here."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import cast

import flet as ft

from client.actions.decide_hazard import Assignment, HazardDone
from client.actions.errors import ActionFailed
from client.state.views import HazardDetail, HazardLine
from client.ui import theme
from client.ui.context import sentence, use_app, use_client
from client.ui.entrance.frame import notice
from client.ui.guarded import guarded, keyed
from client.ui.hazards.assigning import assign_form
from client.ui.kit.buttons import primary, quiet
from client.ui.kit.dialogs import say, say_with_undo
from client.ui.kit.fields import text_field, use_field
from client.ui.kit.search import Choice, choice_chips
from client.ui.kit.text import heading, words
from client.ui.theme import Type
from client.words import n, t
from ledger.rules.hazards.states import MOVES, HazardState


class Step(StrEnum):
    """What can be done in a dialog, the likeliest first. Words: `hazards.step_…`,
    `hazards.ask_…`, `hazards.done_…`."""

    ACKNOWLEDGE = "acknowledge"
    GRANT = "grant"
    DECLINE = "decline"
    EXPLAIN = "explain"
    ACCEPT = "accept"
    CLOSE = "close"
    RETURN = "return"
    ASSIGN = "assign"
    EXTENSION = "extension"
    PROTECT = "protect"
    REOPEN = "reopen"
    COMMENT = "comment"


KIND_OF: dict[Step, str] = {
    Step.ASSIGN: "hazard.assigned",
    Step.ACCEPT: "hazard.accepted",
    Step.CLOSE: "hazard.closed",
    Step.RETURN: "hazard.returned",
    Step.REOPEN: "hazard.reopened",
    Step.PROTECT: "hazard.protected",
    Step.COMMENT: "hazard.commented",
    Step.EXTENSION: "hazard.extension_asked",
    Step.GRANT: "hazard.extension_granted",
    Step.DECLINE: "hazard.extension_declined",
    Step.EXPLAIN: "hazard.overdue_explained",
    Step.ACKNOWLEDGE: "hazard.acknowledged",
}
ASKS_DAYS = frozenset({Step.EXTENSION})
WITHOUT_WORDS = frozenset({Step.ACCEPT, Step.CLOSE, Step.GRANT, Step.ACKNOWLEDGE})
"""A sentence is welcome there, not asked for."""
EXTENSIONS = (3, 7, 15)
WORKING = frozenset({HazardState.ASSIGNED, HazardState.RETURNED})
KEYS = {Step.ACCEPT: "A", Step.RETURN: "R"}
"""At the desk. Enter opens the likeliest step, whichever that is."""


def steps_of(detail: HazardDetail) -> tuple[Step, ...]:
    """What this person may do now, the likeliest first."""
    found = [step for step in Step if KIND_OF[step] in detail.may]
    # Grading and assigning are one step here: what may be graded may be assigned.
    if Step.ASSIGN not in found and "hazard.graded" in detail.may:
        found.insert(0, Step.ASSIGN)
    line = detail.line
    if line.asked_until is None:
        found = [one for one in found if one not in (Step.GRANT, Step.DECLINE)]
    else:
        found = [one for one in found if one is not Step.EXTENSION]
    if detail.acknowledged_at is not None:
        found = [one for one in found if one is not Step.ACKNOWLEDGE]
    if not detail.needs_reason:
        found = [one for one in found if one is not Step.EXPLAIN]
    if not detail.needs_protection:
        found = [one for one in found if one is not Step.PROTECT]
    if Step.ASSIGN in found and line.state not in WORKING:
        # Nobody works on it yet: that is what it waits for.
        found = [Step.ASSIGN, *(one for one in found if one is not Step.ASSIGN)]
    if Step.PROTECT in found:
        # Of a major hazard before anything else.
        found = [Step.PROTECT, *(one for one in found if one is not Step.PROTECT)]
    return tuple(found)


def step_word(step: Step, line: HazardLine) -> str:
    """Somebody works on it already: assigning it is assigning it anew."""
    again = step is Step.ASSIGN and line.state in WORKING
    return t("hazards.step_reassign") if again else t(f"hazards.step_{step.value}")


def may_be_many(step: Step, line: HazardLine) -> bool:
    """Whether a hazard is in a state for the step; who may is asked when it is written."""
    return line.state in MOVES[KIND_OF[step]].begins


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
        return keyed(now.step.value, words_form, now, trouble, busy, answer, close)

    def decide(step: Step, details: tuple[HazardDetail, ...]) -> None:
        if details:
            set_trouble("")
            set_asked(lambda _: Deciding(step, details))

    return Decisions(decide, form(asked) if asked is not None else None, close)


@guarded
def words_form(now: Deciding, trouble: str, busy: bool, on_answer, on_cancel) -> ft.Control:
    field = use_field()
    protection = use_field(now.details[0].protection)
    days, set_days = ft.use_state(EXTENSIONS[0] if now.step in ASKS_DAYS else 0)
    many = len(now.details)

    async def answer() -> None:
        await on_answer(field.value, days, protection.value)

    about = n("hazards.about_many", many) if many > 1 else _about(now.step, now.details[0])
    choices: list[ft.Control] = []
    if now.step in ASKS_DAYS or now.step is Step.RETURN:
        offered = EXTENSIONS if now.step in ASKS_DAYS else (0, *EXTENSIONS)
        choices.append(
            choice_chips(
                tuple(
                    Choice(
                        str(one),
                        t("hazards.in_days", count=one) if one else t("hazards.same_deadline"),
                    )
                    for one in offered
                ),
                str(days),
                lambda name: set_days(int(name)),
            )
        )
    danger = now.step in (Step.RETURN, Step.DECLINE)
    return ft.Column(
        [
            heading(t(f"hazards.step_{now.step.value}"), Type.TITLE),
            words(about, muted=True, lines=3),
            *([notice(trouble)] if trouble else []),
            *choices,
            text_field(field, t(f"hazards.ask_{now.step.value}"), _stay),
            *(
                [text_field(protection, t("hazards.protection"), _stay, lines=2)]
                if now.step is Step.EXPLAIN
                else []
            ),
            ft.Row(
                [
                    quiet(t("common.cancel"), lambda: on_cancel()),
                    primary(t(f"hazards.step_{now.step.value}"), answer, danger=danger, busy=busy),
                ],
                alignment=ft.MainAxisAlignment.END,
            ),
        ],
        tight=True,
        spacing=theme.STEP_2,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _about(step: Step, detail: HazardDetail) -> str:
    line = detail.line
    if step in (Step.GRANT, Step.DECLINE) and line.asked_until:
        return t(
            "hazards.asked",
            person=line.responsible_name,
            until=line.asked_until.isoformat(),
            because=detail.asked_because,
        )
    return line.content or line.place


def _deadline(days: int, today: date) -> str:
    """An empty text keeps the old one."""
    return (today + timedelta(days=days)).isoformat() if days else ""


def _stay() -> None:
    """Nothing is kept while a dialog is open: it is short."""
