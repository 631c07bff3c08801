"""Entering a leave: who, how long, why; three taps and a sentence."""

from typing import cast

import flet as ft

from client.actions.errors import ActionFailed
from client.actions.leave import LeaveForm
from client.state.views import StudentView
from client.ui import theme
from client.ui.context import sentence, use_app, use_client, use_loading
from client.ui.entrance.frame import notice
from client.ui.guarded import guarded, keyed, use_start, use_task
from client.ui.kit.buttons import primary, quiet
from client.ui.kit.dialogs import say
from client.ui.kit.empty import empty, skeleton_list
from client.ui.kit.fields import Field, field_label, use_field
from client.ui.kit.rows import leading_icon, list_row
from client.ui.kit.scaffolds import reading_width, sub_view
from client.ui.kit.search import Choice, choice_chips
from client.ui.kit.text import words
from client.ui.layout import use_layout
from client.ui.leave.times import Usual, read, usual, written
from client.ui.sync_centre import chip_of
from client.ui.theme import Type
from client.words import t
from ledger.rules.dorms.bodies import LeaveSort


@guarded
def new_leave_view() -> ft.View:
    app, page, route = use_app(), ft.context.page, ft.use_view_path()
    chosen, set_chosen = ft.use_state(cast(StudentView | None, None))
    body = (
        student_search(lambda one: set_chosen(lambda _: one))
        if chosen is None
        else keyed(chosen.id, leave_form, chosen, lambda: set_chosen(lambda _: None))
    )
    framed = reading_width(body, use_layout())
    return sub_view(route, t("leave.new"), framed, chip_of(app, lambda: page.navigate("/sync")))


@guarded
def student_search(on_choose) -> ft.Control:
    """The whole class or building, narrowed by every letter."""
    loading, start = use_loading(), use_start()
    found, set_found = ft.use_state(cast("tuple[StudentView, ...] | None", None))
    field = use_field()

    async def look() -> None:
        pupils = await loading.find_students(field.value)
        set_found(lambda _: pupils)

    use_task(look)
    if found is None:
        listing: ft.Control = skeleton_list()
    elif not found:
        listing = empty(ft.Icons.PERSON_SEARCH, t("leave.nobody"), t("leave.nobody_body"))
    else:
        listing = ft.ListView(
            [keyed(one.id, ft.memo(student_row), one, on_choose) for one in found], expand=True
        )
    return ft.Column(
        [
            ft.Container(
                ft.Row(
                    [
                        ft.TextField(
                            color=ft.Colors.ON_SURFACE,
                            ref=field.ref,
                            key=field.key,
                            value=field.value,
                            label=field_label(t("leave.find")),
                            border=ft.OutlineInputBorder(border_radius=theme.CORNER),
                            prefix_icon=ft.Icons.SEARCH,
                            autofocus=True,
                            on_change=lambda: start(look),
                            expand=True,
                        )
                    ]
                ),
                padding=theme.STEP_2,
            ),
            ft.Container(listing, expand=True),
        ],
        spacing=0,
        expand=True,
    )


@guarded
def student_row(one: StudentView, on_choose) -> ft.Control:
    under = " · ".join(part for part in (one.class_id, one.building_name, one.where) if part)
    return list_row(
        one.name, under, leading=leading_icon(ft.Icons.PERSON), on_press=lambda: on_choose(one)
    )


@guarded
def leave_form(pupil: StudentView, on_other) -> ft.Control:
    client, app, page, loading = use_client(), use_app(), ft.context.page, use_loading()
    sort, set_sort = ft.use_state(LeaveSort.HOME)
    length, set_length = ft.use_state(Usual.NIGHT)
    trouble, set_trouble = ft.use_state("")
    busy, set_busy = ft.use_state(False)
    now = app.now
    begin, end = usual(Usual.NIGHT, now) if now else (None, None)
    starts, ends = (
        use_field(written(begin) if begin else ""),
        use_field(written(end) if end else ""),
    )
    reason, pick_up, phone = use_field(), use_field(pupil.guardian), use_field(pupil.phone)

    def choose(name: str) -> None:
        if now is None:
            return
        first, last = usual(Usual(name), now)
        starts.reset(written(first))
        ends.reset(written(last))
        set_length(lambda _: Usual(name))

    async def save() -> None:
        if busy or now is None:
            return
        first, last = read(starts.value, now), read(ends.value, now)
        if first is None or last is None:
            set_trouble(t("leave.no_time"))
            return
        set_busy(True)
        try:
            form = LeaveForm(pupil.id, first, last, sort, reason.value, pick_up.value, phone.value)
            entered = await client.actions.leave.request(form)
        except ActionFailed as error:
            set_trouble(sentence(error))
            return
        finally:
            set_busy(False)
        await loading.show_entered_leave(entered)
        say(page, t("leave.saved"))
        page.navigate("/leave")

    under = " · ".join(part for part in (pupil.class_id, pupil.building_name, pupil.where) if part)
    parts: list[ft.Control] = [
        list_row(
            pupil.name,
            under,
            leading=leading_icon(ft.Icons.PERSON),
            trailing=quiet(t("leave.other_pupil"), on_other),
            strong=True,
            flush=True,
        )
    ]
    if trouble:
        parts.append(notice(trouble))
    parts += [
        words(t("leave.how_long"), Type.SMALL, muted=True),
        choice_chips(
            tuple(Choice(one.value, t(f"leave.usual_{one.value}")) for one in Usual),
            length.value,
            choose,
        ),
        # Another length is another row: fields that are told their text anew keep the old one.
        ft.Row(
            [_text(starts, t("leave.starts")), _text(ends, t("leave.ends"))],
            key=f"times {length.value}",
        ),
        words(t("leave.sort"), Type.SMALL, muted=True),
        choice_chips(
            tuple(Choice(one.value, t(f"leave.sort_{one.value}")) for one in LeaveSort),
            sort.value,
            lambda name: set_sort(lambda _: LeaveSort(name)),
        ),
        ft.Row([_text(reason, t("leave.reason_field"), lines=3)]),
        words(t("leave.reason_seen_by"), Type.SMALL, muted=True),
        ft.Row([_text(pick_up, t("leave.pick_up")), _text(phone, t("leave.phone"))]),
        ft.Row([primary(t("leave.save"), save, ft.Icons.CHECK, big=True, busy=busy, expand=True)]),
    ]
    return ft.ListView(parts, spacing=theme.STEP_2, padding=theme.STEP_2, expand=True)


def _text(field: Field, label: str, lines: int = 1) -> ft.Control:
    return ft.TextField(
        color=ft.Colors.ON_SURFACE,
        ref=field.ref,
        key=field.key,
        value=field.value,
        label=field_label(label),
        border=ft.OutlineInputBorder(border_radius=theme.CORNER),
        multiline=lines > 1,
        min_lines=lines if lines > 1 else None,
        max_length=200 if lines > 1 else None,
        expand=True,
    )
