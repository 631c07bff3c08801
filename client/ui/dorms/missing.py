"""未归待查: one card with everything that is needed to find a child, and a banner until then."""

from datetime import datetime, timedelta

import flet as ft

from client.actions.errors import ActionFailed
from client.state.app import AppState
from client.state.views import CallView, FollowView, LadderStepView, MissingView
from client.ui import theme
from client.ui.context import sentence, use_app, use_client, use_loading
from client.ui.dorms.look import line_field, room_name
from client.ui.entrance.frame import notice
from client.ui.guarded import guarded, keyed, use_start
from client.ui.kit.badges import badge
from client.ui.kit.buttons import primary, quiet, secondary
from client.ui.kit.dialogs import say
from client.ui.kit.empty import empty
from client.ui.kit.facts import fact, section
from client.ui.kit.fields import use_field
from client.ui.kit.rows import card, list_row
from client.ui.kit.scaffolds import sub_view
from client.ui.kit.text import heading, words
from client.ui.sync_centre import chip_of
from client.ui.theme import Type
from client.words import duration, n, t, when
from ledger.rules.dorms.bodies import Outcome
from ledger.rules.places import Called

SECONDS_A_MINUTE = 60
A_MINUTE = timedelta(seconds=SECONDS_A_MINUTE)
TOLD_AT_ONCE = 20
MOBILE_DIGITS = 11


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
                quiet(t("dorms.missing_open"), lambda: start(open_), danger=True),
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
    search = dorms.search

    async def open_(id: str) -> None:
        await loading.open_search(id)

    chip = chip_of(app, lambda: page.navigate("/sync"))
    if search is not None:
        body = keyed(search.id, missing_card, search)
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
    return sub_view(route, t("dorms.missing_title"), body, chip)


@guarded
def search_row(search: MissingView, now: datetime | None, on_open) -> ft.Control:
    return list_row(
        search.name or t("dorms.name_unknown"),
        f"{search.building_name} {room_name(search.room)} · {_since(search, now)}",
        leading=ft.Icon(ft.Icons.PERSON_SEARCH, color=theme.RED.ink),
        on_press=lambda: on_open(search.id),
        strong=True,
    )


@guarded
def missing_card(search: MissingView) -> ft.Control:
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
        parts += [_step(one, now, note) for one in search.ladder]
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


def _since(search: MissingView, now: datetime | None) -> str:
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
        else badge(ft.Icons.PERSON_SEARCH, _since(search, app.now), theme.RED)
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


def _step(step: LadderStepView, now: datetime | None, note) -> ft.Control:
    left = (step.due - now).total_seconds() if now is not None else 0
    number = step.step + 1
    if left > 0 and step.minutes:
        minutes = -(-int(left) // SECONDS_A_MINUTE)
        title = t("dorms.step_in", number=number, minutes=max(1, minutes))
    elif -left < SECONDS_A_MINUTE:
        title = t("dorms.step_now", number=number)
    else:
        title = t("dorms.step_since", number=number, duration=duration(-left))
    calls = [_call(step.step, one, note) for one in step.calls]
    if not calls:
        calls = [words(t("dorms.nobody_named"), muted=True)]
    return card(
        ft.Column(
            [
                words(
                    title,
                    Type.SUBTITLE,
                    strong=True,
                    color=None if left > 0 and step.minutes else theme.RED.ink,
                ),
                *calls,
            ],
            spacing=theme.STEP,
            tight=True,
        )
    )


def _call(step: int, call: CallView, note) -> ft.Control:
    who = t(f"dorms.called_{call.called.value}")
    lines: list[ft.Control] = [
        words(f"{who} · {call.name}" if call.name else who, strong=True),
    ]
    if call.called is Called.POLICE:
        lines.append(words(t("dorms.police_note"), Type.SMALL, muted=True))
    if call.outcome is not None:
        lines.append(words(t(f"dorms.outcome_{call.outcome.value}"), Type.SMALL, muted=True))
    dial: ft.Control = words(t("dorms.no_phone"), Type.SMALL, muted=True)
    if call.phone:
        dial = ft.FilledButton(
            t("dorms.dial", phone=grouped(call.phone)),
            icon=ft.Icons.CALL,
            url=f"tel:{call.phone}",
            expand=True,
            style=ft.ButtonStyle(
                padding=ft.Padding.symmetric(horizontal=theme.STEP_2, vertical=14),
                shape=ft.RoundedRectangleBorder(radius=theme.CORNER),
            ),
        )
    outcomes = (
        (Outcome.POLICE, Outcome.NO_ANSWER)
        if call.called is Called.POLICE
        else (Outcome.REACHED, Outcome.NO_ANSWER)
    )

    def noting(outcome: Outcome) -> ft.Control:
        return secondary(
            t(f"dorms.outcome_{outcome.value}"), lambda: note(step, call.whom, outcome)
        )

    return ft.Column(
        [
            *lines,
            ft.Row([dial]),
            ft.Row([noting(one) for one in outcomes], wrap=True, spacing=theme.HALF),
        ],
        spacing=theme.HALF,
        tight=True,
    )


def grouped(phone: str) -> str:
    """A mobile number as people read it aloud: 138 0000 0002. Any other as it was entered."""
    if len(phone) == MOBILE_DIGITS and phone.isdecimal():
        return f"{phone[:3]} {phone[3:7]} {phone[7:]}"
    return phone


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
