"""A whole building's roll is called on the phone without the server; then the principal sees it.

Every part is the real one and a process of its own; the pictures are left for the eye.
"""

import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import flet_page
from tests.browser.district import running_district
from tests.browser.dorms import BEDS, PRINCIPAL, ROOMS, SUPERVISOR, found_dorm_school, pupil_name

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

ARRIVES_MS = 40_000
RECONNECTS_MS = 90_000
LATE, MISSING = pupil_name(1), pupil_name(BEDS + 2)


def test_a_whole_building_is_called_offline_and_the_principal_sees_it(
    browser: Browser, tmp_path: Path, pictures: Path
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
            app.settle(1000)
            app.picture(pictures / "rollcall-map.png")
            app.press("开始点名")
            app.see("101 室")
            taps = app.taps
            app.press(LATE)
            app.press("晚归")
            app.see(f"{LATE}：晚归")
            app.picture(pictures / "rollcall-room.png")
            app.press(f"全到 · {BEDS - 1} 人")
            app.see("102 室")
            app.press(MISSING)
            app.press("未归待查")
            app.see("还没有通知到任何人")
            app.picture(pictures / "rollcall-missing.png")
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
            app.press("结束点名…")
            app.see("备注（可不写）")
            app.picture(pictures / "rollcall-closing.png")
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
            leader.settle(800)
            leader.picture(pictures / "rollcall-desk.png")
            for page in (app, leader):
                assert (page.errors, page.foreign) == ([], [])
        assert "Traceback" not in phone.output + desk.output
