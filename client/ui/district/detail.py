"""One watched hazard, whole: what its school did, what the district said, and what it may say."""

from typing import cast

import flet as ft

from client.state.views import PhotoView, WatchedDetail
from client.ui import theme
from client.ui.district.look import badges_of, title_of
from client.ui.district.saying import KIND_OF, Word, use_saying
from client.ui.entrance.frame import notice
from client.ui.guarded import guarded
from client.ui.hazards.look import category_word, grade_word, source_word
from client.ui.hazards.photos import photo_panel, photo_strip, side_by_side
from client.ui.hazards.timeline import timeline
from client.ui.kit.buttons import icon_button, primary, secondary
from client.ui.kit.facts import fact, section
from client.ui.kit.overlay import over
from client.ui.kit.text import heading, words
from client.ui.layout import use_layout
from client.words import day, t, when
from ledger.rules.district.bodies import Why

PANEL_DP = 560
_ICONS: dict[Word, ft.IconData] = {
    Word.SUPERVISE: ft.Icons.ACCOUNT_BALANCE,
    Word.NOTIFY: ft.Icons.CAMPAIGN,
    Word.LIFT: ft.Icons.REMOVE_MODERATOR,
}


@guarded
def watched_detail(detail: WatchedDetail, on_close=None) -> ft.Control:
    layout, saying = use_layout(), use_saying()
    shown, set_shown = ft.use_state(cast(PhotoView | None, None))
    line = detail.line

    def open_photo(photo: PhotoView) -> None:
        set_shown(lambda _: photo)

    def hide_photo() -> None:
        set_shown(lambda _: None)

    title = ft.Column(
        [
            heading(title_of(line), theme.Type.TITLE),
            words(" · ".join(one for one in (line.school_name, line.number, line.place) if one)),
        ],
        tight=True,
        spacing=theme.HALF,
        expand=True,
    )
    close = [icon_button(ft.Icons.CLOSE, t("common.close"), on_close)] if on_close else []
    parts: list[ft.Control] = [
        ft.Row([title, *close], vertical_alignment=ft.CrossAxisAlignment.START),
        ft.Row(badges_of(line), wrap=True, spacing=theme.STEP, run_spacing=theme.STEP),
        words(_why(detail), muted=True),
    ]
    if line.supervised_until is not None:
        parts.append(_supervision(detail))
    if detail.before or detail.after:
        parts.append(side_by_side(detail.before, detail.after, open_photo, 220))
    if detail.other:
        parts.append(photo_strip(detail.other, open_photo))
    parts += [_facts(detail), section(t("hazards.history"), [timeline(detail.steps, open_photo)])]
    listing = ft.ListView(
        [ft.Container(part, padding=ft.Padding.only(bottom=theme.STEP_2)) for part in parts],
        key=line.id,
        padding=theme.STEP_2 if layout.is_phone else theme.STEP_3,
        expand=True,
    )
    buttons = _buttons(detail, saying.begin)
    foot = ft.Container(
        ft.Row(buttons, wrap=True, spacing=theme.STEP, run_spacing=theme.STEP),
        padding=theme.STEP_2,
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOW,
    )
    whole = ft.Column(
        [ft.Container(listing, expand=True), *([foot] if buttons else [])],
        spacing=0,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    if shown is not None:
        return over(whole, photo_panel(shown, hide_photo), hide_photo, whole=True)
    return over(whole, saying.panel, saying.close, width=PANEL_DP)


def _why(detail: WatchedDetail) -> str:
    line = detail.line
    reasons = [t(f"district.why_{why.value}") for why in Why if why in line.why]
    return t("district.listed", time=when(line.listed_at), why=" · ".join(reasons))


def _supervision(detail: WatchedDetail) -> ft.Control:
    line = detail.line
    said = t(
        "district.supervision",
        person=detail.supervised_by,
        time=when(detail.supervised_at) if detail.supervised_at else "",
        day=day(line.supervised_until) if line.supervised_until else "",
        demand=detail.demand,
    )
    return notice(said, theme.RED if line.supervision_late else theme.PURPLE)


def _buttons(detail: WatchedDetail, begin) -> list[ft.Control]:
    found: list[ft.Control] = []
    for word in Word:
        if KIND_OF[word] not in detail.may:
            continue
        again = word is Word.SUPERVISE and detail.line.supervised_until is not None
        said = t("district.supervise_again") if again else t(f"district.say_{word.value}")
        make = secondary if found or again else primary
        found.append(make(said, _pressed(begin, word, detail), _ICONS[word]))
    return found


def _pressed(begin, word: Word, detail: WatchedDetail):
    return lambda: begin(word, detail)


def _facts(detail: WatchedDetail) -> ft.Control:
    line = detail.line
    pairs = (
        (t("district.found_at"), when(line.reported_at)),
        (t("hazards.source"), source_word(detail.source)),
        (t("hazards.category"), category_word(line.category)),
        (t("hazards.grade"), grade_word(line.grade)),
        (t("district.condition"), detail.condition),
        (t("hazards.responsible"), line.responsible),
        (t("district.unit"), detail.unit),
        (t("hazards.measure"), detail.measure),
        (t("hazards.deadline"), line.deadline.isoformat() if line.deadline else ""),
        (t("hazards.protection_short"), detail.protection),
        (t("hazards.closed_at"), when(detail.closed_at) if detail.closed_at else ""),
    )
    return ft.Column(
        [fact(name, value) for name, value in pairs if value], tight=True, spacing=theme.STEP
    )
