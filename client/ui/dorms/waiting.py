"""What of the roll-call wants a leader's eye, for the inbox: who is missing, nights nobody has
closed, and whoever is elsewhere without an explanation. Each opens where it is decided."""

import flet as ft

from client.state.views import BuildingNight, ExceptionLine, MissingView
from client.ui import theme
from client.ui.context import use_app, use_client, use_loading
from client.ui.dorms.closing import exception_row
from client.ui.dorms.look import night_title
from client.ui.dorms.missing import search_row
from client.ui.guarded import guarded, keyed, use_latest, use_start, use_task
from client.ui.kit.badges import badge
from client.ui.kit.rows import list_row
from client.ui.kit.text import section_header, words
from client.ui.theme import Type
from client.words import n, t

SHOWN_AT_MOST = 20
"""The rest are under 查寝."""


def waiting_at_night(
    searches: tuple[MissingView, ...], exceptions: tuple[ExceptionLine, ...]
) -> tuple[ExceptionLine, ...]:
    """The exceptions that have no search of their own on the list."""
    looked_for = {one.id for one in searches}
    return tuple(one for one in exceptions if one.missing not in looked_for)


@guarded
def waiting_nights() -> ft.Control:
    """Nothing at all while nothing waits."""
    client, app, loading = use_client(), use_app(), use_loading()
    dorms, _ = ft.use_state(client.state.dorms)
    page, start = ft.context.page, use_start()

    async def open_search(id: str) -> None:
        await loading.open_search(id)
        page.navigate("/missing")

    async def open_night(night: BuildingNight) -> None:
        await loading.show_building(night.building, night.night)
        page.navigate("/dorms")

    async def open_room(line: ExceptionLine) -> None:
        await loading.show_building(line.building, line.night)
        await loading.open_room(line.room)
        page.navigate("/dorms/room")

    use_task(loading.show_night_attention)
    press_search = use_latest(lambda id: start(open_search, id))
    press_night = use_latest(lambda night: start(open_night, night))
    press_line = use_latest(lambda line: start(open_room, line))
    if dorms.attention is None:
        return ft.Container(height=0)
    unclosed = dorms.attention.unclosed
    odd = waiting_at_night(dorms.searches, dorms.attention.exceptions)
    count = len(dorms.searches) + len(unclosed) + len(odd)
    if not count:
        return ft.Container(height=0)
    rows = [
        *(keyed(one.id, search_row, one, app.now, press_search) for one in dorms.searches),
        *(
            keyed(f"{one.building} {one.night}", ft.memo(unclosed_row), one, press_night)
            for one in unclosed
        ),
        *(keyed(one.student, ft.memo(odd_row), one, press_line) for one in odd),
    ]
    more = count - SHOWN_AT_MOST
    return ft.Column(
        [
            section_header(n("dorms.attention_count", count)),
            *rows[:SHOWN_AT_MOST],
            *([words(n("dorms.attention_more", more), Type.SMALL, muted=True)] if more > 0 else []),
            ft.Divider(height=theme.STEP_2),
        ],
        tight=True,
        spacing=0,
    )


@guarded
def unclosed_row(night: BuildingNight, on_press) -> ft.Control:
    return list_row(
        f"{night.name} · {night_title(night.night, '', None)}",
        t(
            "dorms.pupils_marked",
            marked=night.counts.total - night.counts.unmarked,
            total=night.counts.total,
        ),
        leading=ft.Icon(ft.Icons.BEDTIME, color=ft.Colors.ON_SURFACE_VARIANT),
        trailing=badge(ft.Icons.LOCK_OPEN, t("dorms.still_open"), theme.YELLOW),
        on_press=lambda: on_press(night),
        strong=True,
    )


@guarded
def odd_row(line: ExceptionLine, on_press) -> ft.Control:
    return exception_row(line, lambda: on_press(line), in_inbox=True)
