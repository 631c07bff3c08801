"""The sheet that slides up over the frozen picture: the point, its checklist, one tap to save."""

from collections.abc import Awaitable, Callable
from typing import cast

import flet as ft

from client.actions.recognise import KnownPoint, Recognised, UnknownPoint
from client.state.views import ItemView, Picture
from client.ui import theme
from client.ui.entrance.frame import notice
from client.ui.guarded import guarded, keyed, use_latest
from client.ui.hazards.pictures import picture_strip
from client.ui.kit.badges import State, risk_badge
from client.ui.kit.buttons import icon_button, primary, quiet, secondary
from client.ui.kit.fields import field_label, use_field
from client.ui.kit.rows import apart, leading_icon
from client.ui.kit.text import heading, words
from client.ui.scan.meaning import body_of, icon_of, title_of
from client.ui.theme import Type
from client.words import clock, t
from ledger.rules.checkins import ItemResult, Result

Save = Callable[[tuple[ItemResult, ...], str], Awaitable[None]]

RESULT_STATES = {
    Result.NORMAL: State.NORMAL,
    Result.ABNORMAL: State.ABNORMAL,
    Result.NOT_APPLICABLE: State.NOT_APPLICABLE,
}
NARROWEST_DP = 360


@guarded
def point_sheet(
    found: KnownPoint,
    trouble: str,
    on_save: Save,
    on_cancel,
    pictures: tuple[Picture, ...] = (),
    on_pictures=None,
    on_shoot=None,
) -> ft.Control:
    """Everything is preset 正常: with nothing to report, 保存 is the only tap."""
    results, set_results = ft.use_state(cast(dict[str, Result], {}))
    noting, set_noting = ft.use_state(False)
    busy, set_busy = ft.use_state(False)
    note = use_field()

    def mark(item: str, result: Result) -> None:
        set_results(lambda known: {**known, item: result})

    async def save() -> None:
        if busy:
            return
        set_busy(True)
        items = tuple(
            ItemResult(item=item.id, result=results.get(item.id, Result.NORMAL))
            for item in found.point.items
        )
        try:
            await on_save(items, note.value)
        finally:
            set_busy(False)

    marked = use_latest(mark)
    point = found.point
    abnormal = Result.ABNORMAL in results.values()
    lines: list[ft.Control] = [
        ft.Column(
            [
                ft.Row([apart(heading(point.name, Type.TITLE), risk_badge(point.risk))]),
                words(_where(found), Type.SMALL, muted=True),
            ],
            spacing=2,
        )
    ]
    if found.label.void:
        lines.append(notice(t("scan.void_label", version=found.label.version), theme.YELLOW))
    if found.done_already:
        lines.append(notice(t("scan.done_already"), theme.BLUE))
    if trouble:
        lines.append(notice(trouble))
    lines += [
        keyed(item.id, item_row, item, results.get(item.id, Result.NORMAL), marked)
        for item in point.items
    ]
    if abnormal and on_pictures is not None and (on_shoot is not None or pictures):
        lines.append(
            picture_strip(
                pictures,
                on_pictures,
                on_shoot,
                t("hazards.another_photo") if pictures else t("hazards.take_photo"),
            )
        )
    if noting or abnormal:
        lines.append(
            ft.Row(
                [
                    ft.TextField(
                        ref=note.ref,
                        key=note.key,
                        value=note.value,
                        label=field_label(
                            t("scan.note_abnormal") if abnormal else t("common.note")
                        ),
                        color=ft.Colors.ON_SURFACE,
                        multiline=True,
                        max_lines=3,
                        max_length=2000,
                        counter="",
                        border=ft.OutlineInputBorder(border_radius=theme.CORNER),
                        expand=True,
                    )
                ]
            )
        )
    else:
        lines.append(quiet(t("scan.add_note"), lambda: set_noting(True), ft.Icons.EDIT_NOTE))
    return _sheet(
        lines,
        [
            # A sign, not a word: enlarged words of both would break in the middle.
            icon_button(
                ft.Icons.CLOSE,
                t("common.cancel"),
                on_cancel,
                bgcolor=ft.Colors.SURFACE_CONTAINER_HIGH,
            ),
            primary(
                t("scan.save_abnormal") if abnormal else t("scan.save"),
                save,
                ft.Icons.CHECK,
                big=True,
                danger=abnormal,
                busy=busy,
                expand=True,
            ),
        ],
    )


@guarded
def other_sheet(found: Recognised, trouble: str, on_save: Save, on_cancel) -> ft.Control:
    """A code without a checklist. An unknown point can be kept; the others lead back."""
    busy, set_busy = ft.use_state(False)

    async def save() -> None:
        set_busy(True)
        try:
            await on_save((), "")
        finally:
            set_busy(False)

    lines: list[ft.Control] = [
        ft.Row(
            [
                leading_icon(icon_of(found), theme.YELLOW),
                ft.Column(
                    [heading(title_of(found), Type.TITLE), words(body_of(found))],
                    spacing=theme.HALF,
                    expand=True,
                ),
            ],
            spacing=theme.STEP_2,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
    ]
    if trouble:
        lines.append(notice(trouble))
    if isinstance(found, UnknownPoint):
        buttons = [
            secondary(t("common.cancel"), on_cancel, big=True),
            primary(t("scan.keep_unknown"), save, ft.Icons.SAVE, big=True, busy=busy, expand=True),
        ]
    else:
        buttons = [primary(t("scan.scan_again"), on_cancel, big=True, expand=True)]
    return _sheet(lines, buttons)


@guarded
def item_row(item: ItemView, result: Result, on_mark) -> ft.Control:
    """One line of the checklist with its three answers; the chosen one shows icon and word."""
    third = third_of(ft.context.page.width)
    answers = [answer(one, item, one is result, on_mark, third) for one in RESULT_STATES]
    texts: list[ft.Control] = [words(item.text)]
    if item.measure:
        texts.append(words(item.measure, Type.SMALL, muted=True))
    return ft.Container(
        padding=ft.Padding.symmetric(vertical=theme.HALF),
        content=ft.Column(
            [
                ft.Column(texts, spacing=0),
                ft.Row(answers, wrap=True, spacing=theme.STEP, run_spacing=theme.STEP),
            ],
            spacing=theme.HALF,
        ),
    )


def third_of(page_dp: float | None) -> float:
    """How wide each of three answers is that fill a row of the sheet."""
    room = (page_dp or NARROWEST_DP) - 2 * theme.STEP_2 - 2 * theme.STEP
    # A hair less: three that fill a row to the last dot may not fit into it.
    return room / 3 - 1


def answer(result: Result, item: ItemView, chosen: bool, on_mark, width: float) -> ft.Control:
    """At least `width` dp wide; enlarged words make it wider, and the three take two rows."""
    state = RESULT_STATES[result]
    icon, tone = state.look
    # Three stand beside each other on a phone; spoken, it is said in full.
    short = t("scan.not_applicable") if result is Result.NOT_APPLICABLE else state.word
    ink = tone.ink if chosen else ft.Colors.ON_SURFACE_VARIANT
    face = ft.Container(
        border_radius=theme.CORNER,
        bgcolor=tone.wash if chosen else None,
        border=ft.Border.all(1, ink if chosen else ft.Colors.OUTLINE_VARIANT),
        # Around one line of small words this makes 48 dp.
        padding=ft.Padding.symmetric(horizontal=theme.HALF, vertical=14),
        ink=True,
        on_click=lambda: on_mark(item.id, result),
        content=ft.Column(
            [
                ft.Container(width=width - 2 * theme.HALF - 2, height=0),
                ft.Row(
                    [
                        ft.Icon(icon, size=18, color=ink),
                        words(short, Type.SMALL, strong=chosen, color=ink, lines=1),
                    ],
                    spacing=theme.HALF,
                    tight=True,
                ),
            ],
            spacing=0,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        ),
    )
    return ft.Semantics(
        content=face,
        label=t("scan.answer_for", answer=state.word, item=item.text),
        button=True,
        selected=chosen,
        container=True,
        exclude_semantics=True,
    )


def _where(found: KnownPoint) -> str:
    if found.round is None:
        return t("scan.outside_plan", area=found.point.area_name)
    name = t("patrol.round_name", plan=found.round.plan_name, name=found.round.name)
    closes = clock(found.round.closes)
    return t("scan.counts_for", area=found.point.area_name, round=name, closes=closes)


def _sheet(lines: list[ft.Control], buttons: list[ft.Control]) -> ft.Control:
    return ft.Container(
        bgcolor=ft.Colors.SURFACE,
        border_radius=ft.BorderRadius.only(top_left=theme.CORNER_BIG, top_right=theme.CORNER_BIG),
        content=ft.Column(
            [
                ft.ListView(
                    lines,
                    expand=True,
                    spacing=theme.STEP,
                    padding=ft.Padding(theme.STEP_2, theme.STEP_2, theme.STEP_2, theme.STEP),
                ),
                ft.Container(
                    ft.Row(buttons, spacing=theme.STEP),
                    padding=ft.Padding(theme.STEP_2, theme.STEP, theme.STEP_2, theme.STEP_2),
                ),
            ],
            spacing=0,
        ),
    )
