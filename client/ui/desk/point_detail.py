"""One point: where it is, its label now and before, and what is checked there."""

from collections.abc import Awaitable, Callable, Sequence

import flet as ft

from client.actions.errors import ActionFailed
from client.state.views import ItemView, LabelView, PointView
from client.ui import theme
from client.ui.context import use_app, use_client
from client.ui.desk.label_symbol import symbol_sheet
from client.ui.desk.reissue import reissue_dialog
from client.ui.guarded import guarded, use_start
from client.ui.kit.badges import badge, risk_badge, risk_tone
from client.ui.kit.buttons import icon_button, primary, secondary
from client.ui.kit.dialogs import say
from client.ui.kit.facts import fact, section
from client.ui.kit.rows import leading_icon, list_row
from client.ui.kit.text import heading, words
from client.ui.places import may
from client.ui.sentences import of_word
from client.ui.theme import Type
from client.words import n, t
from ledger.codes import grouped


@guarded
def point_row(point: PointView, press: Callable[[PointView], None], chosen: bool) -> ft.Control:
    label = point.label
    said = (
        t("points.label_in_row", version=label.version, typed=grouped(label.typed))
        if label
        else t("points.no_label")
    )
    return list_row(
        point.name,
        f"{point.area_name}\n{said}",
        leading=leading_icon(ft.Icons.PLACE, risk_tone(point.risk)),
        trailing=risk_badge(point.risk),
        on_press=lambda: press(point),
        selected=chosen,
    )


@guarded
def point_detail(
    point: PointView,
    on_close: Callable[[], None],
    print_labels: Callable[[Sequence[str]], Awaitable[None]],
) -> ft.Control:
    client, app = use_client(), use_app()
    asking, set_asking = ft.use_state(False)
    enlarged, set_enlarged = ft.use_state(False)
    page, start = ft.context.page, use_start()
    label = point.label

    async def reissue(because: str) -> None:
        set_asking(False)
        try:
            await client.actions.issue_label(point, because)
        except ActionFailed as error:
            say(page, of_word(error.word, **error.values))
        else:
            say(page, t("points.reissued"))

    dialog = None
    if asking:
        dialog = reissue_dialog(
            point.name, lambda why: start(reissue, why), lambda: set_asking(False)
        )
    elif enlarged and label and app.school:
        dialog = symbol_sheet(app.school.id, point, label, lambda: set_enlarged(False))
    ft.use_dialog(dialog)

    head = ft.Row(
        [
            ft.Column(
                [heading(point.name, Type.TITLE), words(point.area_name, muted=True)],
                tight=True,
                spacing=theme.HALF,
                expand=True,
            ),
            icon_button(ft.Icons.CLOSE, t("common.close"), on_close),
        ],
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
    parts: list[ft.Control] = [head, ft.Row([risk_badge(point.risk)])]
    if label:
        parts.append(_label_now(label))
    else:
        parts.append(words(t("points.no_label_body"), muted=True))
    if may(app.person, "label.issued") and not app.read_only:
        parts.append(
            _actions(
                (lambda: start(print_labels, (point.id,))) if label else None,
                (lambda: set_enlarged(True)) if label else None,
                lambda: set_asking(True),
                has_label=label is not None,
            )
        )
    title = t("points.checklist")
    items = [_item(number, item) for number, item in enumerate(point.items, 1)]
    parts.append(section(title, items or [words(t("points.no_items"), muted=True)], theme.STEP_2))
    void = [one for one in reversed(point.labels) if one.void]
    if void:
        parts.append(section(n("points.void_labels", len(void)), [_void(one) for one in void]))
    return ft.ListView(
        [ft.Container(part, padding=ft.Padding.only(bottom=theme.STEP_3)) for part in parts],
        padding=theme.STEP_3,
        expand=True,
    )


def _label_now(label: LabelView) -> ft.Control:
    return ft.Column(
        [
            fact(t("points.label"), t("labels.version", version=label.version)),
            fact(t("points.typed_code"), grouped(label.typed), t("points.typed_code_note")),
        ],
        tight=True,
        spacing=theme.STEP,
    )


def _actions(print_one, enlarge, reissue, *, has_label: bool) -> ft.Control:
    buttons = [
        *([primary(t("points.print_one"), print_one, ft.Icons.PRINT)] if has_label else []),
        *([secondary(t("points.show_label"), enlarge, ft.Icons.QR_CODE_2)] if has_label else []),
        secondary(
            t("points.reissue") if has_label else t("points.issue_first"),
            reissue,
            ft.Icons.AUTORENEW,
        ),
    ]
    return ft.Row(buttons, wrap=True, spacing=theme.STEP, run_spacing=theme.STEP)


def _item(number: int, item: ItemView) -> ft.Control:
    lines: list[ft.Control] = [words(item.text)]
    if item.measure:
        lines.append(words(item.measure, Type.SMALL, muted=True))
    return ft.Row(
        [
            ft.Container(
                words(str(number), Type.SMALL, strong=True, muted=True),
                width=theme.STEP_3,
                padding=ft.Padding.only(top=2),
            ),
            ft.Column(lines, tight=True, spacing=2, expand=True),
        ],
        spacing=theme.STEP,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def _void(label: LabelView) -> ft.Control:
    return ft.Row(
        [
            words(
                t("points.label_in_row", version=label.version, typed=grouped(label.typed)),
                Type.SMALL,
                muted=True,
                expand=True,
            ),
            badge(ft.Icons.BLOCK, t("points.void"), theme.QUIET),
        ],
        spacing=theme.STEP,
    )
