"""The form of every step but assigning: a sentence, and where it is about time, how many days."""

import flet as ft

from client.state.views import HazardDetail
from client.ui import theme
from client.ui.entrance.frame import notice
from client.ui.guarded import guarded
from client.ui.hazards.steps import Step
from client.ui.kit.buttons import primary, quiet
from client.ui.kit.fields import text_field, use_field
from client.ui.kit.search import Choice, choice_chips
from client.ui.kit.text import heading, words
from client.ui.theme import Type
from client.words import day, n, t

ASKS_DAYS = frozenset({Step.EXTENSION})
EXTENSIONS = (3, 7, 15)


@guarded
def words_form(
    step: Step,
    details: tuple[HazardDetail, ...],
    trouble: str,
    busy: bool,
    on_answer,
    on_cancel,
) -> ft.Control:
    field = use_field()
    protection = use_field(details[0].protection)
    days, set_days = ft.use_state(EXTENSIONS[0] if step in ASKS_DAYS else 0)
    many = len(details)

    async def answer() -> None:
        await on_answer(field.value, days, protection.value)

    about = n("hazards.about_many", many) if many > 1 else _about(step, details[0])
    choices: list[ft.Control] = []
    if step in ASKS_DAYS or step is Step.RETURN:
        offered = EXTENSIONS if step in ASKS_DAYS else (0, *EXTENSIONS)
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
    danger = step in (Step.RETURN, Step.DECLINE)
    return ft.Column(
        [
            heading(t(f"hazards.step_{step.value}"), Type.TITLE),
            words(about, muted=True, lines=3),
            *([notice(trouble)] if trouble else []),
            *choices,
            text_field(field, t(f"hazards.ask_{step.value}"), _stay),
            *(
                [text_field(protection, t("hazards.protection"), _stay, lines=2)]
                if step is Step.EXPLAIN
                else []
            ),
            ft.Row(
                [
                    quiet(t("common.cancel"), lambda: on_cancel()),
                    primary(t(f"hazards.step_{step.value}"), answer, danger=danger, busy=busy),
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
            until=day(line.asked_until),
            because=detail.asked_because,
        )
    return line.content or line.place


def _stay() -> None:
    """Nothing is kept while a dialog is open: it is short."""
