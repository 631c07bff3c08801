"""The demo campus: sixteen key areas and their points, where they stand and how risky they are."""

from dataclasses import dataclass
from typing import Final

from ledger.rules.places import Risk

R, O, Y, B = Risk.RED, Risk.ORANGE, Risk.YELLOW, Risk.BLUE  # noqa: E741 - the four colours
P = tuple[str, str, Risk, int]
"""A point's name, kind of place, risk colour and storey."""


@dataclass(frozen=True, slots=True)
class Area:
    id: str
    name: str
    x: float
    y: float
    """The area's first point on the campus plan, in metres."""
    points: tuple[P, ...]


AREAS: Final[tuple[Area, ...]] = (
    Area("a01", "校门", 100, 0, (
        ("南门值守点", "gate", R, 1), ("南门保安室", "guard", O, 1), ("南门人行通道", "gate", O, 1),
        ("西门值守点", "gate", R, 1), ("西门车行道闸", "gate", O, 1), ("接送等候区", "exit", Y, 1),
    )),
    Area("a02", "明德楼（教学楼）", 60, 60, (
        ("一层东侧走廊", "corridor", Y, 1), ("一层安全出口", "exit", O, 1),
        ("东楼梯一至二层", "stairs", O, 1), ("二层走廊栏杆", "corridor", O, 2),
        ("二层消火栓", "fire", Y, 2), ("三层走廊栏杆", "corridor", O, 3),
        ("三层多媒体教室", "classroom", B, 3), ("四层西侧走廊", "corridor", O, 4),
        ("四层卫生间", "toilet", B, 4),
    )),
    Area("a03", "笃行楼（教学楼）", 60, 110, (
        ("一层门厅", "exit", O, 1), ("一层消火栓", "fire", Y, 1),
        ("西楼梯一至二层", "stairs", O, 1), ("二层七年级走廊", "corridor", Y, 2),
        ("三层八年级走廊", "corridor", Y, 3),
        ("三层灭火器组", "fire", Y, 3), ("四层九年级走廊", "corridor", O, 4),
        ("顶层天台门", "exit", R, 5),
    )),
    Area("a04", "实验楼", 130, 110, (
        ("化学实验室", "chemistry", R, 2), ("危险化学品库", "chemistry", R, 1),
        ("化学准备室", "chemistry", R, 2), ("物理实验室", "lab", Y, 3), ("生物实验室", "lab", Y, 3),
        ("计算机教室", "classroom", Y, 4), ("实验楼安全出口", "exit", O, 1),
    )),
    Area("a05", "食堂", 190, 80, (
        ("后厨灶台", "kitchen", R, 1), ("燃气表间", "kitchen", R, 1), ("粗加工间", "food", O, 1),
        ("主副食库房", "food", O, 1), ("冷藏库", "food", O, 1), ("留样间", "food", O, 1),
        ("学生餐厅一层", "dining", Y, 1), ("学生餐厅二层", "dining", Y, 2),
        ("食堂消火栓", "fire", Y, 1),
    )),
    Area("a06", "男生宿舍楼", 230, 140, (
        ("值班室与大厅", "dormhall", R, 1), ("一层疏散通道", "corridor", O, 1),
        ("二层东段寝室", "dorm", R, 2), ("二层西段寝室", "dorm", R, 2),
        ("三层东段寝室", "dorm", R, 3), ("四层晾衣平台", "corridor", O, 4),
        ("宿舍楼消火栓", "fire", Y, 2),
    )),
    Area("a07", "女生宿舍楼", 270, 140, (
        ("值班室与大厅", "dormhall", R, 1), ("一层疏散通道", "corridor", O, 1),
        ("二层东段寝室", "dorm", R, 2), ("三层东段寝室", "dorm", R, 3),
        ("三层西段寝室", "dorm", R, 3), ("开水间", "toilet", O, 1), ("宿舍楼消火栓", "fire", Y, 2),
    )),
    Area("a08", "配电房", 150, 150, (
        ("高压进线柜", "electric", R, 1), ("低压配电柜", "electric", R, 1),
        ("备用发电机", "electric", O, 1), ("配电房外围", "fence", Y, 1),
    )),
    Area("a09", "图书馆", 30, 150, (
        ("一层借阅厅", "library", Y, 1), ("二层自习室", "library", Y, 2),
        ("书库", "library", O, 1), ("图书馆安全出口", "exit", O, 1),
        ("图书馆灭火器组", "fire", Y, 1),
    )),
    Area("a10", "操场", 80, 200, (
        ("田径场跑道", "playground", Y, 1), ("篮球场", "playground", O, 1),
        ("单双杠区", "playground", O, 1), ("主席台与看台", "gym", Y, 1),
        ("沙坑跳远区", "playground", B, 1),
    )),
    Area("a11", "体育馆", 140, 200, (
        ("比赛厅", "gym", O, 1), ("看台二层", "gym", O, 2), ("器材室", "gym", Y, 1),
        ("更衣室", "toilet", B, 1), ("体育馆安全出口", "exit", O, 1),
    )),
    Area("a12", "校车停放区", 200, 20, (
        ("一号校车", "bus", R, 1), ("二号校车", "bus", R, 1), ("三号校车", "bus", R, 1),
        ("上下车站台", "bus", O, 1), ("停放区出入口", "gate", O, 1),
    )),
    Area("a13", "水泵房", 170, 170, (
        ("生活水泵", "water", O, 1), ("二次供水水箱", "water", R, 1), ("消防水池", "water", O, 1),
        ("泵房配电箱", "electric", O, 1),
    )),
    Area("a14", "行政楼", 100, 40, (
        ("一层门厅", "exit", Y, 1), ("档案室", "office", O, 2), ("财务室", "office", O, 2),
        ("三层会议室", "classroom", B, 3), ("行政楼灭火器组", "fire", Y, 1),
    )),
    Area("a15", "消防监控室", 110, 20, (
        ("火灾报警主机", "control", R, 1), ("视频监控台", "guard", O, 1),
        ("应急广播", "control", Y, 1), ("微型消防站", "fire", O, 1),
    )),
    Area("a16", "围墙周界", 10, 100, (
        ("东围墙", "fence", Y, 1), ("北围墙", "fence", Y, 1), ("西北角", "fence", O, 1),
    )),
)  # fmt: skip

DAILY_DAY: Final = (
    *("a15:0", "a01:0", "a01:1", "a01:3", "a12:3", "a05:0", "a05:1", "a05:6", "a04:1", "a04:0"),
    *("a08:0", "a08:1", "a13:1", "a11:0", "a10:1", "a03:7", "a03:2", "a02:2", "a02:1"),
)
"""教学区重点部位: the points walked in every window of the day, as area and place in it."""
DAILY_LIVING: Final = (
    *("a12:0", "a12:1", "a12:2", "a05:2", "a05:3", "a05:4", "a05:5", "a05:7", "a06:0", "a06:1"),
    *("a06:2", "a06:4", "a07:0", "a07:1", "a07:2", "a07:3", "a07:5", "a13:0"),
)
"""生活区重点部位: canteen, buses and dormitories."""
