"""One round, opened: every point with how it stands, and ending it with reasons."""

from typing import cast

import flet as ft

from client.actions.errors import ActionFailed
from client.state.views import RoundPointView, RoundStanding, RoundView
from client.ui import theme
from client.ui.context import sentence, use_app, use_client
from client.ui.entrance.frame import notice
from client.ui.guarded import guarded, keyed, use_latest
from client.ui.kit.buttons import primary, secondary
from client.ui.kit.dialogs import say
from client.ui.kit.empty import empty
from client.ui.kit.scaffolds import sub_view
from client.ui.kit.search import Choice, filter_chips
from client.ui.kit.text import heading, words
from client.ui.sync_centre import chip_of
from client.ui.theme import Type
from client.ui.today import point_row, time_line
from client.words import key, n, t

REASONS = (
    key("patrol.reason_locked"),
    key("patrol.reason_in_use"),
    key("patrol.reason_no_time"),
    key("patrol.reason_weather"),
    key("patrol.reason_label_gone"),
)


@guarded
def round_view() -> ft.View:
    client, app = use_client(), use_app()
    patrol, _ = ft.use_state(client.state.patrol)
    desk, _ = ft.use_state(client.state.desk)
    closing, set_closing = ft.use_state(False)
    page = ft.context.page
    subject = str(ft.use_route_params().get("subject", ""))
    known = (*(patrol.rounds or ()), *(desk.rounds or ()))
    round_ = next((one for one in known if one.subject == subject), None)
    chip = chip_of(app, lambda: page.navigate("/sync"))
    route = ft.use_view_path()
    if round_ is None or app.now is None:
        gone = empty(ft.Icons.SEARCH_OFF, t("patrol.round_gone"), t("patrol.round_gone_body"))
        return sub_view(route, t("patrol.round"), gone, chip)
    if closing:
        body = closing_form(round_, lambda: set_closing(False))
        return sub_view(route, t("patrol.end_round"), body, chip)
    actions: list[ft.Control] = []
    if round_.mine and not round_.closed and round_.standing is not RoundStanding.AHEAD:
        if round_.standing is RoundStanding.OPEN:
            actions.append(
                primary(
                    t("patrol.scan_to_check_in"),
                    lambda: page.navigate("/scan"),
                    ft.Icons.QR_CODE_SCANNER,
                    expand=True,
                )
            )
        if round_.missing:
            actions.append(
                secondary(
                    t("patrol.end_round"), lambda: set_closing(True), ft.Icons.FLAG, expand=True
                )
            )
    body = ft.Column(
        expand=True,
        spacing=0,
        controls=[
            ft.Container(
                padding=ft.Padding.symmetric(horizontal=theme.STEP_2, vertical=theme.STEP),
                content=ft.Row(
                    [
                        ft.Column(
                            [
                                words(round_.plan_name, Type.SUBTITLE, strong=True),
                                words(time_line(round_, app.now), Type.SMALL, muted=True),
                            ],
                            spacing=0,
                            expand=True,
                        ),
                        words(
                            t("kit.done_of_total", done=round_.done, total=round_.total),
                            Type.TITLE,
                            strong=True,
                        ),
                    ]
                ),
            ),
            # A round has far fewer points than a page of rows may have; longer plans scroll.
            ft.ListView(
                [keyed(one.point, ft.memo(point_row), one) for one in round_.points],
                expand=True,
            ),
            ft.Container(
                padding=theme.STEP_2,
                content=ft.Row(actions, spacing=theme.STEP),
                visible=bool(actions),
            ),
        ],
    )
    # The plan's name stands in the body: both would not fit beside the chip.
    return sub_view(route, round_.name, body, chip)


@guarded
def closing_form(round_: RoundView, on_done) -> ft.Control:
    """A reason for every missed point; one reason can be given to all that have none yet."""
    client = use_client()
    reasons, set_reasons = ft.use_state(cast(dict[str, str], {}))
    trouble, set_trouble = ft.use_state("")
    busy, set_busy = ft.use_state(False)
    page = ft.context.page
    missing = round_.missing

    def give(point: str, because: str) -> None:
        set_reasons(lambda known: {**known, point: because})

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
            ft.ListView(
                [
                    ft.Container(ft.Column(top, spacing=theme.STEP), padding=theme.STEP_2),
                    *[
                        keyed(one.point, reason_row, one, reasons.get(one.point, ""), given)
                        for one in missing
                    ],
                ],
                expand=True,
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
def reason_row(point: RoundPointView, because: str, on_reason) -> ft.Control:
    return ft.Container(
        padding=ft.Padding.symmetric(horizontal=theme.STEP_2, vertical=theme.STEP),
        content=ft.Column(
            [
                words(point.name, strong=True),
                words(point.area_name, Type.SMALL, muted=True),
                reason_chips(because, lambda text: on_reason(point.point, text)),
                ft.Row(
                    [
                        ft.TextField(
                            label=t("patrol.other_reason"),
                            value="" if because in {t(one) for one in REASONS} else because,
                            border=ft.OutlineInputBorder(border_radius=theme.CORNER),
                            on_blur=lambda e: (
                                on_reason(point.point, e.control.value) if e.control.value else None
                            ),
                            expand=True,
                        )
                    ]
                ),
            ],
            spacing=theme.HALF,
        ),
    )


def reason_chips(chosen: str, on_choose) -> ft.Control:
    """The usual reasons, one tap each; the words themselves go into the record."""
    said = {one: t(one) for one in REASONS}
    picked = frozenset(one for one, text in said.items() if text == chosen)

    def change(now: frozenset[str]) -> None:
        new = now - picked
        on_choose(said[next(iter(new))] if new else "")

    return filter_chips(tuple(Choice(one, text) for one, text in said.items()), picked, change)
