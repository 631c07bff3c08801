"""随手拍: the camera first, then one screen that is filled in already, then done.

What is written is kept at every change; an app that was killed goes on where it stopped.
"""

from dataclasses import replace
from datetime import timedelta
from typing import cast

import flet as ft

from client.actions.errors import ActionFailed
from client.state.app import AppState
from client.state.views import HazardDraft, Picture, RoundPointView, RoundView
from client.ui import theme
from client.ui.context import sentence, use_app, use_client
from client.ui.guarded import guarded, use_start, use_task
from client.ui.hazards.conditions import condition_picker
from client.ui.hazards.keeping import use_keeping
from client.ui.hazards.report_form import report_form
from client.ui.hazards.taking import use_camera_stage
from client.ui.kit.dialogs import say
from client.ui.kit.empty import skeleton_list
from client.ui.kit.scaffolds import reading_width, sub_view
from client.ui.layout import use_layout
from client.ui.sync_centre import chip_of
from client.words import t
from ledger.rules.hazards.bodies import HazardGrade, Lane, PhotoUse
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
    layout = use_layout()
    hazards, _ = ft.use_state(client.state.hazards)
    draft, set_draft = ft.use_state(cast(HazardDraft | None, None))
    shooting, set_shooting = ft.use_state(cast(PhotoUse | None, None))
    comparing, set_comparing = ft.use_state(False)
    found_again, set_found_again = ft.use_state(False)
    trouble, set_trouble = ft.use_state("")
    busy, set_busy = ft.use_state(False)
    keep, begin_to_save, give_up = use_keeping(client.actions.hazards.keep_report_draft)

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
        keep(changed)

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
        if not begin_to_save():
            return
        set_busy(True)
        try:
            await client.actions.hazards.report(final)
        except ActionFailed as error:
            set_trouble(sentence(error))
            set_busy(False)
            give_up()
            return
        # It stays busy until the screen is gone: a second tap must not write it twice.
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
        body: ft.Control = reading_width(skeleton_list(4), layout)
    elif stage is not None:
        body = stage
    elif comparing:
        now = draft
        picker = ft.Container(
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
        body = reading_width(picker, layout)
    else:
        form = report_form(
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
        body = reading_width(form, layout)
    chip = chip_of(app, lambda: page.navigate("/sync"))
    return sub_view(route, t("hazards.report_title"), body, chip)


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
