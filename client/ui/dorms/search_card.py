"""Everything that is needed to find one child: who, since when, whom to call, what was done."""

from datetime import datetime, timedelta

import flet as ft

from client.actions.errors import ActionFailed
from client.state.app import AppState
from client.state.views import FollowView, MissingView
from client.ui import theme
from client.ui.context import sentence, use_app, use_client
from client.ui.dorms.ladder import ladder_step
from client.ui.dorms.look import line_field, room_name
from client.ui.entrance.frame import notice
from client.ui.guarded import guarded, use_start
from client.ui.kit.badges import badge
from client.ui.kit.buttons import primary, secondary
from client.ui.kit.dialogs import say
from client.ui.kit.facts import fact, section
from client.ui.kit.fields import use_field
from client.ui.kit.rows import list_row
from client.ui.kit.text import heading, words
from client.ui.theme import Type
from client.words import duration, t, when
from ledger.rules.dorms.bodies import Outcome
from ledger.rules.places import Called

A_MINUTE = timedelta(minutes=1)
TOLD_AT_ONCE = 20


@guarded
def search_card(search: MissingView) -> ft.Control:
    client, app = use_client(), use_app()
    page, start = ft.context.page, use_start()
    where = use_field()

    async def follow(step: int, whom: str, outcome: Outcome) -> None:
        try:
            await client.actions.dorms.follow(search, step, whom, outcome)
        except ActionFailed as error:
            say(page, sentence(error))
        else:
            say(page, t("dorms.noted"))

    async def found() -> None:
        try:
            await client.actions.dorms.found(search, where.value)
        except ActionFailed as error:
            say(page, sentence(error))
        else:
            say(page, t("dorms.found_said", name=search.name or t("dorms.name_unknown")))

    note = lambda step, whom, outcome: start(follow, step, whom, outcome)  # noqa: E731
    # The clock of the screens may be some seconds behind the mark itself.
    now = max(app.now, search.raised_at) if app.now is not None else None
    parts: list[ft.Control] = [_who(search, app)]
    if search.found_at is None:
        parts.append(_told(search))
        parts += [ladder_step(one, now, note) for one in search.ladder]
        parts.append(
            ft.Row(
                [
                    secondary(
                        t("dorms.searched"),
                        lambda: note(_current(search, app.now), "", Outcome.SEARCHED),
                        ft.Icons.DIRECTIONS_WALK,
                        expand=True,
                    )
                ]
            )
        )
    parts.append(section(t("dorms.log"), _log(search.log, app.now), spacing=0))
    body: list[ft.Control] = [
        ft.ListView(parts, expand=True, spacing=theme.STEP_2, padding=theme.STEP_2)
    ]
    if search.found_at is None:
        body.append(
            ft.Container(
                ft.Column(
                    [
                        line_field(where, t("dorms.found_where")),
                        ft.Row(
                            [
                                primary(
                                    t("dorms.found_button"),
                                    found,
                                    ft.Icons.HOW_TO_REG,
                                    big=True,
                                    expand=True,
                                )
                            ]
                        ),
                    ],
                    spacing=theme.STEP,
                    tight=True,
                ),
                padding=ft.Padding.symmetric(horizontal=theme.STEP_2, vertical=theme.STEP),
            )
        )
    return ft.Column(body, spacing=0, expand=True)


def since(search: MissingView, now: datetime | None) -> str:
    so_far = (now or search.raised_at) - search.raised_at
    time = when(search.raised_at, now.date() if now is not None else None)
    if so_far < A_MINUTE:
        return t("dorms.since_just", time=time)
    return t("dorms.since", time=time, duration=duration(so_far))


def _who(search: MissingView, app: AppState) -> ft.Control:
    place = f"{search.building_name} {room_name(search.room)}"
    if search.bed:
        place += f" · {t('dorms.bed', bed=search.bed)}"
    ended = (
        badge(
            ft.Icons.HOW_TO_REG,
            t(
                "dorms.found_done",
                who=search.found_by,
                time=when(search.found_at, app.now.date() if app.now else None),
            ),
            theme.GREEN,
        )
        if search.found_at is not None
        else badge(ft.Icons.PERSON_SEARCH, since(search, app.now), theme.RED)
    )
    return ft.Container(
        ft.Column(
            [
                heading(search.name or t("dorms.name_unknown"), Type.FIGURE),
                ended,
                fact(t("dorms.place"), place),
                fact(t("dorms.class_name"), search.class_id),
                fact(t("dorms.last_seen"), search.last_seen or t("dorms.last_seen_unknown")),
                words(t("dorms.raised_by", who=search.raised_by), Type.SMALL, muted=True),
            ],
            spacing=theme.STEP,
            tight=True,
        ),
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOW,
        border=ft.Border.all(2, theme.RED.ink) if search.found_at is None else None,
        border_radius=theme.CORNER_BIG,
        padding=theme.STEP_2,
    )


def _told(search: MissingView) -> ft.Control:
    """Who else knows, said plainly."""
    if search.told:
        names = t("dorms.name_comma").join(
            dict.fromkeys(one.name or _whom(one.whom) for one in search.told[:TOLD_AT_ONCE])
        )
        return notice(t("dorms.told", names=names), theme.GREEN)
    if search.pending:
        return notice(t("dorms.only_here"))
    return notice(t("dorms.reached_server"), theme.GREEN)


def _current(search: MissingView, now: datetime | None) -> int:
    """The step the ladder has reached."""
    return max((one.step for one in search.ladder if now is None or one.due <= now), default=0)


def _log(log: tuple[FollowView, ...], now: datetime | None) -> list[ft.Control]:
    if not log:
        return [words(t("dorms.no_log"), muted=True)]
    today = now.date() if now is not None else None
    return [
        list_row(
            _what(one), " · ".join(part for part in (one.by, when(one.at, today), one.note) if part)
        )
        for one in log[::-1]
    ]


def _what(one: FollowView) -> str:
    outcome = t(f"dorms.outcome_{one.outcome.value}")
    if not one.whom:
        return outcome
    return t("dorms.log_about", name=one.name or _whom(one.whom), outcome=outcome)


def _whom(whom: str) -> str:
    return t(f"dorms.called_{whom}") if whom in set(Called) else whom
