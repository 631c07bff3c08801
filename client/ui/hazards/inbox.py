"""待办: everything that waits for a decision, in one list, with the keyboard or the mouse.

J and K move, Enter opens what is to be done, A accepts, R returns, X chooses several, ? explains.
One confirmation serves all that are chosen; the note at the bottom takes it back.
"""

from dataclasses import replace

import flet as ft

from client.state.views import HazardDetail, HazardLine
from client.ui import theme
from client.ui.context import use_client, use_loading
from client.ui.dorms.waiting import waiting_nights
from client.ui.guarded import guarded, keyed, use_latest, use_start, use_task
from client.ui.hazards.deciding import use_deciding
from client.ui.hazards.detail import hazard_detail
from client.ui.hazards.photos import photo_pane
from client.ui.hazards.rows import hazard_row
from client.ui.hazards.steps import KEYS, Step, may_be_many, steps_of
from client.ui.kit.buttons import quiet, secondary
from client.ui.kit.dialogs import say
from client.ui.kit.empty import empty, skeleton_list
from client.ui.kit.facts import fact
from client.ui.kit.keys import use_keys
from client.ui.kit.lists import PAGE_ROWS, pager
from client.ui.kit.overlay import over
from client.ui.kit.text import heading, words
from client.ui.layout import Layout, use_layout
from client.ui.leave.waiting import waiting_leave
from client.ui.theme import Type
from client.words import n, t

LIST_DP = 348
DETAIL_PARTS, PHOTO_PARTS = 9, 10
PANEL_DP = 620


@guarded
def inbox_screen() -> ft.Control:
    client, layout, loading = use_client(), use_layout(), use_loading()
    hazards, _ = ft.use_state(client.state.hazards)
    leave, _ = ft.use_state(client.state.leave)
    dorms, _ = ft.use_state(client.state.dorms)
    page, start = ft.context.page, use_start()
    cursor, set_cursor = ft.use_state("")
    chosen, set_chosen = ft.use_state(frozenset[str]())
    shown_page, set_page = ft.use_state(0)
    explaining, set_explaining = ft.use_state(False)
    lines = hazards.inbox.lines if hazards.inbox else ()
    ids = [line.id for line in lines]
    opened = hazards.opened

    async def begin() -> None:
        await loading.show_inbox()

    async def follow() -> None:
        """The first one is open by itself; what was decided makes room for the next."""
        if layout.is_phone or not ids:
            return
        if cursor not in ids:
            set_cursor(ids[0])
            await loading.open_hazard(ids[0])

    async def go(id: str) -> None:
        set_cursor(id)
        if layout.is_phone:
            page.navigate(f"/hazards/{id}")
        else:
            await loading.open_hazard(id)

    async def move(step: int) -> None:
        if ids:
            at = ids.index(cursor) + step if cursor in ids else 0
            await go(ids[max(0, min(at, len(ids) - 1))])

    async def done() -> None:
        set_chosen(frozenset())

    deciding = use_deciding(done)
    decide = deciding.decide
    writing = ft.use_ref(False)
    writing.current = deciding.panel is not None

    def decide_on(step: Step) -> None:
        if opened is None:
            return
        if len(chosen) > 1 and step in KEYS:
            picked = [line for line in lines if line.id in chosen]
            ready = [line for line in picked if may_be_many(step, line)]
            if len(ready) < len(picked):
                say(page, n("hazards.left_out", len(picked) - len(ready)))
            decide(step, tuple(_only_line(opened, line) for line in ready))
        elif step in steps_of(opened):
            decide(step, (opened,))
        else:
            say(page, t(f"hazards.not_now_{step.value}"))

    def close_panels() -> None:
        deciding.close()
        set_explaining(False)

    def open_likeliest() -> None:
        steps = [one for one in steps_of(opened) if one is not Step.COMMENT] if opened else []
        if opened is None:
            return
        if "hazard.rectified" in opened.may:
            page.navigate(f"/rectify/{opened.line.id}")
        elif steps:
            decide(steps[0], (opened,))

    def choose(id: str) -> None:
        set_chosen(lambda now: now - {id} if id in now else now | {id})

    use_task(begin)
    use_task(follow, [tuple(ids)])
    use_keys(
        {
            "J": lambda: move(1),
            "K": lambda: move(-1),
            "Arrow Down": lambda: move(1),
            "Arrow Up": lambda: move(-1),
            "A": lambda: decide_on(Step.ACCEPT),
            "R": lambda: decide_on(Step.RETURN),
            "Enter": open_likeliest,
            "?": lambda: set_explaining(not explaining),
            "/": lambda: set_explaining(not explaining),
            "X": lambda: choose(cursor) if cursor else None,
            "Escape": close_panels,
        },
        typing=lambda: bool(writing.current),
    )
    press = use_latest(lambda line: start(go, line.id))
    toggle = use_latest(choose)
    if hazards.inbox is None:
        return skeleton_list()
    if not lines:
        elsewhere = leave.waiting or dorms.searches or (dorms.attention and dorms.attention.count)
        return ft.Column(
            [
                waiting_nights(),
                waiting_leave(),
                empty(
                    ft.Icons.TASK_ALT,
                    t("leave.no_hazards") if elsewhere else t("hazards.inbox_empty"),
                    t("hazards.inbox_empty_body"),
                    quiet(t("hazards.all_hazards"), lambda: page.navigate("/hazards")),
                ),
            ],
            scroll=ft.ScrollMode.AUTO,
            expand=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        )
    pages = -(-len(lines) // PAGE_ROWS)
    at = min(shown_page, pages - 1)
    part = lines[at * PAGE_ROWS : (at + 1) * PAGE_ROWS]
    listing = ft.Column(
        [
            _head(len(lines), chosen, decide_on, lambda: set_chosen(frozenset()), layout.is_phone),
            ft.ListView(
                [
                    *([waiting_nights(), waiting_leave()] if at == 0 else []),
                    *(
                        keyed(
                            line.id,
                            ft.memo(inbox_row),
                            line,
                            press,
                            line.id == cursor and not layout.is_phone,
                            line.id in chosen,
                            toggle,
                            not layout.is_phone,
                        )
                        for line in part
                    ),
                ],
                expand=True,
            ),
            *([pager(at, pages, len(lines), set_page)] if pages > 1 else []),
        ],
        spacing=0,
        expand=True,
    )
    if layout.is_phone:
        return listing
    wide = layout is Layout.WIDE
    detail = (
        keyed(opened.line.id, hazard_detail, opened, None, decide, wide)
        if opened
        else skeleton_list(3)
    )
    panes: list[ft.Control] = [
        ft.Container(listing, width=LIST_DP),
        ft.VerticalDivider(width=1),
        ft.Container(detail, expand=DETAIL_PARTS),
    ]
    if wide and opened is not None:
        photos = keyed(opened.line.id, photo_pane, opened.before, opened.after)
        panes += [ft.VerticalDivider(width=1), ft.Container(photos, expand=PHOTO_PARTS)]
    both = ft.Row(
        panes,
        expand=True,
        spacing=0,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    panel = deciding.panel or (_explained(close_panels) if explaining else None)
    return over(both, panel, close_panels, width=PANEL_DP)


@guarded
def inbox_row(
    line: HazardLine, on_press, here: bool, chosen: bool, on_choose, choosing: bool
) -> ft.Control:
    if not choosing:
        return hazard_row(line, on_press, here)
    box = ft.Checkbox(
        value=chosen,
        semantics_label=t("hazards.choose_one", what=line.content or line.place),
        on_change=lambda: on_choose(line.id),
    )
    return ft.Row(
        [
            # The framework's own is smaller on a desk than a finger on its screen can hit.
            ft.MergeSemantics(
                ft.Container(
                    box,
                    width=theme.TARGET_DP,
                    height=theme.TARGET_DP,
                    alignment=ft.Alignment.CENTER,
                    on_click=lambda: on_choose(line.id),
                )
            ),
            ft.Container(hazard_row(line, on_press, here), expand=True),
        ],
        spacing=0,
    )


def _explained(on_close) -> ft.Control:
    """What every key does."""
    keys = ("j", "k", "enter", "a", "r", "x", "escape")
    return ft.Column(
        [
            heading(t("hazards.keys_title"), Type.TITLE),
            *(fact(t(f"hazards.key_{one}"), t(f"hazards.key_{one}_does")) for one in keys),
            ft.Row([quiet(t("common.close"), on_close)], alignment=ft.MainAxisAlignment.END),
        ],
        tight=True,
        spacing=theme.STEP,
    )


def _head(many: int, chosen: frozenset[str], decide, clear, phone: bool) -> ft.Control:
    if len(chosen) > 1:
        return ft.Container(
            ft.Column(
                [
                    words(n("hazards.chosen", len(chosen)), strong=True),
                    ft.Row(
                        [
                            secondary(
                                t("hazards.step_accept"),
                                lambda: decide(Step.ACCEPT),
                                ft.Icons.CHECK,
                            ),
                            secondary(
                                t("hazards.step_return"),
                                lambda: decide(Step.RETURN),
                                ft.Icons.UNDO,
                                danger=True,
                            ),
                            quiet(t("hazards.choose_none"), clear),
                        ],
                        wrap=True,
                        spacing=theme.STEP,
                        run_spacing=theme.STEP,
                    ),
                ],
                tight=True,
                spacing=theme.STEP,
            ),
            padding=theme.STEP_2,
            bgcolor=ft.Colors.SECONDARY_CONTAINER,
        )
    page = ft.context.page
    every = ft.Row([quiet(t("hazards.all_hazards"), lambda: page.navigate("/hazards"))])
    keys = [every] if phone else [words(t("hazards.keys"), Type.SMALL, muted=True)]
    return ft.Container(
        ft.Column([words(n("hazards.waiting", many), strong=True), *keys], tight=True, spacing=2),
        padding=theme.STEP_2,
    )


def _only_line(opened: HazardDetail, line: HazardLine) -> HazardDetail:
    """As much of another hazard as a confirmation for several needs."""
    return replace(opened, line=line)
