"""One pupil's nights, leave and searches. Opening it is written down first; the person sees that
it is."""

from datetime import date
from typing import cast

import flet as ft

from client.actions.errors import ActionFailed
from client.state.views import Group, PupilHistory, StudentView
from client.ui import theme
from client.ui.attendance.months import month_chips, months_back
from client.ui.attendance.saving import save_buttons
from client.ui.context import sentence, use_app, use_client, use_loading
from client.ui.entrance.frame import notice
from client.ui.guarded import guarded, keyed, use_task
from client.ui.kit.buttons import quiet
from client.ui.kit.empty import empty, skeleton_list
from client.ui.kit.facts import fact, section
from client.ui.kit.lists import PAGE_ROWS
from client.ui.kit.scaffolds import reading_width, sub_view
from client.ui.kit.search import choice_chips
from client.ui.kit.text import heading, words
from client.ui.layout import use_layout
from client.ui.leave.form import student_search
from client.ui.leave.look import badges, times_of
from client.ui.sync_centre import chip_of
from client.ui.theme import Type
from client.words import day, t


@guarded
def pupil_view() -> ft.View:
    app, page, route = use_app(), ft.context.page, ft.use_view_path()
    chosen, set_chosen = ft.use_state(cast(StudentView | None, None))
    body = (
        student_search(lambda one: set_chosen(lambda _: one))
        if chosen is None
        else keyed(chosen.id, pupil_history, chosen, lambda: set_chosen(lambda _: None))
    )
    framed = reading_width(body, use_layout())
    chip = chip_of(app, lambda: page.navigate("/sync"))
    return sub_view(route, t("attendance.one_pupil"), framed, chip)


@guarded
def pupil_history(pupil: StudentView, on_other) -> ft.Control:
    client, app, loading = use_client(), use_app(), use_loading()
    found, set_found = ft.use_state(cast(PupilHistory | None, None))
    trouble, set_trouble = ft.use_state("")
    denied, set_denied = ft.use_state(False)

    async def look() -> None:
        known = await loading.pupil_history(pupil.id)
        if known is None:
            set_denied(True)
            return
        try:
            await client.actions.look_at(pupil.id)
        except ActionFailed as error:
            set_trouble(sentence(error))
            return
        set_found(lambda _: known)

    use_task(look)
    if denied:
        return empty(
            ft.Icons.LOCK_OUTLINED,
            t("attendance.denied"),
            t("attendance.denied_body"),
            quiet(t("leave.other_pupil"), on_other),
        )
    if trouble:
        return notice(trouble)
    if found is None:
        return skeleton_list(4)
    under = " · ".join(part for part in (pupil.class_id, pupil.building_name, pupil.where) if part)
    return ft.ListView(
        [
            ft.Row(
                [
                    ft.Column(
                        [heading(pupil.name, Type.TITLE), words(under, muted=True)],
                        tight=True,
                        expand=True,
                    ),
                    quiet(t("leave.other_pupil"), on_other),
                ]
            ),
            words(t("attendance.looked"), Type.SMALL, muted=True),
            *([pupil_month(pupil, app.now.date())] if app.now is not None else []),
            section(
                t("attendance.nights"),
                [
                    fact(day(night), t(f"attendance.status_{status.value}"))
                    for night, status in found.nights[:PAGE_ROWS]
                ]
                or [words(t("attendance.no_nights"), muted=True)],
            ),
            section(
                t("attendance.leaves"),
                [
                    fact(times_of(one), ft.Row(badges(one), wrap=True))
                    for one in found.leaves[:PAGE_ROWS]
                ]
                or [words(t("attendance.no_leaves"), muted=True)],
            ),
            *(
                [
                    section(
                        t("attendance.searches"),
                        [fact(day(one), t("attendance.status_missing")) for one in found.missing],
                    )
                ]
                if found.missing
                else []
            ),
        ],
        spacing=theme.STEP_2,
        padding=theme.STEP_2,
        expand=True,
    )


@guarded
def pupil_month(pupil: StudentView, today: date) -> ft.Control:
    """One month of theirs as workbook or on paper; the look that allows it is written down."""
    client = use_client()
    back, set_back = ft.use_state(0)
    first = months_back(today)[back]

    async def make(ending: str) -> bytes:
        return await client.actions.attendance(Group(student=pupil.id), first, ending)

    file = t("attendance.month_file", of=pupil.name, month=f"{first.year}-{first.month:02}")
    return section(
        t("attendance.by_month"),
        [
            choice_chips(month_chips(today), str(back), lambda id: set_back(lambda _: int(id))),
            save_buttons(make, file),
        ],
    )
