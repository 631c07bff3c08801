"""How statuses and rooms look: icon, word and colour, never colour alone."""

from datetime import date, datetime, timedelta

import flet as ft

from client.state.views import UNROOMED, Counts, NightClosing, TileState, night_is_over
from client.ui import theme
from client.ui.kit.badges import badge
from client.ui.kit.fields import Field, field_label
from client.ui.theme import Tone
from client.words import clock, day, n, t
from ledger.rules.dorms.statuses import Status

STATUS_LOOKS: dict[Status, tuple[ft.IconData, Tone]] = {
    Status.PRESENT: (ft.Icons.CHECK_CIRCLE, theme.GREEN),
    Status.LEAVE: (ft.Icons.EVENT_NOTE, theme.BLUE),
    Status.SICK: (ft.Icons.LOCAL_HOSPITAL, theme.PURPLE),
    Status.LATE: (ft.Icons.WATCH_LATER, theme.ORANGE),
    Status.OTHER_ROOM: (ft.Icons.SWAP_HORIZ, theme.YELLOW),
    Status.ACTIVITY: (ft.Icons.EMOJI_EVENTS, theme.BLUE),
    Status.MISSING: (ft.Icons.PERSON_SEARCH, theme.RED),
    Status.FOUND: (ft.Icons.HOW_TO_REG, theme.GREEN),
}
TILE_LOOKS: dict[TileState, tuple[ft.IconData, Tone]] = {
    TileState.OPEN: (ft.Icons.RADIO_BUTTON_UNCHECKED, theme.QUIET),
    TileState.DONE: (ft.Icons.CHECK_CIRCLE, theme.GREEN),
    TileState.EXCEPTIONS: (ft.Icons.WATCH_LATER, theme.ORANGE),
    TileState.CONTESTED: (ft.Icons.CALL_SPLIT, theme.YELLOW),
    TileState.MISSING: (ft.Icons.PERSON_SEARCH, theme.RED),
    TileState.EMPTY: (ft.Icons.REMOVE, theme.QUIET),
}


def status_word(status: Status | None) -> str:
    return t("dorms.not_marked") if status is None else t(f"dorms.status_{status.value}")


def status_badge(status: Status | None) -> ft.Control:
    if status is None:
        return badge(ft.Icons.RADIO_BUTTON_UNCHECKED, status_word(None), theme.QUIET)
    icon, tone = STATUS_LOOKS[status]
    return badge(icon, status_word(status), tone)


def tile_badge(state: TileState) -> ft.Control:
    icon, tone = TILE_LOOKS[state]
    return badge(icon, t(f"dorms.tile_{state.value}"), tone)


def room_name(room: str) -> str:
    return t("dorms.unroomed") if room == UNROOMED else room


def night_title(night: str, tonight: str, now: datetime | None) -> str:
    """今晚 · 11月24日; another night by its date alone."""
    if not night:
        return ""
    here = date.fromisoformat(night)
    # Asked on the day before, a date is never called today.
    said = day(here, here - timedelta(days=1))
    if night == tonight:
        over = now is not None and night_is_over(night, now)
        which = t("dorms.last_night") if over else t("dorms.tonight")
        return t("dorms.night_title", which=which, day=said)
    return said


def counts_line(counts: Counts) -> list[ft.Control]:
    """The numbers that want to be looked at, each a badge."""
    badges: list[ft.Control] = []
    missing = counts.of(Status.MISSING)
    if missing:
        badges.append(_counted(Status.MISSING, n("dorms.missing_count", missing)))
    if counts.contested:
        icon, tone = TILE_LOOKS[TileState.CONTESTED]
        badges.append(badge(icon, n("dorms.contested_count", counts.contested), tone))
    for status, count in counts.statuses:
        if status not in (Status.MISSING, Status.PRESENT):
            badges.append(_counted(status, f"{status_word(status)} {count}"))
    if counts.unmarked:
        icon, tone = TILE_LOOKS[TileState.OPEN]
        badges.append(badge(icon, n("dorms.unmarked_count", counts.unmarked), tone))
    return badges


def _counted(status: Status, word: str) -> ft.Control:
    icon, tone = STATUS_LOOKS[status]
    return badge(icon, word, tone)


def closing_line(closing: NightClosing) -> str:
    said = t("dorms.closed_by", who=closing.by, time=clock(closing.at))
    return t("dorms.comma").join([said, *([t("dorms.closed_later")] if closing.later else [])])


def line_field(field: Field, label: str, *, autofocus: bool = False) -> ft.Control:
    """One line of words; takes no more than an entry does."""
    box = ft.TextField(
        ref=field.ref,
        key=field.key,
        value=field.value,
        label=field_label(label),
        max_length=200,
        counter="",
        autofocus=autofocus,
        color=ft.Colors.ON_SURFACE,
        border=ft.OutlineInputBorder(border_radius=theme.CORNER),
        expand=True,
    )
    # A row, because a field in a column would not take its whole width.
    return ft.Row([box])
