"""The person's own page: who and where they are, how the app looks, and the way out."""

from collections.abc import Callable

import flet as ft

from client.settings import app_version
from client.state.app import AppState
from client.ui import theme
from client.ui.context import use_app, use_client
from client.ui.guarded import guarded, use_start
from client.ui.kit.buttons import secondary
from client.ui.kit.dialogs import Question, use_confirm
from client.ui.kit.facts import fact
from client.ui.kit.rows import card, leading_icon, list_row
from client.ui.kit.search import Choice, choice_chips
from client.ui.kit.text import heading, words
from client.ui.layout import use_layout
from client.ui.sync_centre import told
from client.ui.sync_moving import what_moves
from client.ui.theme import Type
from client.words import LANGUAGES, n, t

THEMES = ("system", "light", "dark")
TEXT_SIZES = (1.0, 1.25, 1.5, 2.0)


@guarded
def me_screen() -> ft.Control:
    client, app, layout = use_client(), use_app(), use_layout()
    leaving, set_leaving = ft.use_state(False)
    ask = use_confirm()
    page, start = ft.context.page, use_start()

    async def choose(name: str, value: str) -> None:
        await client.actions.choose(name, value)

    async def sign_out() -> None:
        if await ask(_question(app)):
            set_leaving(True)
            try:
                await client.actions.office.sign_out()
            finally:
                set_leaving(False)

    icon, tone, title, _ = told(app.sync)
    parts = [
        card(_person(app)),
        ft.Container(
            ft.Column(
                [
                    list_row(
                        t("sync.title"),
                        title,
                        leading=leading_icon(icon, tone),
                        trailing=_onward(),
                        on_press=lambda: page.navigate("/sync"),
                    ),
                    # Whoever has no network looks for the way out here, not behind "in sync".
                    list_row(
                        t("bundle.title"),
                        what_moves(app.bundle.moving) if app.bundle else t("bundle.export"),
                        leading=leading_icon(ft.Icons.OUTBOX),
                        trailing=_onward(),
                        on_press=lambda: page.navigate("/sync"),
                    ),
                ],
                spacing=0,
                tight=True,
            ),
            bgcolor=ft.Colors.SURFACE_CONTAINER_LOW,
            border_radius=theme.CORNER_BIG,
            clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
        ),
        card(_appearance(app, lambda name, value: start(choose, name, value))),
        card(_device(app)),
        ft.Row(
            [
                secondary(
                    t("me.sign_out"),
                    None if leaving or app.read_only else (lambda: start(sign_out)),
                    ft.Icons.LOGOUT,
                    danger=True,
                    expand=True,
                )
            ]
        ),
        words(
            t("me.version", version=app_version()),
            Type.SMALL,
            muted=True,
            align=ft.TextAlign.CENTER,
        ),
    ]
    column = ft.Column(
        parts,
        spacing=theme.STEP_2,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    if not layout.is_phone:
        column = ft.Row(
            [ft.Container(column, width=theme.READING_WIDTH)],
            alignment=ft.MainAxisAlignment.CENTER,
        )
    return ft.ListView([column], expand=True, padding=theme.STEP_2)


def _onward() -> ft.Control:
    return ft.Icon(ft.Icons.CHEVRON_RIGHT, color=ft.Colors.ON_SURFACE_VARIANT)


def _question(app: AppState) -> Question:
    # What the server has not confirmed is as good as unsent.
    waiting = 0
    if app.sync is not None and app.sync.written and not app.sync.all_synced:
        waiting = max(app.sync.pending, app.sync.written - app.sync.confirmed, 0)
        waiting = app.sync.written if app.sync.disputed else waiting
    if waiting:
        body = n("me.sign_out_waiting", waiting)
        return Question(t("me.sign_out_title"), body, t("me.sign_out_anyway"), danger=True)
    if app.sync is not None and app.sync.photos:
        body = n("me.sign_out_photos", app.sync.photos)
        return Question(t("me.sign_out_title"), body, t("me.sign_out_anyway"), danger=True)
    return Question(t("me.sign_out_title"), t("me.sign_out_body"), t("me.sign_out"))


def _person(app: AppState) -> ft.Control:
    person, school = app.person, app.school
    name = person.name if person else t("me.name_coming")
    roles = t("desk.name_separator").join(
        t(f"me.role_{role.value}") for role in (person.roles if person else ())
    )
    face = ft.Container(
        words(name[:1], Type.BAR, color=ft.Colors.ON_PRIMARY_CONTAINER),
        width=56,
        height=56,
        border_radius=28,
        bgcolor=ft.Colors.PRIMARY_CONTAINER,
        alignment=ft.Alignment.CENTER,
    )
    lines: list[ft.Control] = [
        heading(name, Type.TITLE),
        *([words(roles, muted=True)] if roles else []),
        *([words(school.name, muted=True)] if school else []),
    ]
    return ft.Row(
        [
            ft.Semantics(content=face, exclude_semantics=True),
            ft.Column(lines, tight=True, spacing=2, expand=True),
        ],
        spacing=theme.STEP_2,
    )


def _appearance(app: AppState, choose: Callable[[str, str], None]) -> ft.Control:
    sizes = tuple(
        Choice(str(size), t("me.percent", percent=round(size * 100))) for size in TEXT_SIZES
    )
    nearest = min(TEXT_SIZES, key=lambda size: abs(size - app.text_scale))
    groups = [
        (
            "language",
            t("me.language"),
            tuple(Choice(name, t(f"me.language_{name}")) for name in LANGUAGES),
            app.language,
        ),
        (
            "theme",
            t("me.theme"),
            tuple(Choice(name, _theme_word(name)) for name in THEMES),
            app.theme,
        ),
        ("text_scale", t("me.text_size"), sizes, str(nearest)),
    ]
    return ft.Column(
        [
            ft.Column(
                [
                    words(title, Type.SMALL, muted=True),
                    choice_chips(choices, chosen, lambda value, name=name: choose(name, value)),
                ],
                tight=True,
                spacing=theme.STEP,
            )
            for name, title, choices, chosen in groups
        ],
        tight=True,
        spacing=theme.STEP_2,
    )


def _theme_word(name: str) -> str:
    match name:
        case "light":
            return t("common.light")
        case "dark":
            return t("common.dark")
        case _:
            return t("common.follow_system")


def _device(app: AppState) -> ft.Control:
    school = app.school
    return ft.Column(
        [
            *([fact(t("me.district"), school.district)] if school else []),
            fact(t("me.device"), app.device_name or t("common.none")),
            fact(t("me.server"), app.server or t("common.none")),
        ],
        tight=True,
        spacing=theme.STEP,
    )
