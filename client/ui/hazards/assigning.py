"""交办: who, what, until when; grade and category are settled in the same step."""

from datetime import date, datetime, timedelta

import flet as ft

from client.actions.decide_hazard import Assignment
from client.state.views import HazardDetail, PersonView
from client.ui import theme
from client.ui.entrance.frame import notice
from client.ui.guarded import guarded
from client.ui.hazards.amounts import amount_of, amount_text
from client.ui.hazards.conditions import condition_picker, grade_choice
from client.ui.hazards.look import category_word, title_of
from client.ui.kit.buttons import primary, quiet
from client.ui.kit.fields import text_field, use_field
from client.ui.kit.search import Choice, choice_chips
from client.ui.kit.select import select
from client.ui.kit.text import heading, words
from client.ui.theme import Type
from client.words import day, t
from ledger.rules.hazards.bodies import Category, HazardGrade
from ledger.rules.hazards.conditions import Condition

SPANS = (0, 3, 7, 15, 30)
"""Days from today that cover nearly every deadline; any other is picked from the calendar."""
FORM_DP = 560


@guarded
def assign_form(
    detail: HazardDetail,
    people: tuple[PersonView, ...],
    conditions: tuple[Condition, ...],
    today: date,
    trouble: str,
    busy: bool,
    on_assign,
    on_cancel,
) -> ft.Control:
    line = detail.line
    responsible, set_responsible = ft.use_state(line.responsible)
    grade, set_grade = ft.use_state(line.grade)
    category, set_category = ft.use_state(line.category)
    deadline, set_deadline = ft.use_state(line.deadline or today + timedelta(days=7))
    condition, set_condition = ft.use_state(detail.condition)
    comparing, set_comparing = ft.use_state(False)
    picking, set_picking = ft.use_state(False)
    wrong, set_wrong = ft.use_state("")
    measure, protection = use_field(detail.measure), use_field(detail.protection)
    basis, unit = use_field(detail.basis), use_field(detail.unit)
    funds = use_field(amount_text(detail.funds))

    def graded(now: HazardGrade, chosen: Condition | None) -> None:
        set_grade(now)
        set_condition(lambda _: chosen)

    def compared(one: Condition) -> None:
        set_comparing(False)
        graded(HazardGrade.MAJOR, one)
        set_category(one.category)

    async def assign() -> None:
        yuan = amount_of(funds.value)
        set_wrong("" if yuan is not None else t("hazards.say_an_amount"))
        if yuan is None:
            return
        await on_assign(
            Assignment(
                responsible=responsible,
                measure=measure.value,
                deadline=deadline.isoformat(),
                grade=grade,
                category=category,
                condition=condition.id if condition else "",
                unit=unit.value,
                funds=yuan,
                protection=protection.value,
                basis=basis.value,
            )
        )

    def picked(e: ft.Event[ft.DatePicker]) -> None:
        set_picking(False)
        value = e.control.value
        if value is not None:
            aware = isinstance(value, datetime) and value.tzinfo is not None
            chosen = value.astimezone() if aware and isinstance(value, datetime) else value
            set_deadline(date(chosen.year, chosen.month, chosen.day))

    ft.use_dialog(
        ft.DatePicker(
            value=deadline,
            first_date=today,
            last_date=today + timedelta(days=365),
            help_text=t("hazards.deadline"),
            cancel_text=t("common.cancel"),
            confirm_text=t("common.confirm"),
            on_change=picked,
            on_dismiss=lambda: set_picking(False),
        )
        if picking
        else None
    )
    span = (deadline - today).days
    spans = tuple(Choice(str(one), _span_word(one)) for one in SPANS)
    other = Choice("other", day(deadline, today) if span not in SPANS else t("hazards.other_day"))

    def choose_span(name: str) -> None:
        if name == "other":
            set_picking(True)
        else:
            set_deadline(today + timedelta(days=int(name)))

    major = grade is HazardGrade.MAJOR
    protecting = text_field(
        protection,
        t("hazards.protection_needed") if major else t("hazards.protection"),
        _stay,
        lines=2,
    )
    said = wrong or trouble
    return ft.Column(
        [
            heading(t("hazards.assign_title"), Type.TITLE),
            words(title_of(line), muted=True, lines=2),
            *([notice(said)] if said else []),
            *grade_choice(grade, condition, graded, lambda: set_comparing(True)),
            *(
                [condition_picker(conditions, category, compared, lambda: set_comparing(False))]
                if comparing
                else []
            ),
            # Of a major hazard before anything else.
            *([notice(t("hazards.major_first"), theme.ORANGE), protecting] if major else []),
            _beside(
                ft.Row(
                    [
                        select(
                            t("hazards.responsible"),
                            responsible,
                            [(one.id, one.name) for one in people if one.active],
                            set_responsible,
                            none=t("hazards.choose_person"),
                        )
                    ]
                ),
                ft.Row(
                    [
                        select(
                            t("hazards.category"),
                            category.value,
                            [(one.value, category_word(one)) for one in Category],
                            lambda id: set_category(Category(id or Category.OTHER.value)),
                        )
                    ]
                ),
            ),
            text_field(measure, t("hazards.measure"), _stay),
            words(t("hazards.deadline"), Type.SMALL, muted=True),
            choice_chips((*spans, other), str(span) if span in SPANS else "other", choose_span),
            *([] if major else [protecting]),
            text_field(basis, t("hazards.basis"), _stay, lines=2),
            _beside(
                text_field(unit, t("hazards.unit"), _stay, lines=1),
                text_field(funds, t("hazards.funds"), _stay, lines=1),
            ),
            ft.Row(
                [
                    quiet(t("common.cancel"), lambda: on_cancel()),
                    primary(t("hazards.do_assign"), assign, ft.Icons.SEND, busy=busy),
                ],
                alignment=ft.MainAxisAlignment.END,
            ),
        ],
        tight=True,
        spacing=theme.STEP,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _beside(one: ft.Control, other: ft.Control) -> ft.Control:
    """Two fields in a row of a desk; on a phone, where half a row holds neither a long name nor
    enlarged words, one below the other."""
    return ft.ResponsiveRow(
        [ft.Container(part, col={"xs": 12, "md": 6}) for part in (one, other)],
        spacing=theme.STEP,
        run_spacing=theme.STEP,
    )


def _span_word(days: int) -> str:
    return t("hazards.today") if days == 0 else t("hazards.in_days", count=days)


def _stay() -> None:
    """Nothing is kept while a dialog is open: it is short."""
