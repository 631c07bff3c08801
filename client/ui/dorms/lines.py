"""The night in one line, for the day's screen and for the overview."""

from datetime import datetime, timedelta

import flet as ft

from client.state.views import BuildingNight, night_is_over
from client.ui import theme
from client.ui.context import use_app, use_client, use_loading
from client.ui.dorms.look import counts_line, night_title
from client.ui.guarded import guarded, use_task
from client.ui.kit.rows import card
from client.ui.kit.text import words
from client.ui.theme import Type
from client.words import n, t
from ledger.rules.dorms.statuses import Status


@guarded
def roll_call_line(last: bool = False) -> ft.Control:
    """Tonight's roll-call, or with `last` the one that was last begun; opens 查寝."""
    client, app, loading = use_client(), use_app(), use_loading()
    dorms, _ = ft.use_state(client.state.dorms)
    page = ft.context.page
    use_task(loading.show_nights if last else loading.show_roll_call)
    found = _last(dorms.desk or ()) if last else dorms.summary
    if not found:
        return ft.Container(height=0)
    title = night_name(found[0].night, dorms.tonight, app.now)
    total = sum(one.counts.total for one in found)
    if not total:
        return ft.Container(height=0)
    said = " · ".join(
        (
            n(
                "dorms.buildings_closed",
                len(found),
                closed=sum(one.closing is not None for one in found),
            ),
            t(
                "dorms.pupils_marked",
                marked=total - sum(one.counts.unmarked for one in found),
                total=total,
            ),
        )
    )
    badges: list[ft.Control] = []
    for one in found:
        if one.counts.exceptions or one.counts.contested or one.counts.of(Status.MISSING):
            badges += [
                words(one.name, Type.SMALL, muted=True),
                *(counts_line(one.counts)),
            ]
    return ft.Container(
        card(
            ft.Row(
                [
                    ft.Icon(ft.Icons.BEDTIME, color=ft.Colors.PRIMARY),
                    ft.Column(
                        [
                            words(title, strong=True),
                            words(said, Type.SMALL, muted=True),
                            *(
                                [
                                    ft.Row(
                                        badges,
                                        wrap=True,
                                        spacing=theme.HALF,
                                        run_spacing=theme.HALF,
                                    )
                                ]
                                if badges
                                else []
                            ),
                        ],
                        spacing=2,
                        tight=True,
                        expand=True,
                    ),
                    ft.Icon(ft.Icons.CHEVRON_RIGHT, color=ft.Colors.ON_SURFACE_VARIANT),
                ],
                spacing=theme.STEP_2,
            ),
            lambda: page.navigate("/dorms"),
        ),
        # The overview has its own margin.
        padding=ft.Padding.symmetric(
            horizontal=0 if last else theme.STEP_2, vertical=theme.STEP if last else theme.HALF
        ),
    )


def night_name(night: str, tonight: str, now: datetime | None) -> str:
    """Tonight's until it is over, then last night's; of an older night its date."""
    if night == tonight and (now is None or not night_is_over(night, now)):
        return t("dorms.tonight_line")
    if now is not None and night == (now.date() - timedelta(days=1)).isoformat():
        return t("dorms.last_night_line")
    return t("dorms.roll_call_of", day=night_title(night, "", now))


def _last(desk: tuple[BuildingNight, ...]) -> tuple[BuildingNight, ...]:
    """Of the newest night that anybody has begun."""
    begun = [one for one in desk if one.counts.unmarked < one.counts.total or one.closing]
    newest = max((one.night for one in begun), default="")
    return tuple(one for one in desk if one.night == newest)
