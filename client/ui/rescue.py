"""After a damaged database was repaired: what was saved, what is missing, what happens next."""

from datetime import datetime

import flet as ft

from client.state.app import AppState
from client.state.views import Missing, RescueNote
from client.ui import theme
from client.ui.context import use_app, use_client
from client.ui.guarded import guarded
from client.ui.kit.buttons import quiet
from client.ui.kit.text import words
from client.ui.layout import use_layout
from client.ui.theme import Type
from client.words import n, number, t, when


@guarded
def rescue_notice(note: RescueNote) -> ft.Control:
    """Stays above everything until the person says that they have read it."""
    client, app, layout = use_client(), use_app(), use_layout()
    tone = theme.YELLOW if note.missing else theme.GREEN
    icon = ft.Icons.HEALING if note.missing else ft.Icons.VERIFIED

    async def read() -> None:
        await client.actions.rescue_read()

    said = ft.Semantics(
        live_region=True,
        container=True,
        expand=True,
        content=ft.Column(
            [
                words(t("rescue.title"), color=tone.ink, strong=True),
                *(words(line, Type.SMALL, color=tone.ink) for line in told(note, app)),
            ],
            tight=True,
            spacing=theme.HALF,
        ),
    )
    signed = ft.Row(
        [ft.Icon(icon, color=tone.ink), said],
        spacing=theme.STEP_2,
        vertical_alignment=ft.CrossAxisAlignment.START,
        expand=None if layout.is_phone else True,
    )
    button = ft.Row(
        [quiet(t("rescue.have_read"), read)],
        alignment=ft.MainAxisAlignment.END,
        tight=not layout.is_phone,
    )

    return ft.Container(
        padding=ft.Padding.symmetric(horizontal=theme.STEP_2, vertical=theme.STEP),
        bgcolor=tone.wash,
        # Beside each other where there is room; below the words on a phone.
        content=ft.Column([signed, button], tight=True, spacing=0)
        if layout.is_phone
        else ft.Row([signed, button], vertical_alignment=ft.CrossAxisAlignment.START),
    )


def told(note: RescueNote, app: AppState) -> list[str]:
    """What happened, what is safe, what to do."""
    lines = [
        t(
            "rescue.saved",
            total=number(note.rescued),
            own=number(note.own),
            unsent=number(note.unsent),
        )
    ]
    if note.backup:
        lines.append(t("rescue.backup", time=_when(note.backup, app)))
    lines += [_missing(gap, app) for gap in note.missing]
    if note.renewed:
        lines.append(t("rescue.renewed"))
    if not note.settled:
        lines.append(t("rescue.will_ask"))
    elif note.missing:
        lines.append(t("rescue.write_again"))
    else:
        lines.append(t("rescue.nothing_missing"))
    return lines


def _missing(gap: Missing, app: AppState) -> str:
    count = gap.last - gap.first + 1
    after, before = _when(gap.after, app), _when(gap.before, app)
    if after and before:
        return n("rescue.missing_between", count, first=gap.first, after=after, before=before)
    if after:
        return n("rescue.missing_after", count, first=gap.first, after=after)
    return n("rescue.missing", count, first=gap.first)


def _when(text: str, app: AppState) -> str:
    if not text:
        return ""
    return when(datetime.fromisoformat(text).astimezone(app.now.tzinfo if app.now else None))
