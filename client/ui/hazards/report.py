"""随手拍: the camera first, then one screen that is filled in already, then done.

What is written is kept at every change; an app that was killed goes on where it stopped.
"""

from dataclasses import replace
from datetime import timedelta
from typing import cast

import flet as ft

from client.actions.errors import ActionFailed
from client.state.app import AppState
from client.state.views import AreaView, HazardDraft, Picture, RoundPointView, RoundView
from client.ui import theme
from client.ui.context import sentence, use_app, use_client
from client.ui.entrance.frame import notice
from client.ui.guarded import guarded, use_start, use_task
from client.ui.hazards.conditions import condition_picker, grade_choice
from client.ui.hazards.look import category_word, source_word
from client.ui.hazards.pictures import picture_strip
from client.ui.hazards.taking import use_camera_stage
from client.ui.kit.buttons import primary, quiet
from client.ui.kit.dialogs import say
from client.ui.kit.empty import skeleton_list
from client.ui.kit.fields import Field, use_field
from client.ui.kit.scaffolds import sub_view
from client.ui.kit.search import Choice, choice_chips
from client.ui.kit.select import select
from client.ui.kit.text import words
from client.ui.sync_centre import chip_of
from client.ui.theme import Type
from client.words import t
from ledger.rules.hazards.bodies import Category, HazardGrade, Lane, PhotoUse, Source
from ledger.rules.hazards.conditions import Condition
from ledger.rules.hazards.suggesting import suggested_category

STILL_HERE = timedelta(minutes=15)
"""So long after a check-in a person is taken to be near its point."""


@guarded
def report_view() -> ft.View:
    client, app = use_client(), use_app()
    page, start, route = ft.context.page, use_start(), ft.use_view_path()
    patrol, _ = ft.use_state(client.state.patrol)
    desk, _ = ft.use_state(client.state.desk)
    hazards, _ = ft.use_state(client.state.hazards)
    draft, set_draft = ft.use_state(cast(HazardDraft | None, None))
    shooting, set_shooting = ft.use_state(cast(PhotoUse | None, None))
    comparing, set_comparing = ft.use_state(False)
    found_again, set_found_again = ft.use_state(False)
    trouble, set_trouble = ft.use_state("")
    busy, set_busy = ft.use_state(False)

    async def here() -> HazardDraft:
        """Filled in as far as it is known where the person is."""
        near = near_point(patrol.rounds, app)
        place = await client.actions.point(near.point) if near else None
        if near is None or place is None:
            return HazardDraft()
        category = suggested_category(place.name, place.area_name)
        return HazardDraft(point=place.id, area=place.area, place=place.name, category=category)

    async def begin() -> None:
        known = await client.actions.hazards.report_draft()
        fresh = known or await here()
        set_draft(lambda _: fresh)
        set_found_again(known is not None)
        set_shooting(lambda _: None if known and known.pictures else PhotoUse.BEFORE)

    def change(changed: HazardDraft) -> None:
        set_draft(lambda _: changed)
        start(client.actions.hazards.keep_report_draft, changed)

    async def taken(picture: Picture) -> None:
        if draft is not None:
            change(replace(draft, pictures=(*draft.pictures, picture)))

    async def start_again() -> None:
        await client.actions.hazards.forget_report_draft(draft)
        fresh = await here()
        set_draft(lambda _: fresh)
        set_found_again(False)
        set_trouble("")
        set_shooting(lambda _: PhotoUse.BEFORE)

    async def save(final: HazardDraft) -> None:
        if busy:
            return
        set_busy(True)
        try:
            await client.actions.hazards.report(final)
        except ActionFailed as error:
            set_trouble(sentence(error))
            return
        finally:
            set_busy(False)
        fixed = final.lane is Lane.ON_SPOT
        say(page, t("hazards.saved_fixed") if fixed else t("hazards.saved"))
        page.navigate("/hazards")

    def compare(now: HazardDraft) -> None:
        change(now)
        set_comparing(True)

    def compared(now: HazardDraft, one: Condition) -> None:
        set_comparing(False)
        grade = HazardGrade.MAJOR
        change(replace(now, condition=one.id, category=one.category, grade=grade))

    use_task(begin)
    count = len([one for one in draft.pictures if one.use is shooting]) if draft else 0
    stage = use_camera_stage(
        shooting,
        count,
        t("hazards.shoot_after") if shooting is PhotoUse.AFTER else t("hazards.shoot_before"),
        taken,
        lambda: set_shooting(lambda _: None),
        t("hazards.go_on") if count else t("hazards.without_photo"),
    )
    if draft is None:
        body: ft.Control = skeleton_list(4)
    elif stage is not None:
        body = stage
    elif comparing:
        now = draft
        body = ft.Container(
            condition_picker(
                hazards.conditions,
                now.category,
                lambda one: compared(now, one),
                lambda: set_comparing(False),
                whole=True,
            ),
            padding=theme.STEP_2,
            expand=True,
        )
    else:
        body = report_form(
            draft,
            desk.areas,
            hazards.conditions,
            change,
            compare,
            lambda use: set_shooting(lambda _: use),
            save,
            lambda: start(start_again) if found_again else None,
            trouble,
            busy,
            found_again,
        )
    chip = chip_of(app, lambda: page.navigate("/sync"))
    return sub_view(route, t("hazards.report_title"), body, chip)


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


def text_field(
    field: Field, label: str, on_leave, *, lines: int = 3, limit: int = 1000
) -> ft.Control:
    """A field that tells when the person has left it, which is when a draft is kept. It takes no
    more than an entry does: `limit` characters, or 200 on one line."""
    return ft.Row(
        [
            ft.TextField(
                ref=field.ref,
                key=field.key,
                value=field.value,
                label=label,
                multiline=lines > 1,
                max_lines=lines,
                max_length=limit if lines > 1 else 200,
                counter="",
                border=ft.OutlineInputBorder(border_radius=theme.CORNER),
                on_blur=lambda: on_leave(),
                expand=True,
            )
        ]
    )


def near_point(rounds: tuple[RoundView, ...] | None, app: AppState) -> RoundPointView | None:
    """The point of one's last check-in, when that was just now."""
    me = app.person.name if app.person else ""
    if app.now is None:
        return None
    recent = {
        point.at: point
        for round_ in rounds or ()
        for point in round_.points
        if point.at is not None and point.by == me and app.now - point.at <= STILL_HERE
    }
    return recent[max(recent)] if recent else None
