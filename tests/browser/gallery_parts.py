"""The gallery's pages of single parts, of emptiness and of failure."""

from datetime import timedelta

import flet as ft

from client.ui import theme
from client.ui.guarded import guarded
from client.ui.kit.badges import State, risk_badge, state_badge
from client.ui.kit.buttons import icon_button, primary, quiet, secondary
from client.ui.kit.dialogs import Question, say_with_undo, use_confirm
from client.ui.kit.empty import empty, skeleton_list
from client.ui.kit.ring import ring
from client.ui.kit.rows import card
from client.ui.kit.search import Choice, filter_chips, search_field
from client.ui.kit.sync_chip import SyncStatus, sync_chip
from client.ui.kit.text import section_header, words
from client.ui.theme import Type
from ledger.rules.places import Risk

CHIPS = (
    SyncStatus(),
    SyncStatus(waiting=3),
    SyncStatus(waiting=3, busy=True),
    SyncStatus(waiting=2, offline_for=timedelta(minutes=12)),
    SyncStatus(attention=1),
)


@guarded
def parts_page() -> ft.Control:
    chosen, set_chosen = ft.use_state(frozenset({"late"}))
    said, set_said = ft.use_state("")
    ask = use_confirm()

    async def delete() -> None:
        yes = await ask(Question("结束这一轮？", "还有 6 个点没有巡。", "结束", danger=True))
        set_said("已结束" if yes else "已取消")

    def save() -> None:
        say_with_undo(ft.context.page, "已保存 消防栓 A-102", lambda: set_said("已撤销"))

    def fail() -> None:
        raise RuntimeError("a handler that fails on purpose")

    return ft.ListView(
        expand=True,
        padding=ft.Padding.only(bottom=theme.STEP_6),
        controls=[
            ft.Container(
                padding=theme.STEP_2,
                content=card(
                    ft.Row(
                        [
                            ring(12, 18, "还剩 24 分钟"),
                            ft.Column(
                                [
                                    words("晚间巡查", Type.TITLE),
                                    words("下一个：实验楼 2 层", muted=True),
                                    primary("扫码打卡", save, ft.Icons.QR_CODE_SCANNER, big=True),
                                ],
                                tight=True,
                            ),
                        ],
                        wrap=True,
                        spacing=theme.STEP_3,
                        run_spacing=theme.STEP_2,
                    )
                ),
            ),
            section_header("状态", quiet("全部", save)),
            _flow([state_badge(state) for state in State]),
            section_header("风险"),
            _flow([risk_badge(risk) for risk in Risk]),
            section_header("同步"),
            _flow([sync_chip(status, save) for status in CHIPS]),
            section_header("按钮"),
            _flow(
                [
                    primary("保存", save, ft.Icons.CHECK),
                    primary("正在保存", save, busy=True),
                    primary("不可用", None),
                    secondary("拍照", save, ft.Icons.PHOTO_CAMERA),
                    quiet("结束这一轮", delete, danger=True),
                    icon_button(ft.Icons.FLASHLIGHT_ON, "手电筒", save),
                    quiet("出错的按钮", fail),
                ]
            ),
            ft.Container(words(said, strong=True), padding=theme.STEP_2),
            section_header("查找"),
            ft.Container(search_field(set_said, "查找点位"), padding=theme.STEP_2),
            _flow(
                [
                    filter_chips(
                        (
                            Choice("normal", "正常", 82),
                            Choice("late", "迟到", 3),
                            Choice("missed", "漏检", 1),
                        ),
                        chosen,
                        set_chosen,
                    )
                ]
            ),
            section_header("加载中"),
            skeleton_list(3),
        ],
    )


def _flow(controls: list[ft.Control]) -> ft.Control:
    return ft.Container(
        ft.Row(controls, wrap=True, spacing=theme.STEP, run_spacing=theme.STEP),
        padding=ft.Padding.symmetric(horizontal=theme.STEP_2),
    )


@guarded
def empty_page() -> ft.Control:
    return empty(
        ft.Icons.FACT_CHECK,
        "今天还没有打卡",
        "扫一个巡检点的标签，记录就会出现在这里。",
        primary("扫码打卡", lambda: None, ft.Icons.QR_CODE_SCANNER),
    )


broken = [True]


@guarded
def broken_page() -> ft.Control:
    count, set_count = ft.use_state(0)
    if broken[0]:
        broken[0] = False
        raise RuntimeError("a part that fails on purpose")
    mounted, set_mounted = ft.use_state("")
    ft.use_effect(lambda: set_mounted("已挂载"), [])

    def press() -> None:
        set_count(count + 1)

    return ft.Column([words(f"恢复了 {count} {mounted}"), primary("加一", press)])
