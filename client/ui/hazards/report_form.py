"""What is written of a hazard: filled in already as far as it is known, so that a photo and 保存
are enough.
"""

from dataclasses import replace

import flet as ft

from client.state.views import AreaView, HazardDraft
from client.ui import theme
from client.ui.entrance.frame import notice
from client.ui.guarded import guarded
from client.ui.hazards.conditions import grade_choice
from client.ui.hazards.look import category_word, source_word
from client.ui.hazards.pictures import picture_strip
from client.ui.kit.buttons import primary, quiet
from client.ui.kit.fields import text_field, use_field
from client.ui.kit.search import Choice, choice_chips
from client.ui.kit.select import select
from client.ui.kit.text import words
from client.ui.theme import Type
from client.words import t
from ledger.rules.hazards.bodies import Category, HazardGrade, Lane, PhotoUse, Source
from ledger.rules.hazards.conditions import Condition
from ledger.rules.hazards.suggesting import suggested_category


@guarded
def report_form(
    draft: HazardDraft,
    areas: tuple[AreaView, ...],
    conditions: tuple[Condition, ...],
    on_change,
    on_compare,
    on_shoot,
    on_save,
    on_start_again,
    trouble: str,
    busy: bool,
    found_again: bool,
) -> ft.Control:
    more, set_more = ft.use_state(False)
    content, place, measure, protection = (
        use_field(draft.content),
        use_field(draft.place),
        use_field(draft.measure),
        use_field(draft.protection),
    )
    condition = next((one for one in conditions if one.id == draft.condition), None)
    fixed = draft.lane is Lane.ON_SPOT

    def now() -> HazardDraft:
        return replace(
            draft,
            content=content.value,
            place=place.value,
            measure=measure.value,
            protection=protection.value,
        )

    def change(**fields: object) -> None:
        on_change(replace(now(), **fields))  # type: ignore[arg-type]

    def said() -> None:
        """What was written may tell the category that nobody has chosen yet."""
        written = now()
        if written.category is Category.OTHER:
            written = replace(written, category=suggested_category(written.content))
        on_change(written)

    def graded(grade: HazardGrade, chosen: Condition | None) -> None:
        change(grade=grade, condition=chosen.id if chosen else "")

    async def save() -> None:
        await on_save(now())

    before = tuple(one for one in draft.pictures if one.use is PhotoUse.BEFORE)
    after = tuple(one for one in draft.pictures if one.use is PhotoUse.AFTER)
    parts: list[ft.Control] = []
    if found_again:
        parts.append(notice(t("hazards.draft_found"), theme.BLUE))
        parts.append(
            ft.Row([quiet(t("hazards.start_again"), on_start_again, ft.Icons.RESTART_ALT)])
        )
    if trouble:
        parts.append(notice(trouble))
    parts += [
        words(t("hazards.before") if fixed else t("hazards.photos"), Type.SMALL, muted=True),
        picture_strip(
            before,
            lambda kept: change(pictures=(*kept, *after)),
            lambda: on_shoot(PhotoUse.BEFORE),
            t("hazards.another_photo") if before else t("hazards.take_photo"),
        ),
        choice_chips(
            (
                Choice(Lane.DEADLINE.value, t("hazards.lane_to_rectify")),
                Choice(Lane.ON_SPOT.value, t("hazards.lane_fixed_now")),
            ),
            draft.lane.value,
            lambda name: change(lane=Lane(name)),
        ),
    ]
    if fixed:
        parts += [
            words(t("hazards.after"), Type.SMALL, muted=True),
            picture_strip(
                after,
                lambda kept: change(pictures=(*before, *kept)),
                lambda: on_shoot(PhotoUse.AFTER),
                t("hazards.take_after"),
            ),
            text_field(measure, t("hazards.what_was_done"), lambda: change()),
        ]
    parts += [
        text_field(content, t("hazards.one_sentence"), said, limit=2000),
        ft.Row(
            [
                select(
                    t("desk.area"),
                    draft.area,
                    [(area.id, area.name) for area in areas],
                    lambda id: change(area=id, point="" if id != draft.area else draft.point),
                    none=t("hazards.no_area"),
                )
            ]
        ),
        text_field(place, t("hazards.exact_place"), lambda: change(), lines=1),
        words(t("hazards.category"), Type.SMALL, muted=True),
        choice_chips(
            tuple(Choice(one.value, category_word(one)) for one in Category),
            draft.category.value,
            lambda name: change(category=Category(name)),
        ),
        *grade_choice(draft.grade, condition, graded, lambda: on_compare(now())),
    ]
    if draft.grade is HazardGrade.MAJOR:
        parts += [
            notice(t("hazards.protect_at_once"), theme.ORANGE),
            text_field(protection, t("hazards.protection"), lambda: change(), lines=2),
        ]
    if more:
        parts += [
            words(t("hazards.source"), Type.SMALL, muted=True),
            choice_chips(
                tuple(Choice(one.value, source_word(one)) for one in Source),
                draft.source.value,
                lambda name: change(source=Source(name)),
            ),
        ]
    else:
        parts.append(
            ft.Row([quiet(t("hazards.more"), lambda: set_more(True), ft.Icons.EXPAND_MORE)])
        )
    return ft.Column(
        [
            ft.ListView(
                [ft.Container(one, padding=ft.Padding.only(bottom=theme.CORNER)) for one in parts],
                padding=theme.STEP_2,
                expand=True,
            ),
            ft.Container(
                ft.Row(
                    [
                        primary(
                            t("hazards.save_fixed") if fixed else t("hazards.save"),
                            save,
                            ft.Icons.CHECK,
                            big=True,
                            busy=busy,
                            expand=True,
                        )
                    ]
                ),
                padding=ft.Padding.symmetric(horizontal=theme.STEP_2, vertical=theme.STEP),
            ),
        ],
        spacing=0,
        expand=True,
    )
