"""One leave with its history, and what may be done about it now."""

from collections.abc import Awaitable, Callable

import flet as ft

from client.actions.errors import ActionFailed
from client.state.views import LeaveDetail
from client.ui import theme
from client.ui.context import sentence, use_client
from client.ui.entrance.frame import notice
from client.ui.guarded import guarded, use_start
from client.ui.kit.buttons import icon_button, primary, quiet, secondary
from client.ui.kit.dialogs import say
from client.ui.kit.facts import fact, section
from client.ui.kit.fields import field_label, use_field
from client.ui.kit.phones import grouped
from client.ui.kit.text import heading, words
from client.ui.leave.look import badges, place_of, times_of, title_of
from client.ui.sentences import kind
from client.ui.theme import Type
from client.words import t, when
from ledger.rules.dorms.leave import HOMEROOM_LIMIT, LeaveState


@guarded
def leave_detail(detail: LeaveDetail, on_close: Callable[[], None] | None = None) -> ft.Control:
    client, page, start = use_client(), ft.context.page, use_start()
    asking, set_asking = ft.use_state("")
    trouble, set_trouble = ft.use_state("")
    field = use_field()
    line, actions = detail.line, client.actions.leave

    async def carry_out(work: Callable[[], Awaitable[None]], done: str) -> None:
        try:
            await work()
        except ActionFailed as error:
            set_trouble(sentence(error))
            return
        set_asking("")
        set_trouble("")
        say(page, t(f"leave.done_{done}"))

    def run(work: Callable[[], Awaitable[None]], done: str) -> None:
        start(carry_out, work, done)

    buttons: list[ft.Control] = []
    if line.may_decide:
        buttons.append(
            primary(
                t("leave.approve"),
                lambda: run(lambda: actions.approve(line.id), "approved"),
                ft.Icons.CHECK,
            )
        )
        buttons.append(
            secondary(
                t("leave.decline"), lambda: set_asking("decline"), ft.Icons.CLOSE, danger=True
            )
        )
    if line.may_return:
        buttons.append(
            primary(
                t("leave.back_now"),
                lambda: run(lambda: actions.back(line.id), "returned"),
                ft.Icons.HOME,
            )
        )
    if line.may_cancel:
        buttons.append(quiet(t("leave.cancel"), lambda: set_asking("cancel"), danger=True))

    parts: list[ft.Control] = [
        ft.Row(
            [
                heading(title_of(line), Type.TITLE, expand=True),
                *([icon_button(ft.Icons.CLOSE, t("common.close"), on_close)] if on_close else []),
            ]
        ),
        ft.Row(badges(line), wrap=True, spacing=theme.HALF, run_spacing=theme.HALF),
    ]
    if line.state is LeaveState.REQUESTED and not line.may_decide:
        short = line.ends - line.starts <= HOMEROOM_LIMIT
        parts.append(words(t("leave.homeroom_decides" if short else "leave.head_decides")))
    if trouble:
        parts.append(notice(trouble))
    if asking:
        parts.append(
            _why(
                asking,
                field,
                lambda: run(
                    lambda: (
                        actions.decline(line.id, field.value)
                        if asking == "decline"
                        else actions.cancel(line.id, field.value)
                    ),
                    "declined" if asking == "decline" else "cancelled",
                ),
                lambda: set_asking(""),
            )
        )
    elif buttons:
        parts.append(ft.Row(buttons, wrap=True, spacing=theme.STEP, run_spacing=theme.STEP))
    parts += [
        section(t("leave.about"), _facts(detail)),
        section(
            t("leave.history"),
            [
                fact(when(one.at), t("leave.step", who=one.by, what=kind(one.what)), one.note)
                for one in detail.history
            ],
        ),
    ]
    return ft.ListView(parts, spacing=theme.STEP_2, padding=theme.STEP_2, expand=True)


def _facts(detail: LeaveDetail) -> list[ft.Control]:
    line = detail.line

    def call(name: str, who: str, number: str) -> ft.Control:
        async def dial() -> None:
            await ft.UrlLauncher().launch_url(f"tel:{number}")

        return fact(
            name,
            ft.Row(
                [
                    words(" ".join(part for part in (who, grouped(number)) if part), expand=True),
                    icon_button(ft.Icons.CALL, t("leave.call", who=who or name), dial),
                ]
            )
            if number
            else who or t("leave.nothing"),
            has_button=bool(number),
        )

    rows = [
        fact(t("leave.where"), place_of(line)),
        fact(t("leave.times"), times_of(line)),
        fact(t("leave.sort"), t(f"leave.sort_{line.sort.value}")),
    ]
    if detail.reason is not None:
        rows.append(fact(t("leave.reason"), detail.reason))
    if detail.pick_up or detail.phone:
        rows.append(call(t("leave.pick_up"), detail.pick_up, detail.phone))
    if detail.guardian or detail.guardian_phone:
        rows.append(call(t("leave.guardian"), detail.guardian, detail.guardian_phone))
    if line.returned is not None:
        rows.append(fact(t("leave.returned"), when(line.returned)))
    rows.append(fact(t("leave.entered_by"), line.requested_by))
    if line.decided_by:
        rows.append(fact(t("leave.decided_by"), line.decided_by))
    return rows


def _why(asking: str, field, on_yes: Callable[[], None], on_no: Callable[[], None]) -> ft.Control:
    label = t("leave.why_declined") if asking == "decline" else t("leave.why_cancelled")
    return ft.Column(
        [
            ft.Row(
                [
                    ft.TextField(
                        color=ft.Colors.ON_SURFACE,
                        ref=field.ref,
                        key=field.key,
                        value=field.value,
                        label=field_label(label),
                        multiline=True,
                        max_length=200,
                        autofocus=True,
                        expand=True,
                    )
                ]
            ),
            ft.Row(
                [
                    primary(
                        t("leave.decline") if asking == "decline" else t("leave.cancel"),
                        on_yes,
                        danger=True,
                    ),
                    quiet(t("common.cancel"), on_no),
                ],
                wrap=True,
                spacing=theme.STEP,
            ),
        ],
        tight=True,
        spacing=theme.STEP,
    )
