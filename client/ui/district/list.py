"""The district's list: major and late hazards of all its schools, to filter and to open."""

from dataclasses import replace

import flet as ft

from client.state.app import DistrictState
from client.state.views import (
    WATCHED_ROWS,
    WatchedFigures,
    WatchedFilter,
    WatchedLine,
    WatchedShown,
)
from client.ui import theme
from client.ui.context import use_client, use_loading
from client.ui.district.detail import watched_detail
from client.ui.district.look import table_head, table_row, watched_card
from client.ui.guarded import guarded, keyed, use_start, use_task
from client.ui.hazards.figures import tile
from client.ui.hazards.look import grade_word, state_word
from client.ui.kit.empty import empty, skeleton_list
from client.ui.kit.fields import use_field
from client.ui.kit.lists import paged_list, pager
from client.ui.kit.scaffolds import sub_view
from client.ui.kit.search import Choice, choice_chips, search_field
from client.ui.kit.select import select
from client.ui.layout import Layout, use_layout
from client.ui.sync_centre import use_chip
from client.words import number, t
from ledger.rules.hazards.bodies import HazardGrade
from ledger.rules.hazards.states import HazardState

DETAIL_DP, DETAIL_NARROW_DP = 520, 440
SELECT_DP, SCHOOL_SELECT_DP, SEARCH_DP = 152, 224, 320
TILES: tuple[tuple[WatchedShown, ft.IconData, theme.Tone], ...] = (
    (WatchedShown.MAJOR, ft.Icons.WARNING, theme.RED),
    (WatchedShown.OVERDUE, ft.Icons.EVENT_BUSY, theme.ORANGE),
    (WatchedShown.SUPERVISED, ft.Icons.ACCOUNT_BALANCE, theme.PURPLE),
    (WatchedShown.CLOSED, ft.Icons.TASK_ALT, theme.GREEN),
)


@guarded
def district_screen() -> ft.Control:
    client, layout, loading = use_client(), use_layout(), use_loading()
    district, _ = ft.use_state(client.state.district)
    start, page = use_start(), ft.context.page
    field = use_field(district.wanted.search)

    async def begin() -> None:
        await loading.show_watched(district.wanted)

    async def show(wanted: WatchedFilter, at: int = 0) -> None:
        await loading.show_watched(wanted, at)

    async def open_(line: WatchedLine) -> None:
        if layout.is_phone:
            page.navigate(f"/district/{_in_path(line.id)}")
        else:
            await loading.open_watched(line.id)

    async def close() -> None:
        await loading.open_watched("")

    use_task(begin)
    opened = None if layout.is_phone else district.opened
    narrow = layout.is_phone or opened is not None
    # No room for the figures: then the chips have them.
    small = narrow and layout is not Layout.WIDE
    lines = district.page.lines if district.page else None
    header = ft.Column(
        [
            *(
                [_tiles(district.figures, lambda wanted: start(show, wanted))]
                if district.figures is not None and not small
                else []
            ),
            _filters(district, field, lambda wanted: start(show, wanted), layout.is_phone, small),
            *([] if narrow or not lines else [table_head()]),
        ],
        spacing=theme.STEP_2,
        tight=True,
    )
    listing = ft.Column(
        [
            ft.Container(
                paged_list(
                    lines,
                    watched_card if narrow else table_row,
                    lambda line: line.id,
                    lambda line: start(open_, line),
                    _nothing(district.wanted),
                    on_refresh=client.actions.office.sync_now,
                    chosen=opened.line.id if opened else None,
                    header=ft.Container(header, padding=theme.STEP_2),
                ),
                expand=True,
            ),
            *_foot(district, lambda at: start(show, district.wanted, at)),
        ],
        spacing=0,
        expand=True,
    )
    if opened is None:
        return listing
    return ft.Row(
        [
            ft.Container(listing, expand=True),
            ft.VerticalDivider(width=1),
            ft.Container(
                keyed(opened.line.id, watched_detail, opened, lambda: start(close)),
                width=DETAIL_DP if layout is Layout.WIDE else DETAIL_NARROW_DP,
                bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
            ),
        ],
        expand=True,
        spacing=0,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@guarded
def watched_view() -> ft.View:
    """On a phone the detail is a screen of its own."""
    client, loading = use_client(), use_loading()
    district, _ = ft.use_state(client.state.district)
    route = ft.use_view_path()
    chip = use_chip()
    id = _from_path(ft.use_route_params().get("id", ""))
    use_task(lambda: loading.open_watched(id), [id])
    opened = district.opened
    if opened is not None and opened.line.id == id:
        body = watched_detail(opened)
    elif district.opened_missing:
        body = empty(ft.Icons.SEARCH_OFF, t("hazards.gone_title"), t("hazards.gone"))
    else:
        body = skeleton_list(3)
    return sub_view(route, t("hazards.one"), body, chip)


def _in_path(id: str) -> str:
    """A colon begins a parameter in a route."""
    return id.replace(":", "~", 1)


def _from_path(text: str) -> str:
    return text.replace("~", ":", 1)


def _tiles(figures: WatchedFigures, open_list) -> ft.Control:
    def one(shown: WatchedShown, icon: ft.IconData, tone: theme.Tone) -> ft.Control:
        amount = figures.of(shown)
        quiet = shown is not WatchedShown.CLOSED and not amount
        return tile(
            t(f"district.list_{shown.value}"),
            number(amount),
            t(f"district.note_{shown.value}"),
            icon,
            theme.QUIET if quiet else tone,
            lambda: open_list(WatchedFilter(shown=shown)),
        )

    return ft.ResponsiveRow(
        [ft.Container(one(*three), col={"xs": 6, "md": 3}) for three in TILES],
        spacing=theme.STEP,
        run_spacing=theme.STEP,
    )


def _filters(district: DistrictState, field, on_change, phone: bool, counted: bool) -> ft.Control:
    """`counted` has the figures on the chips. A phone asks for a school alone."""
    wanted, figures = district.wanted, district.figures
    search = search_field(
        lambda text: on_change(replace(wanted, search=text)), t("district.search"), field
    )
    school = select(
        t("district.school"),
        wanted.school,
        list(figures.schools) if figures else [],
        lambda id: on_change(replace(wanted, school=id)),
        None if phone else SCHOOL_SELECT_DP,
    )
    chips = choice_chips(
        tuple(
            Choice(
                one.value,
                t(f"district.list_{one.value}"),
                figures.of(one) if counted and figures else None,
            )
            for one in WatchedShown
        ),
        wanted.shown.value,
        lambda name: on_change(replace(wanted, shown=WatchedShown(name), state=None)),
    )
    if phone:
        return ft.Column([chips, ft.Row([school]), search], tight=True, spacing=theme.STEP)
    selects = ft.Row(
        [
            school,
            select(
                t("hazards.grade"),
                wanted.grade.value if wanted.grade else "",
                [(one.value, grade_word(one)) for one in HazardGrade],
                lambda id: on_change(replace(wanted, grade=HazardGrade(id) if id else None)),
                SELECT_DP,
            ),
            select(
                t("hazards.state"),
                wanted.state.value if wanted.state else "",
                [(one.value, state_word(one)) for one in HazardState],
                lambda id: on_change(replace(wanted, state=HazardState(id) if id else None)),
                SELECT_DP,
            ),
            ft.Container(search, width=SEARCH_DP),
        ],
        wrap=True,
        spacing=theme.STEP,
        run_spacing=theme.STEP,
    )
    return ft.Column([chips, selects], tight=True, spacing=theme.STEP)


def _nothing(wanted: WatchedFilter) -> ft.Control:
    if wanted != WatchedFilter(shown=wanted.shown):
        return empty(ft.Icons.SEARCH_OFF, t("district.none_found"), t("district.none_found_body"))
    # Each list says what will appear on it; that of the late ones is the open ones' own.
    body = t(f"district.none_body_{wanted.shown.value}")
    return empty(ft.Icons.VERIFIED, t("district.none"), body)


def _foot(district: DistrictState, go) -> list[ft.Control]:
    page = district.page
    if page is None or page.total <= WATCHED_ROWS:
        return []
    return [pager(page.page, -(-page.total // WATCHED_ROWS), page.total, go)]
