"""未归待查: a banner on every screen until a child is found, and the way to its card."""

from datetime import datetime

import flet as ft

from client.state.views import MissingView
from client.ui import theme
from client.ui.context import use_app, use_client, use_loading
from client.ui.dorms.look import room_name
from client.ui.dorms.search_card import A_MINUTE, search_card, since
from client.ui.guarded import guarded, keyed, use_start
from client.ui.kit.buttons import icon_button
from client.ui.kit.empty import empty
from client.ui.kit.rows import list_row
from client.ui.kit.scaffolds import reading_width, sub_view
from client.ui.kit.text import words
from client.ui.layout import use_layout
from client.ui.sync_centre import chip_of
from client.words import duration, n, t


@guarded
def missing_banner() -> ft.Control:
    """On every main screen while somebody is missing; nothing otherwise."""
    client, app = use_client(), use_app()
    dorms, _ = ft.use_state(client.state.dorms)
    page, start = ft.context.page, use_start()
    if not dorms.searches:
        return ft.Container(height=0)
    first = dorms.searches[0]

    async def open_() -> None:
        loading = client.loading
        if loading is not None:
            await loading.open_search(first.id if len(dorms.searches) == 1 else "")
        page.navigate("/missing")

    said = n("dorms.missing_banner", len(dorms.searches))
    if len(dorms.searches) == 1 and app.now is not None:
        name, so_far = first.name or t("dorms.name_unknown"), app.now - first.raised_at
        said = (
            t("dorms.missing_banner_just", name=name)
            if so_far < A_MINUTE
            else t("dorms.missing_banner_one", name=name, duration=duration(so_far))
        )
    return ft.Container(
        bgcolor=theme.RED.wash,
        padding=ft.Padding.symmetric(horizontal=theme.STEP_2, vertical=theme.HALF),
        ink=True,
        on_click=lambda: start(open_),
        content=ft.Row(
            [
                ft.Icon(ft.Icons.PERSON_SEARCH, color=theme.RED.ink),
                words(said, strong=True, color=theme.RED.ink, expand=True),
                # An arrow, not a word: enlarged, it would leave the name three letters a line.
                icon_button(
                    ft.Icons.CHEVRON_RIGHT,
                    t("dorms.missing_open"),
                    lambda: start(open_),
                    color=theme.RED.ink,
                ),
            ],
            spacing=theme.STEP,
        ),
    )


@guarded
def missing_view() -> ft.View:
    """The card of one who is missing; of several, their list first."""
    client, app, loading = use_client(), use_app(), use_loading()
    dorms, _ = ft.use_state(client.state.dorms)
    page, start, route = ft.context.page, use_start(), ft.use_view_path()
    layout = use_layout()
    search = dorms.search

    async def open_(id: str) -> None:
        await loading.open_search(id)

    chip = chip_of(app, lambda: page.navigate("/sync"))
    if search is not None:
        body = keyed(search.id, search_card, search)
    elif dorms.searches:
        body = ft.ListView(
            [
                keyed(one.id, search_row, one, app.now, lambda id: start(open_, id))
                for one in dorms.searches[:50]
            ],
            expand=True,
        )
    else:
        body = empty(ft.Icons.TASK_ALT, t("dorms.nobody_missing"), t("dorms.nobody_missing_body"))
    return sub_view(route, t("dorms.missing_title"), reading_width(body, layout), chip)


@guarded
def search_row(search: MissingView, now: datetime | None, on_open) -> ft.Control:
    return list_row(
        search.name or t("dorms.name_unknown"),
        f"{search.building_name} {room_name(search.room)} · {since(search, now)}",
        leading=ft.Icon(ft.Icons.PERSON_SEARCH, color=theme.RED.ink),
        on_press=lambda: on_open(search.id),
        strong=True,
    )
