"""A whole building's roll is called on the phone without the server; then the principal sees it.

Every part is the real one and a process of its own; the pictures are left for the eye.
"""

import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from ledger.identifiers import new_id
from ledger.rules.dorms.bodies import LeaveRequested
from ledger.rules.dorms.leave import leave_subject
from tests.browser.chromium import flet_page
from tests.browser.district import TestDistrict, running_district
from tests.browser.dorms import (
    BEDS,
    FLOORS,
    HOMEROOM,
    PRINCIPAL,
    ROOMS,
    SUPERVISOR,
    found_dorm_school,
    pupil_name,
)
from tests.browser.flet_page import FletPage
from tests.browser.pictures import Pictures
from tests.server.notices.receiver import receiving

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

ARRIVES_MS = 40_000
RECONNECTS_MS = 90_000
SWIPE_DP, SWIPE_STEPS, STEP_S = 240, 8, 0.012
LATE, MISSING = pupil_name(1), pupil_name(BEDS + 2)
FEW_BEDS = 4
LOST = pupil_name(FEW_BEDS + 2)


def test_a_whole_building_is_called_offline_and_the_principal_sees_it(
    browser: Browser, tmp_path: Path, pictures: Pictures
) -> None:
    with running_district(tmp_path, found_dorm_school) as district:
        phone = district.device("phone", SUPERVISOR).start()
        desk = district.device("desk", PRINCIPAL).start()
        with (
            flet_page(browser, phone.url) as app,
            flet_page(browser, desk.url, phone=False) as leader,
        ):
            app.see("已同步")
            leader.see("已同步")
            district.stop_server()
            app.go("查寝")
            app.see("开始点名")
            pictures.take(app, "rollcall-map")
            app.press("开始点名")
            app.see("101 室")
            taps = app.taps
            app.press(LATE)
            app.press("晚归")
            app.see(f"{LATE}：晚归")
            pictures.take(app, "rollcall-room")
            app.press(f"全到 · {BEDS - 1} 人")
            app.see("102 室")
            app.press(MISSING)
            app.press("未归待查")
            app.see("还没有通知到任何人")
            pictures.take(app, "rollcall-missing")
            called = app.taps
            app.press("没人接")
            app.see("已记下")
            app.press("回到房间")
            by_the_way = app.taps - called
            app.press(f"全到 · {BEDS - 1} 人")
            for room in range(2, ROOMS):
                floor, number = room * 3 // ROOMS + 1, room % (ROOMS // 3) + 1
                app.see(f"{floor}{number:02d} 室")
                app.press(f"全到 · {BEDS} 人")
            app.see("结束点名…")
            used = app.taps - taps - by_the_way
            print(f"\n{used} taps for {ROOMS} rooms with 2 exceptions")
            assert used <= ROOMS + 2 * 2
            app.press_for("结束点名…", "备注（可不写）")
            pictures.take(app, "rollcall-closing")
            app.press("结束点名", exact=True)
            app.see("点名已结束")
            assert "Traceback" not in phone.output

            leader.go("查寝")
            leader.see("还没有开始")
            district.start_server()
            app.see("已同步", within_ms=RECONNECTS_MS)
            sent = time.monotonic()
            leader.see("吴秀兰", within_ms=ARRIVES_MS)
            leader.see(MISSING)
            leader.see(LATE)
            print(f"{time.monotonic() - sent:.1f} s from the phone's synced to the desk")
            pictures.take(leader, "rollcall-desk")
            for page in (app, leader):
                assert (page.errors, page.foreign) == ([], [])
        assert "Traceback" not in phone.output + desk.output


def test_leave_and_a_search_pass_between_phone_desk_and_the_districts_channel(
    browser: Browser, tmp_path: Path, pictures: Pictures
) -> None:
    small = partial(found_dorm_school, rooms=FLOORS, beds=FEW_BEDS)
    channels = tmp_path / "channels.toml"
    notify = {"XUNAN_NOTIFY": str(channels)}
    with receiving() as robot, ExitStack() as stack:
        channels.write_text(f'[[notify]]\ncall = ["homeroom_teacher"]\nurls = ["{robot.url}"]\n')
        district = stack.enter_context(running_district(tmp_path, small, environment=notify))
        phone = district.device("phone", SUPERVISOR).start()
        desk = district.device("desk", PRINCIPAL).start()
        with (
            flet_page(browser, phone.url) as app,
            flet_page(browser, desk.url, phone=False) as leader,
        ):
            app.go("查寝")
            app.press("开始点名")
            app.see(f"全到 · {FEW_BEDS} 人")
            app.see_no("自动记请假")
            request_leave(district, pupil="s1")
            leader.go("待办")
            leader.see("1 张请假待批", within_ms=ARRIVES_MS)
            pictures.take(leader, "leave-waiting")
            leader.press("批准", exact=True)
            approved = time.monotonic()
            app.see("全到时自动记请假", within_ms=ARRIVES_MS)
            print(f"\n{time.monotonic() - approved:.1f} s from 批准 to the phone's room")
            pictures.take(app, "rollcall-on-leave")

            swipe(app, towards=-1)
            app.see("201 室")
            swipe(app, towards=1)
            app.see("101 室")
            app.press(f"全到 · {FEW_BEDS} 人")
            app.see("201 室")

            leader.go("查寝")
            leader.see("女生公寓")
            app.press(LOST)
            app.press("未归待查")
            missed = time.monotonic()
            leader.see(f"{LOST}未归待查", within_ms=ARRIVES_MS)
            print(f"{time.monotonic() - missed:.1f} s from 未归待查 to the desk's banner")
            while not robot.received and time.monotonic() - missed < ARRIVES_MS / 1000:
                app.settle(50)
            print(f"{time.monotonic() - missed:.1f} s from 未归待查 to the robot's message")
            assert "女生公寓 201" in robot.received[0]["message"]
            assert LOST not in str(robot.received), "no pupil is named outside"
            pictures.take(leader, "rollcall-banner")

            app.press("没人接")
            app.see("已记下")
            app.press("回到房间")
            app.press(f"全到 · {FEW_BEDS - 1} 人")
            app.see("301 室")
            app.press(f"全到 · {FEW_BEDS} 人")
            app.press_for("结束点名…", "备注（可不写）")
            app.press("结束点名", exact=True)
            closed = time.monotonic()
            leader.see("重新打开", within_ms=ARRIVES_MS)
            print(f"{time.monotonic() - closed:.1f} s from 结束点名 to the desk")
            leader.see("请假 1")
            leader.see(LOST)
            pictures.take(leader, "rollcall-closed-desk")
            for page in (app, leader):
                assert (page.errors, page.foreign) == ([], [])
        assert "Traceback" not in phone.output + desk.output


def request_leave(district: TestDistrict, pupil: str) -> None:
    """The homeroom teacher enters two days, which are the principal's to approve."""
    now = datetime.now(UTC).astimezone().replace(microsecond=0)
    asked = LeaveRequested(
        student=pupil,
        starts=(now - timedelta(days=1)).isoformat(),
        ends=(now + timedelta(days=2)).isoformat(),
    )
    district.announce(("leave.requested", leave_subject("b1", "701", new_id()), asked), by=HOMEROOM)


def swipe(app: FletPage, towards: int) -> None:
    """A finger's quick stroke across the beds; to the left is on.

    How quick it is, the browser is told with it: a busy machine hands it on late.
    """
    fingers = app.page.context.new_cdp_session(app.page)
    size = app.page.viewport_size or {"width": 390, "height": 844}
    x, y = size["width"] / 2 - towards * SWIPE_DP / 2, size["height"] * 0.45

    # The room that came last may still be moving in.
    app.settle()
    began = time.time()

    def finger(what: str, step: int, *at: float) -> None:
        fingers.send(
            "Input.dispatchTouchEvent",
            {
                "type": what,
                "touchPoints": [{"x": one, "y": y} for one in at],
                "timestamp": began + step * STEP_S,
            },
        )

    finger("touchStart", 0, x)
    for step in range(1, SWIPE_STEPS + 1):
        finger("touchMove", step, x + towards * SWIPE_DP * step / SWIPE_STEPS)
    finger("touchEnd", SWIPE_STEPS + 1)
    fingers.detach()
