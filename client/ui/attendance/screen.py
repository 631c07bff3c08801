"""报表: tonight's or a past night's summary, a month's attendance, and one pupil's history."""

from dataclasses import replace
from datetime import date, timedelta
from typing import cast

import flet as ft

from client.state.views import Group
from client.ui import theme
from client.ui.attendance.months import month_chips, months_back
from client.ui.attendance.saving import save_buttons
from client.ui.context import use_app, use_client, use_loading
from client.ui.guarded import guarded, keyed, use_task
from client.ui.kit.buttons import secondary
from client.ui.kit.empty import empty, skeleton_list
from client.ui.kit.rows import card
from client.ui.kit.scaffolds import reading_width
from client.ui.kit.search import Choice, choice_chips
from client.ui.kit.select import select
from client.ui.kit.text import heading, words
from client.ui.layout import use_layout
from client.words import day, t

Groups = tuple[tuple[str, ...], tuple[tuple[str, str], ...]]
"""Classes; buildings with their names."""
NIGHTS_BACK = 7
NOON = 12


@guarded
def attendance_screen() -> ft.Control:
    app, loading, layout, page = use_app(), use_loading(), use_layout(), ft.context.page
    known, set_known = ft.use_state(cast(Groups | None, None))

    async def begin() -> None:
        found = await loading.attendance_groups()
        set_known(lambda _: found)

    use_task(begin)
    if known is None or app.now is None:
        return skeleton_list(4)
    classes, buildings = known
    if not classes:
        return empty(ft.Icons.GROUPS, t("attendance.no_pupils"), t("attendance.no_pupils_body"))
    tonight = app.now.date() if app.now.hour >= NOON else app.now.date() - timedelta(days=1)
    parts = [
        keyed(f"night {tonight}", night_card, tonight, app.now.date()),
        keyed(f"month {tonight}", month_card, tonight, classes, buildings),
        card(
            ft.Column(
                [
                    heading(t("attendance.one_pupil")),
                    words(t("attendance.one_pupil_body"), muted=True),
                    ft.Row(
                        [
                            secondary(
                                t("attendance.choose_pupil"),
                                lambda: page.navigate("/pupil"),
                                ft.Icons.PERSON_SEARCH,
                            )
                        ]
                    ),
                ],
                spacing=theme.STEP,
                tight=True,
            )
        ),
    ]
    listing = ft.ListView(parts, spacing=theme.STEP_2, padding=theme.STEP_2, expand=True)
    return reading_width(listing, layout)


@guarded
def night_card(tonight: date, today: date) -> ft.Control:
    client = use_client()
    back, set_back = ft.use_state(0)
    night = tonight - timedelta(days=back)

    async def make(ending: str) -> bytes:
        return await client.actions.night_summary(night, ending)

    chips = tuple(
        Choice(str(number), _night_word(number, tonight, today)) for number in range(NIGHTS_BACK)
    )
    return card(
        ft.Column(
            [
                heading(t("attendance.summary")),
                words(t("attendance.summary_body"), muted=True),
                choice_chips(chips, str(back), lambda id: set_back(lambda _: int(id))),
                save_buttons(make, t("attendance.night_file", night=night.isoformat())),
            ],
            spacing=theme.STEP_2,
            tight=True,
        )
    )


@guarded
def month_card(
    tonight: date, classes: tuple[str, ...], buildings: tuple[tuple[str, str], ...]
) -> ft.Control:
    client, loading = use_client(), use_loading()
    back, set_back = ft.use_state(0)
    group, set_group = ft.use_state(Group(class_id=classes[0] if len(classes) == 1 else ""))
    rooms, set_rooms = ft.use_state(cast(tuple[str, ...], ()))
    first = months_back(tonight)[back]

    async def find_rooms() -> None:
        found = await loading.attendance_rooms(group.building)
        set_rooms(lambda _: found)

    async def make(ending: str) -> bytes:
        return await client.actions.attendance(group, first, ending)

    use_task(find_rooms, [group.building])
    chips = month_chips(tonight)
    parts = (group.class_id, dict(buildings).get(group.building, ""), group.room)
    of = " ".join(part for part in parts if part) or t("attendance.everybody")
    return card(
        ft.Column(
            [
                heading(t("attendance.by_month")),
                words(t("attendance.by_month_body"), muted=True),
                choice_chips(chips, str(back), lambda id: set_back(lambda _: int(id))),
                ft.Row(
                    [
                        select(
                            t("attendance.class"),
                            group.class_id,
                            [(one, one) for one in classes],
                            lambda id: set_group(lambda now: Group(id, now.building)),
                        ),
                        select(
                            t("attendance.building"),
                            group.building,
                            list(buildings),
                            lambda id: set_group(lambda now: Group(now.class_id, id)),
                        ),
                        *(
                            [
                                select(
                                    t("attendance.room"),
                                    group.room,
                                    [(one, one) for one in rooms],
                                    lambda id: set_group(lambda now: replace(now, room=id)),
                                )
                            ]
                            if group.building and rooms
                            else []
                        ),
                    ]
                ),
                save_buttons(
                    make,
                    t("attendance.month_file", of=of, month=f"{first.year}-{first.month:02}"),
                ),
            ],
            spacing=theme.STEP_2,
            tight=True,
        )
    )


def _night_word(back: int, tonight: date, today: date) -> str:
    if back == 0:
        return t("attendance.tonight") if tonight == today else t("attendance.last_night")
    return day(tonight - timedelta(days=back), tonight)
