"""One hazard, whole: photos side by side, facts, history, and what may be done now."""

from typing import cast

import flet as ft

from client.state.views import HazardDetail, PhotoView
from client.ui import theme
from client.ui.desk.evidence import doubt_line, grade_badge, grade_sentence
from client.ui.entrance.frame import notice
from client.ui.guarded import guarded
from client.ui.hazards.amounts import amount_text
from client.ui.hazards.conditions import condition_card
from client.ui.hazards.deciding import use_deciding
from client.ui.hazards.look import (
    badges_of,
    category_word,
    grade_word,
    lane_word,
    source_word,
    title_of,
)
from client.ui.hazards.notice import notice_button
from client.ui.hazards.photos import photo_panel, photo_strip, side_by_side
from client.ui.hazards.steps import KEYS, Step, step_word, steps_of
from client.ui.hazards.supervised import supervision_notice
from client.ui.hazards.timeline import timeline
from client.ui.kit.buttons import icon_button, primary, quiet, secondary
from client.ui.kit.facts import fact, section
from client.ui.kit.overlay import over
from client.ui.kit.text import heading, words
from client.ui.layout import use_layout
from client.ui.theme import Type
from client.words import day, t, when
from ledger.rules.hazards.states import DONE

AT_ONCE = 3
"""Of buttons on a phone: more would take the hazard's own room."""
_DANGER = frozenset({Step.RETURN, Step.DECLINE})
_ICONS: dict[Step, ft.IconData] = {
    Step.ASSIGN: ft.Icons.SEND,
    Step.ACCEPT: ft.Icons.CHECK,
    Step.CLOSE: ft.Icons.TASK_ALT,
    Step.RETURN: ft.Icons.UNDO,
    Step.REOPEN: ft.Icons.REPLAY,
    Step.PROTECT: ft.Icons.SHIELD,
    Step.COMMENT: ft.Icons.COMMENT,
    Step.EXTENSION: ft.Icons.MORE_TIME,
    Step.GRANT: ft.Icons.CHECK,
    Step.DECLINE: ft.Icons.CLOSE,
    Step.EXPLAIN: ft.Icons.EDIT_NOTE,
    Step.ACKNOWLEDGE: ft.Icons.MARK_EMAIL_READ,
}


@guarded
def hazard_detail(
    detail: HazardDetail, on_close=None, decide=None, photos_beside: bool = False
) -> ft.Control:
    """`decide(step, details)` from outside shares one dialog with its keys, which are then named;
    `photos_beside` leaves before and after to the pane beside it."""
    layout = use_layout()
    own = use_deciding()
    shown, set_shown = ft.use_state(cast(PhotoView | None, None))
    every, set_every = ft.use_state(not layout.is_phone)
    open_step = decide or own.decide
    line = detail.line

    def open_photo(photo: PhotoView) -> None:
        set_shown(lambda _: photo)

    def hide_photo() -> None:
        set_shown(lambda _: None)

    head = ft.Row(
        [
            ft.Column(
                [
                    heading(title_of(line), Type.TITLE),
                    words(
                        " · ".join(
                            one
                            for one in (line.number or t("hazards.no_number_yet"), line.place)
                            if one
                        ),
                        muted=True,
                    ),
                ],
                tight=True,
                spacing=theme.HALF,
                expand=True,
            ),
            *([icon_button(ft.Icons.CLOSE, t("common.close"), on_close)] if on_close else []),
        ],
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
    parts: list[ft.Control] = [
        head,
        ft.Row(badges_of(line), wrap=True, spacing=theme.STEP, run_spacing=theme.STEP),
    ]
    if detail.returned_because and line.state.value == "returned":
        parts.append(notice(t("hazards.returned_with", because=detail.returned_because)))
    if detail.supervision is not None and line.state not in DONE:
        parts.append(supervision_notice(detail.supervision))
    if detail.needs_protection:
        parts.append(notice(t("hazards.major_first"), theme.ORANGE))
    if (detail.before or detail.after) and not photos_beside:
        parts.append(side_by_side(detail.before, detail.after, open_photo, 200))
    if detail.other:
        parts.append(photo_strip(detail.other, open_photo))
    if detail.condition is not None:
        parts.append(condition_card(detail.condition))
    parts.append(_facts(detail))
    parts.append(section(t("hazards.history"), [timeline(detail.steps, open_photo)]))
    parts.append(_evidence(detail))
    listing = ft.ListView(
        [ft.Container(part, padding=ft.Padding.only(bottom=theme.STEP_2)) for part in parts],
        key=line.id,
        padding=theme.STEP_2 if layout.is_phone else theme.STEP_3,
        expand=True,
    )
    buttons = _buttons(detail, lambda step: open_step(step, (detail,)), with_keys=bool(decide))
    more = quiet(t("hazards.more"), lambda: set_every(True), ft.Icons.EXPAND_LESS)
    whole = ft.Column(
        [
            ft.Container(listing, expand=True),
            *(
                [
                    ft.Container(
                        ft.Row(
                            buttons if every or len(buttons) <= AT_ONCE else [*buttons[:2], more],
                            wrap=True,
                            spacing=theme.STEP,
                            run_spacing=theme.STEP,
                        ),
                        padding=theme.STEP_2,
                        bgcolor=ft.Colors.SURFACE_CONTAINER_LOW,
                    )
                ]
                if buttons
                else []
            ),
        ],
        spacing=0,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    if shown is not None:
        return over(whole, photo_panel(shown, hide_photo), hide_photo, whole=True)
    return over(whole, own.panel, own.close)


def _buttons(detail: HazardDetail, decide, *, with_keys: bool) -> list[ft.Control]:
    """The likeliest step as the main button; rectifying has a screen of its own."""
    page = ft.context.page
    found: list[ft.Control] = []
    if "hazard.rectified" in detail.may:
        found.append(
            primary(
                t("hazards.rectify_button"),
                lambda: page.navigate(f"/rectify/{detail.line.id}"),
                ft.Icons.ADD_A_PHOTO,
            )
        )
    for step in steps_of(detail):
        name = step_word(step, detail.line)
        stroke = KEYS.get(step) if with_keys else None
        main = not found and step is not Step.COMMENT
        make = primary if main else secondary
        found.append(
            make(
                t("hazards.with_key", name=name, key=stroke) if stroke else name,
                _pressed(decide, step),
                _ICONS[step],
                danger=step in _DANGER and not main,
            )
        )
    if detail.assigned_at is not None:
        found.append(notice_button(detail.line))
    return found


def _pressed(decide, step: Step):
    return lambda: decide(step)


def _facts(detail: HazardDetail) -> ft.Control:
    line = detail.line
    deadline = day(line.deadline) if line.deadline else ""
    pairs = (
        (t("hazards.found_by"), f"{line.reporter_name} · {when(line.reported_at)}"),
        (t("hazards.source"), source_word(line.source)),
        (t("hazards.category"), category_word(line.category)),
        (t("hazards.grade"), grade_word(line.grade)),
        (t("hazards.lane"), lane_word(line.lane)),
        (t("hazards.responsible"), line.responsible_name),
        (t("hazards.unit"), detail.unit),
        (t("hazards.measure"), detail.measure),
        (t("hazards.deadline"), deadline),
        (t("hazards.protection_short"), detail.protection),
        (t("hazards.basis_said"), detail.basis),
        (t("hazards.what_was_done"), detail.done),
        (t("hazards.funds"), amount_text(detail.funds)),
        (t("hazards.late_because"), detail.overdue_because),
        (t("hazards.accepted_by"), detail.accepted_by),
        (t("hazards.closed_at"), when(detail.closed_at) if detail.closed_at else ""),
    )
    return ft.Column(
        [fact(name, value) for name, value in pairs if value], tight=True, spacing=theme.STEP
    )


def _evidence(detail: HazardDetail) -> ft.Control:
    return section(
        t("desk.evidence"),
        [
            ft.Row([grade_badge(detail.evidence)]),
            words(grade_sentence(detail.evidence), muted=not detail.doubts),
            *map(doubt_line, detail.doubts),
        ],
    )
