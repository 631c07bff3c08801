"""Ending a round: a reason for every point without a check-in, one tap each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import flet as ft

from client.actions.errors import ActionFailed
from client.state.views import RoundPointView, RoundView
from client.ui import theme
from client.ui.context import sentence, use_client
from client.ui.entrance.frame import notice
from client.ui.guarded import guarded, use_latest
from client.ui.kit.buttons import primary, secondary
from client.ui.kit.dialogs import say
from client.ui.kit.empty import empty
from client.ui.kit.fields import field_label
from client.ui.kit.lists import paged_list
from client.ui.kit.search import Choice, choice_chips
from client.ui.kit.text import heading, words
from client.ui.theme import Type
from client.words import key, n, t

REASONS = (
    key("patrol.reason_locked"),
    key("patrol.reason_in_use"),
    key("patrol.reason_no_time"),
    key("patrol.reason_weather"),
    key("patrol.reason_label_gone"),
)


@dataclass(frozen=True, slots=True)
class Excuse:
    """A missed point with the reason given so far."""

    point: RoundPointView
    because: str


@guarded
def closing_form(round_: RoundView, on_done) -> ft.Control:
    """A reason for every missed point; one reason can be given to all that have none yet."""
    client = use_client()
    reasons, set_reasons = ft.use_state(cast(dict[str, str], {}))
    trouble, set_trouble = ft.use_state("")
    busy, set_busy = ft.use_state(False)
    page = ft.context.page
    missing = round_.missing

    def give(excuse: Excuse) -> None:
        set_reasons(lambda known: {**known, excuse.point.point: excuse.because})

    def give_rest(because: str) -> None:
        rest = {one.point: because for one in missing}
        set_reasons(lambda known: {**rest, **{k: v for k, v in known.items() if v}})

    async def close() -> None:
        set_busy(True)
        set_trouble("")
        try:
            await client.actions.close_round(round_, reasons)
        except ActionFailed as error:
            set_trouble(sentence(error))
        else:
            say(page, t("patrol.round_ended"))
            on_done()
        finally:
            set_busy(False)

    given = use_latest(give)
    without = sum(not reasons.get(one.point) for one in missing)
    top: list[ft.Control] = [
        heading(n("patrol.points_without_check_in", len(missing))),
        words(t("patrol.reason_lead"), muted=True),
        words(t("patrol.reason_for_all"), Type.SMALL, strong=True),
        reason_chips("", give_rest),
    ]
    if trouble:
        top.append(notice(trouble))
    return ft.Column(
        expand=True,
        spacing=0,
        controls=[
            paged_list(
                tuple(Excuse(one, reasons.get(one.point, "")) for one in missing),
                excuse_row,
                lambda one: one.point.point,
                given,
                empty(ft.Icons.TASK_ALT, t("patrol.complete"), t("patrol.nothing_missing")),
                header=ft.Container(ft.Column(top, spacing=theme.STEP), padding=theme.STEP_2),
            ),
            ft.Container(
                padding=theme.STEP_2,
                content=ft.Row(
                    [
                        secondary(t("common.cancel"), lambda: on_done(), expand=True),
                        primary(
                            t("patrol.end_round")
                            if not without
                            else n("patrol.reasons_to_give", without),
                            close if not without else None,
                            busy=busy,
                            expand=True,
                        ),
                    ],
                    spacing=theme.STEP,
                ),
            ),
        ],
    )


@guarded
def excuse_row(excuse: Excuse, on_given: Callable[[Excuse], None], chosen: bool) -> ft.Control:
    """One missed point: the usual reasons, one tap each, or words of one's own."""
    own, set_own = ft.use_state(False)
    point = excuse.point

    def give(because: str) -> None:
        set_own(False)
        on_given(Excuse(point, because))

    parts: list[ft.Control] = [
        words(point.name, strong=True),
        words(point.area_name, Type.SMALL, muted=True),
        reason_chips(excuse.because, give, own, lambda: set_own(True)),
    ]
    if own:
        parts.append(
            ft.Row(
                [
                    ft.TextField(
                        color=ft.Colors.ON_SURFACE,
                        label=field_label(t("patrol.other_reason")),
                        autofocus=True,
                        max_length=500,
                        counter="",
                        border=ft.OutlineInputBorder(border_radius=theme.CORNER),
                        on_change=lambda e: on_given(Excuse(point, e.control.value)),
                        expand=True,
                    )
                ]
            )
        )
    return ft.Container(
        padding=ft.Padding.symmetric(horizontal=theme.STEP_2, vertical=theme.STEP),
        content=ft.Column(parts, spacing=theme.HALF),
    )


def reason_chips(
    chosen: str,
    on_choose: Callable[[str], None],
    own: bool = False,
    on_own: Callable[[], None] | None = None,
) -> ft.Control:
    """The usual reasons in one line; the words themselves go into the record."""
    said = {one: t(one) for one in REASONS}
    picked = next((one for one, text in said.items() if text == chosen), "")
    choices = [Choice(one, text) for one, text in said.items()]
    if on_own is not None:
        choices.append(Choice("own", t("patrol.other_reason")))

    def choose(one: str) -> None:
        if one == "own" and on_own is not None:
            on_own()
        else:
            on_choose(said[one])

    return choice_chips(tuple(choices), "own" if own else picked, choose, one_line=True)
