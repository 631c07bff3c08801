"""What this person has to rectify, by deadline: part of the day's screen."""

import flet as ft

from client.state.views import HazardLine
from client.ui.context import use_app, use_client, use_loading
from client.ui.guarded import guarded, keyed, use_latest, use_task
from client.ui.hazards.rows import hazard_row
from client.ui.kit.buttons import quiet
from client.ui.kit.text import section_header
from client.words import t
from ledger.rules.hazards.states import HazardState

WORKING = frozenset({HazardState.ASSIGNED, HazardState.RETURNED})
AT_MOST = 3
"""The rest is one tap away."""


@guarded
def my_rectifications() -> ft.Control:
    """Nothing at all when there is nothing to do."""
    client, app, loading = use_client(), use_app(), use_loading()
    hazards, _ = ft.use_state(client.state.hazards)
    page = ft.context.page
    use_task(loading.show_my_hazards)

    def open_(line: HazardLine) -> None:
        page.navigate(f"/hazards/{line.id}")

    press = use_latest(open_)
    me = app.person.id if app.person else ""
    waiting = [
        line
        for line in (hazards.mine.lines if hazards.mine else ())
        if line.responsible == me and line.state in WORKING
    ]
    if not waiting:
        return ft.Container()
    every = quiet(t("hazards.all_mine"), lambda: page.navigate("/hazards"))
    return ft.Column(
        [
            section_header(t("hazards.my_rectifications"), every),
            *(keyed(line.id, hazard_row, line, press, False) for line in waiting[:AT_MOST]),
        ],
        spacing=0,
        tight=True,
    )
