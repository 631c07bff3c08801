"""The whole app on a page: which phase it is in, and where its routes lead."""

from functools import partial

import flet as ft

from client.state.app import AppState, Phase
from client.ui import theme
from client.ui.attendance.pupil import pupil_view
from client.ui.attendance.screen import attendance_screen
from client.ui.context import Client, ClientContext, show_on, use_app
from client.ui.desk.patrol import check_in_view, patrol_screen
from client.ui.desk.points import points_screen
from client.ui.district.list import district_screen, watched_view
from client.ui.dorms.map import dorms_screen
from client.ui.dorms.missing import missing_banner, missing_view
from client.ui.dorms.room import room_view
from client.ui.entrance.broken import broken_view, repairing_view, starting_view
from client.ui.entrance.lock import lock_view
from client.ui.entrance.sign_in import sign_in_view
from client.ui.guarded import guarded, keyed, watch_over
from client.ui.hazards.inbox import inbox_screen
from client.ui.hazards.ledger import ledger_screen
from client.ui.hazards.list import hazard_view, hazards_screen
from client.ui.hazards.rectify import rectify_view
from client.ui.hazards.report import report_view
from client.ui.kit.buttons import icon_button, primary
from client.ui.kit.empty import empty
from client.ui.kit.scaffolds import desktop_view, phone_view
from client.ui.layout import LayoutContext, use_layout, use_page_layout
from client.ui.leave.form import new_leave_view
from client.ui.leave.screen import leave_screen, leave_view
from client.ui.me import me_screen
from client.ui.overview import overview_screen
from client.ui.places import calls_the_roll, destinations, may
from client.ui.rescue import rescue_notice
from client.ui.roster.screen import roster_screen
from client.ui.round import round_view
from client.ui.scan.screen import scan_view
from client.ui.sync_centre import chip_of, sync_view
from client.ui.today import today_screen
from client.words import language, t, use

DARK_FROM_HOUR = 20
DARK_UNTIL_HOUR = 6


async def open_page(page: ft.Page, client: Client) -> None:
    """Draw the client on a page; several pages of one process show the same state."""
    page.title = t("common.app_name")
    watch_over(page)
    show_on(page, client)
    dress(page, client.state.app)
    page.on_app_lifecycle_state_change = partial(_lifecycle, client)
    _follow_network(page, client)
    page.render_views(root, client)


def dress(page: ft.Page, app: AppState) -> None:
    """Theme and language as the person chose them."""
    if language() != app.language:
        use(app.language)
    theme.apply(page, theme_mode(app), app.text_scale)


def theme_mode(app: AppState) -> ft.ThemeMode:
    """As the person chose; who never did and calls the roll has it dark at night by itself."""
    night = app.now is not None and not DARK_UNTIL_HOUR <= app.now.hour < DARK_FROM_HOUR
    if night and not app.theme_chosen and calls_the_roll(app.person):
        return ft.ThemeMode.DARK
    return ft.ThemeMode(app.theme)


def _lifecycle(client: Client, e: ft.AppLifecycleStateChangeEvent) -> None:
    if e.state in (ft.AppLifecycleState.RESUME, ft.AppLifecycleState.SHOW):
        client.wake()


def _follow_network(page: ft.Page, client: Client) -> None:
    """The system says that there is a network again: a reason to sync now."""

    def changed(e: ft.ConnectivityChangeEvent) -> None:
        if any(kind is not ft.ConnectivityType.NONE for kind in e.connectivity):
            mobile = {ft.ConnectivityType.MOBILE, ft.ConnectivityType.VPN}
            client.wake(metered=set(e.connectivity) <= mobile)

    # The page keeps services alive only as long as somebody refers to them.
    page.session.connectivity = ft.Connectivity(on_change=changed)  # type: ignore[attr-defined]


@guarded
def root(client: Client):
    layout = use_page_layout()
    return ClientContext(client, partial(LayoutContext, layout, phases))


@guarded
def phases():
    app = use_app()
    page = ft.context.page
    dressed = (theme_mode(app), app.language, app.text_scale)
    if language() != app.language:
        # Before anything is drawn; the effect comes after.
        use(app.language)
    ft.use_effect(lambda: dress(page, app), dressed)
    match app.phase:
        case Phase.STARTING:
            return ft.Router([ft.Route(component=starting_view, index=True)], manage_views=True)
        case Phase.REPAIRING:
            return ft.Router([ft.Route(component=repairing_view, index=True)], manage_views=True)
        case Phase.BROKEN:
            return ft.Router([ft.Route(component=broken_view, index=True)], manage_views=True)
        case Phase.LOCKED | Phase.NEW_LOCK:
            return ft.Router([ft.Route(component=lock_view, index=True)], manage_views=True)
        case Phase.SIGNED_OUT:
            return ft.Router([ft.Route(component=sign_in_view, index=True)], manage_views=True)
        case Phase.READY:
            # Another language is another workplace: no part keeps words of the old one.
            return keyed(app.language, workplace)


@guarded
def workplace():
    return ft.Router(
        [
            ft.Route(
                component=shell,
                outlet=True,
                children=[
                    ft.Route(index=True, component=home_screen),
                    ft.Route(path="today", component=today_screen),
                    ft.Route(
                        path="patrol",
                        component=patrol_screen,
                        children=[ft.Route(path=":id", component=check_in_view, modal=True)],
                    ),
                    ft.Route(
                        path="hazards",
                        component=hazards_screen,
                        children=[ft.Route(path=":id", component=hazard_view, modal=True)],
                    ),
                    ft.Route(
                        path="district",
                        component=district_screen,
                        children=[ft.Route(path=":id", component=watched_view, modal=True)],
                    ),
                    ft.Route(path="inbox", component=inbox_screen),
                    ft.Route(path="reports", component=attendance_screen),
                    ft.Route(
                        path="leave",
                        component=leave_screen,
                        children=[ft.Route(path=":id", component=leave_view, modal=True)],
                    ),
                    ft.Route(
                        path="dorms",
                        component=dorms_screen,
                        children=[ft.Route(path="room", component=room_view, modal=True)],
                    ),
                    ft.Route(path="ledger", component=ledger_screen),
                    ft.Route(path="roster", component=roster_screen),
                    ft.Route(path="points", component=points_screen),
                    ft.Route(path="me", component=me_screen),
                ],
            ),
            ft.Route(path="scan", component=scan_view, modal=True),
            ft.Route(path="round/:subject", component=round_view, modal=True),
            ft.Route(path="report", component=report_view, modal=True),
            ft.Route(path="newleave", component=new_leave_view, modal=True),
            ft.Route(path="pupil", component=pupil_view, modal=True),
            ft.Route(path="rectify/:id", component=rectify_view, modal=True),
            ft.Route(path="missing", component=missing_view, modal=True),
            ft.Route(path="sync", component=sync_view, modal=True),
        ],
        manage_views=True,
        not_found=nowhere,
    )


@guarded
def nowhere() -> ft.Control:
    """Where an address leads that the app does not have."""
    page = ft.context.page
    back = primary(t("kit.nowhere_home"), lambda: page.navigate("/"), ft.Icons.HOME)
    sign = empty(ft.Icons.WRONG_LOCATION, t("kit.nowhere"), t("kit.nowhere_body"), back)
    return ft.Container(sign, expand=True, alignment=ft.Alignment.CENTER)


@guarded
def home_screen() -> ft.Control:
    """Where the person's work begins: a teacher's day, a leader's overview, an officer's list."""
    app, layout = use_app(), use_layout()
    if may(app.person, "watched.supervised"):
        return district_screen()
    return overview_screen() if may(app.person, "lead") and not layout.is_phone else today_screen()


@guarded
def shell() -> ft.View:
    layout, app = use_layout(), use_app()
    outlet = ft.use_route_outlet()
    here = ft.use_route_location().strip("/").partition("/")[0] or "home"
    page = ft.context.page

    def go(place: str) -> None:
        page.navigate("/" if place == "home" else f"/{place}")

    shown = destinations(app.person, phone=layout.is_phone)
    # A place that is reached from another one has its name all the same.
    named = (
        *shown,
        *(one for phone in (False, True) for one in destinations(app.person, phone=phone)),
    )
    title = next((place.label for place in named if place.id == here), t("common.app_name"))
    ids = [place.id for place in shown]
    lit = "dorms" if here == "leave" and here not in ids and "dorms" in ids else here
    chip = chip_of(app, lambda: page.navigate("/sync"))
    body = _with_notice(app, outlet)
    frame = phone_view if layout.is_phone else desktop_view
    return frame(title, body, chip, shown, lit, go, _everywhere(app, page, here, layout.is_phone))


def _everywhere(app: AppState, page: ft.Page, here: str, phone: bool) -> tuple[ft.Control, ...]:
    """A hazard is photographed where it is seen, whatever the screen shows; the phone's list of
    hazards has a big button for it."""
    if not may(app.person, "hazard.reported") or (phone and here == "hazards"):
        return ()
    return (
        icon_button(
            ft.Icons.ADD_A_PHOTO, t("hazards.report_button"), lambda: page.navigate("/report")
        ),
    )


def _with_notice(app: AppState, body: ft.Control) -> ft.Control:
    """Above everything else: a pupil is missing; this database can only be read, or had to be
    repaired."""
    body = ft.Column([missing_banner(), ft.Container(body, expand=True)], spacing=0, expand=True)
    if app.rescue is not None and not app.read_only:
        notice = rescue_notice(app.rescue)
        return ft.Column([notice, ft.Container(body, expand=True)], spacing=0, expand=True)
    if not app.read_only:
        return body
    notice = ft.Container(
        padding=theme.STEP_2,
        bgcolor=theme.YELLOW.wash,
        content=ft.Text(t("store.newer"), color=theme.YELLOW.ink),
    )
    return ft.Column([notice, ft.Container(body, expand=True)], spacing=0, expand=True)
