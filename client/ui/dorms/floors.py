"""Rooms as tiles in rows by floor, at most fifty of them built at once."""

from collections.abc import Callable
from dataclasses import dataclass

import flet as ft

from client.state.views import RoomTile, TileState
from client.ui import theme
from client.ui.dorms.look import TILE_LOOKS, room_name
from client.ui.guarded import guarded, keyed
from client.ui.kit.search import Choice, choice_chips
from client.ui.kit.text import words
from client.ui.theme import Type
from client.words import t

TILES_AT_ONCE = 50
TILE_DP = 64
"""Five beside each other on a phone; a floor of twelve in one row on a desk."""
EDGE_DP = 1


@dataclass(frozen=True, slots=True)
class FloorPage:
    """Some floors that are shown together."""

    title: str
    floors: tuple[tuple[str, tuple[RoomTile, ...]], ...]

    @property
    def tiles(self) -> tuple[RoomTile, ...]:
        return tuple(tile for _, tiles in self.floors for tile in tiles)


def pages_of(tiles: tuple[RoomTile, ...], at_once: int = TILES_AT_ONCE) -> tuple[FloorPage, ...]:
    """Floors packed into even pages; a floor with more rooms than a page holds is cut."""
    floors: list[tuple[str, tuple[RoomTile, ...]]] = []
    for tile in tiles:
        if floors and floors[-1][0] == tile.floor and len(floors[-1][1]) < at_once:
            floors[-1] = (tile.floor, (*floors[-1][1], tile))
        else:
            floors.append((tile.floor, (tile,)))
    even = -(-len(tiles) // max(1, -(-len(tiles) // at_once)))
    pages: list[list[tuple[str, tuple[RoomTile, ...]]]] = []
    filled = 0
    for floor in floors:
        if not pages or filled >= even or filled + len(floor[1]) > at_once:
            pages.append([])
            filled = 0
        pages[-1].append(floor)
        filled += len(floor[1])
    return tuple(FloorPage(_title(page), tuple(page)) for page in pages)


def floor_name(floor: str) -> str:
    """3 层 where the roster has the figure alone."""
    if not floor:
        return t("dorms.no_floor")
    return t("dorms.floor", floor=floor) if floor.isdigit() else floor


def _title(page: list[tuple[str, tuple[RoomTile, ...]]]) -> str:
    ends = page[0][0], page[-1][0]
    first, last = map(floor_name, ends)
    if first != last and all(end.isdigit() for end in ends):
        return t("dorms.floor_span", first=ends[0], last=ends[1])
    return first if first == last else t("dorms.floors", first=first, last=last)


def page_of(pages: tuple[FloorPage, ...], wanted: Callable[[RoomTile], bool]) -> int:
    """Index of the first page with such a room; the first page when there is none."""
    return next((at for at, page in enumerate(pages) if any(map(wanted, page.tiles))), 0)


@guarded
def floor_map(tiles: tuple[RoomTile, ...], on_open: Callable[[str], None]) -> ft.Control:
    """Begins where the first open room is; scrolls with what it stands in."""
    pages = pages_of(tiles)
    chosen, set_chosen = ft.use_state(-1)
    at = chosen if 0 <= chosen < len(pages) else page_of(pages, _is_open)
    parts: list[ft.Control] = []
    if len(pages) > 1:
        parts.append(
            choice_chips(
                tuple(Choice(str(n), page.title) for n, page in enumerate(pages)),
                str(at),
                lambda id: set_chosen(int(id)),
                one_line=True,
            )
        )
    for floor, shown in pages[at].floors if pages else ():
        if len(pages[at].floors) > 1 or len(pages) == 1:
            parts.append(words(floor_name(floor), Type.SMALL, muted=True))
        parts.append(
            ft.Row(
                [keyed(tile.room, ft.memo(room_tile), tile, on_open) for tile in shown],
                wrap=True,
                spacing=theme.STEP,
                run_spacing=theme.STEP,
            )
        )
    return ft.Column(parts, spacing=theme.STEP, tight=True)


def _is_open(tile: RoomTile) -> bool:
    return tile.state is TileState.OPEN


@guarded
def room_tile(tile: RoomTile, on_open: Callable[[str], None]) -> ft.Control:
    icon, tone = TILE_LOOKS[tile.state]
    said = t(
        "dorms.tile_said",
        room=room_name(tile.room),
        state=t(f"dorms.tile_{tile.state.value}"),
        marked=tile.marked,
        total=tile.total,
    )
    if tile.pending:
        said = t("dorms.comma").join((said, t("dorms.tile_waits")))
    signs: list[ft.Control] = [ft.Icon(icon, size=18, color=tone.ink, apply_text_scaling=True)]
    if tile.pending:
        signs.append(ft.Icon(ft.Icons.CLOUD_UPLOAD, size=14, color=tone.ink))
    elif tile.state is TileState.OPEN and tile.marked:
        signs.append(words(f"{tile.marked}/{tile.total}", Type.SMALL, color=tone.ink))
    return ft.Semantics(
        label=said,
        button=True,
        container=True,
        exclude_semantics=True,
        # What is read aloud must also be what can be pressed.
        on_tap=lambda: on_open(tile.room),
        content=ft.Container(
            border_radius=theme.CORNER,
            bgcolor=tone.wash,
            # Every tile has an edge: none changes its size by being marked.
            border=ft.Border.all(
                EDGE_DP,
                ft.Colors.OUTLINE_VARIANT
                if tile.state in (TileState.OPEN, TileState.EMPTY)
                else tone.wash,
            ),
            padding=ft.Padding.symmetric(horizontal=theme.HALF, vertical=theme.STEP),
            ink=True,
            on_click=lambda: on_open(tile.room),
            content=ft.Column(
                [
                    # No tile is narrower; enlarged figures make all of them wider.
                    ft.Container(width=TILE_DP - 2 * theme.HALF - 2 * EDGE_DP, height=0),
                    words(room_name(tile.room), strong=True, color=tone.ink, lines=1),
                    ft.Row(signs, spacing=2, tight=True),
                ],
                spacing=0,
                tight=True,
                horizontal_alignment=ft.CrossAxisAlignment.CENTER,
            ),
        ),
    )
