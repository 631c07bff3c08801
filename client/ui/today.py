"""The teacher's day: the round that counts now, the next points, and a big button to scan."""

from datetime import datetime

import flet as ft

from client.state.views import PointState, RoundPointView, RoundStanding, RoundView
from client.ui import theme
from client.ui.context import use_app, use_client
from client.ui.dorms.lines import roll_call_line
from client.ui.guarded import guarded, keyed
from client.ui.hazards.mine import my_rectifications
from client.ui.kit.badges import State, risk_badge, state_badge
from client.ui.kit.buttons import primary, quiet
from client.ui.kit.empty import empty, skeleton_list
from client.ui.kit.pulling import SCROLL_EVENT_MS, use_pulling
from client.ui.kit.ring import ring
from client.ui.kit.rows import apart, card, leading_icon, list_row
from client.ui.kit.scaffolds import reading_width
from client.ui.kit.text import section_header, words
from client.ui.layout import use_layout
from client.ui.places import calls_the_roll, may
from client.ui.theme import Type
from client.words import clock, duration, n, t

NEXT_POINTS = 5
STANDING_BADGE = {
    RoundStanding.COMPLETE: State.DONE,
    RoundStanding.INCOMPLETE: State.MISSED,
    RoundStanding.OPEN: State.OPEN,
    RoundStanding.AHEAD: State.OPEN,
}


@guarded
def today_screen() -> ft.Control:
    client, app = use_client(), use_app()
    patrol, _ = ft.use_state(client.state.patrol)
    layout = use_layout()
    page = ft.context.page

    async def refresh() -> None:
        await client.actions.office.sync_now()

    pulling = use_pulling(refresh)

    def open_round(subject: str) -> None:
        page.navigate(f"/round/{subject}")

    night: list[ft.Control] = [roll_call_line()] if may(app.person, "room.marked") else []
    if patrol.rounds is None or app.now is None:
        return skeleton_list()
    mine = [one for one in patrol.rounds if one.mine]
    current = current_round(mine, app.now)
    # Whose duty the night is sees it first.
    parts: list[ft.Control] = [*night] if calls_the_roll(app.person) else []
    if not patrol.rounds:
        parts.append(
            empty(ft.Icons.EVENT_AVAILABLE, t("patrol.no_rounds"), t("patrol.no_rounds_body"))
        )
    elif current is not None:
        parts += _current(current, app.now, open_round)
    parts.append(keyed("rectifications", my_rectifications))
    rest = [one for one in mine if current is None or one.subject != current.subject]
    if rest:
        parts.append(section_header(t("patrol.other_rounds")))
        parts += [keyed(one.subject, round_row, one, app.now, open_round) for one in rest]
    others = [one for one in patrol.rounds if not one.mine]
    if others:
        parts.append(section_header(t("patrol.rounds_of_others")))
        parts += [keyed(one.subject, round_row, one, app.now, open_round) for one in others]
    if night and not calls_the_roll(app.person):
        parts += night
    listing = ft.ListView(
        parts,
        expand=True,
        padding=ft.Padding.only(bottom=theme.STEP_3),
        scroll_interval=SCROLL_EVENT_MS,
        on_scroll=pulling.on_scroll,
    )
    screen = ft.Column(
        expand=True,
        spacing=0,
        controls=[
            ft.Container(pulling.around(listing), expand=True),
            ft.Container(
                padding=ft.Padding.symmetric(horizontal=theme.STEP_2, vertical=theme.STEP),
                content=ft.Row(
                    [
                        primary(
                            t("patrol.scan_to_check_in"),
                            lambda: page.navigate("/scan"),
                            ft.Icons.QR_CODE_SCANNER,
                            big=True,
                            expand=True,
                        )
                    ]
                ),
            ),
        ],
    )
    return reading_width(screen, layout)


def current_round(rounds: list[RoundView], now: datetime) -> RoundView | None:
    """The round to walk now: an open one first, else the next, else the last."""
    running = [one for one in rounds if one.opens <= now < one.closes and not one.closed]
    unfinished = [one for one in running if one.standing is RoundStanding.OPEN]
    if unfinished or running:
        return min(unfinished or running, key=lambda one: one.closes)
    ahead = [one for one in rounds if one.opens > now]
    if ahead:
        return min(ahead, key=lambda one: one.opens)
    return max(rounds, key=lambda one: one.closes, default=None)


def time_line(round_: RoundView, now: datetime) -> str:
    """What the clock says about a round, in one line."""
    window = t("patrol.window", opens=clock(round_.opens), closes=clock(round_.closes))
    if round_.standing is RoundStanding.COMPLETE:
        said = t("patrol.complete")
    elif round_.closed:
        said = n("patrol.ended_missing", len(round_.missing))
    elif now >= round_.closes:
        said = n("patrol.over_missing", len(round_.missing))
    elif now < round_.opens:
        said = t("patrol.opens_in", duration=duration(round_.opens - now))
    else:
        said = t("patrol.time_left", duration=duration(round_.closes - now))
    return t("patrol.window_and", window=window, said=said)


def _current(round_: RoundView, now: datetime, open_round) -> list[ft.Control]:
    waiting = [one for one in round_.points if one.state is PointState.OPEN]
    abnormal = sum(one.abnormal for one in round_.points)
    figures: list[ft.Control] = [
        state_badge(STANDING_BADGE[round_.standing], standing_word(round_))
    ]
    if abnormal:
        figures.append(state_badge(State.ABNORMAL, n("patrol.abnormal_count", abnormal)))
    # Not in a row, where the words below it would be cut off and not wrap.
    head = ft.Container(
        ring(round_.done, round_.total, time_line(round_, now)), alignment=ft.Alignment.CENTER
    )
    title = t("patrol.round_name", plan=round_.plan_name, name=round_.name)
    parts: list[ft.Control] = [
        ft.Container(
            padding=theme.STEP_2,
            content=card(
                ft.Column(
                    [
                        ft.Row([apart(words(title, Type.SUBTITLE, strong=True), *figures)]),
                        head,
                    ],
                    spacing=theme.STEP_2,
                ),
                lambda: open_round(round_.subject),
            ),
        )
    ]
    if waiting:
        more = quiet(t("patrol.all_points"), lambda: open_round(round_.subject))
        parts.append(section_header(t("patrol.next_points"), more))
        parts += [keyed(one.point, point_row, one) for one in waiting[:NEXT_POINTS]]
    return parts


def standing_word(round_: RoundView) -> str:
    return t(f"patrol.standing_{round_.standing.value}")


@guarded
def point_row(point: RoundPointView) -> ft.Control:
    """A point of a round with how it stands."""
    look = {
        PointState.OPEN: State.OPEN,
        PointState.DONE: State.DONE,
        PointState.LATE: State.LATE,
        PointState.MISSED: State.MISSED,
    }[point.state]
    icon, tone = look.look
    about = point.area_name
    if point.at is not None:
        about = t("patrol.done_by", area=point.area_name, who=point.by, time=clock(point.at))
    elif point.because:
        about = t("patrol.missed_because", area=point.area_name, because=point.because)
    if point.abnormal:
        sign = state_badge(State.ABNORMAL)
    elif point.state is PointState.OPEN:
        sign = risk_badge(point.risk)
    else:
        sign = state_badge(look)
    return list_row(point.name, about, leading=leading_icon(icon, tone), trailing=sign)


@guarded
def round_row(round_: RoundView, now: datetime, on_open) -> ft.Control:
    figures = t("kit.done_of_total", done=round_.done, total=round_.total)
    icon, tone = STANDING_BADGE[round_.standing].look
    return list_row(
        t("patrol.round_name", plan=round_.plan_name, name=round_.name),
        time_line(round_, now),
        leading=leading_icon(icon, tone),
        trailing=words(figures, Type.SUBTITLE, strong=True),
        on_press=lambda: on_open(round_.subject),
    )
