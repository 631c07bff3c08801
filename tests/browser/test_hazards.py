"""A hazard, end to end: photographed offline, returned, rectified, accepted, and in the workbook.

Every part is the real one and a process of its own; the pictures are left for the eye.
"""

import io
import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PIL import Image, ImageDraw
from playwright.sync_api import Browser

from ledger.command import main as xunan
from tests.browser.chromium import Scheme, flet_page
from tests.browser.district import (
    KITCHEN,
    NAME,
    PRINCIPAL,
    SCHOOL,
    TEACHER,
    TEACHER_NAME,
    Device,
    TestDistrict,
    printed,
    running_district,
)
from tests.browser.film import printed_label, write_film, write_still
from tests.browser.flet_page import FletPage
from tests.browser.pictures import Pictures

pytestmark = [pytest.mark.browser, pytest.mark.timeout(420)]

CAMERA_MS = 60_000
CAMERA_TRIES = 4
ARRIVES_MS = 60_000
RECONNECTS_MS = 120_000
TAPS = 4
"""From any screen: 随手拍, the shutter, 下一步, 保存."""
WORDS = "东侧楼梯间消防栓漏水，地面湿滑"


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestDistrict]:
    with running_district(tmp_path_factory.mktemp("hazards")) as running:
        yield running


@pytest.fixture(scope="module")
def phone(district: TestDistrict) -> Device:
    return district.device("phone", TEACHER).start()


@pytest.fixture(scope="module")
def desk(district: TestDistrict) -> Device:
    return district.device("desk", PRINCIPAL).start()


def scene(film: Path, colour: str) -> None:
    """Something to photograph."""
    picture = Image.new("RGB", (1280, 720), "#d8d4cc")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((420, 120, 860, 620), fill=colour, outline="#333", width=8)
    draw.ellipse((560, 280, 720, 440), fill="#eee", outline="#333", width=6)
    write_still(picture, film)


def opens_by_address(
    browser: Browser, url: str, pictures: Pictures, name: str, phone: bool, words: str
) -> None:
    """In the dark; for looking at, also in the light."""
    schemes: tuple[Scheme, ...] = ("light", "dark") if pictures else ("dark",)
    for scheme in schemes:
        with flet_page(browser, f"{url}/{name}", phone=phone, scheme=scheme) as app:
            app.see(words)
            pictures.take(app, f"{name}-{scheme}")


def test_a_hazard_goes_from_the_camera_to_the_workbook(
    cameras: Browser,
    film: Path,
    district: TestDistrict,
    phone: Device,
    desk: Device,
    pictures: Pictures,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    scene(film, "#b3261e")
    with flet_page(cameras, phone.url) as app:
        app.see("已同步")
        district.stop_server()
        app.go("隐患")
        app.see("没有与您有关的未完成隐患")
        pictures.take(app, "hazards-empty")
        taps = app.taps
        app.press("随手拍")
        app.see("对准隐患拍一张")
        wait_for_camera(app)
        pictures.take(app, "hazard-camera")
        app.press("拍照", exact=True)
        app.see("下一步", within_ms=CAMERA_MS)
        app.press("下一步")
        app.see("需要整改")
        app.write("哪里有什么问题（可不写）", WORDS)
        pictures.take(app, "hazard-form")
        app.press("保存", exact=True)
        app.see("隐患已记录")
        print(f"\n{app.taps - taps} taps from the list to a saved hazard with photo and words")
        app.see(WORDS)
        app.see("仅本机")
        pictures.take(app, "hazard-list")
        assert (app.errors, app.foreign) == ([], [])
    district.start_server()

    with (
        flet_page(cameras, phone.url) as app,
        flet_page(cameras, desk.url, phone=False) as leader,
    ):
        leader.go("待办")
        leader.see(WORDS, within_ms=RECONNECTS_MS)
        leader.see("1 条隐患等您决定")
        leader.press("交办")
        leader.see("交办整改")
        pictures.take(leader, "assign")
        assign(leader, TEACHER_NAME, "更换阀门，清理积水")
        leader.see("已交办")

        app.go("隐患")
        app.see("整改中", within_ms=ARRIVES_MS)
        app.press(WORDS)
        app.see("更换阀门，清理积水")
        pictures.take(app, "hazard-detail")
        scene(film, "#1b6b5c")
        rectify(app, "换了阀门", pictures)

        leader.see("待验收", within_ms=ARRIVES_MS)
        leader.see("整改后")
        pictures.take(leader, "inbox-rectified")
        leader.page.keyboard.press("r")
        leader.see("为什么退回")
        leader.write("为什么退回", "阀门还在滴水，请再紧一圈")
        leader.press("退回", exact=True)
        leader.see("已退回")

        app.see("已退回", within_ms=ARRIVES_MS)
        app.press(WORDS)
        app.see("退回原因：阀门还在滴水，请再紧一圈")
        pictures.take(app, "hazard-returned")
        rectify(app, "换了垫圈，不再滴水", pictures)

        leader.see("换了垫圈，不再滴水", within_ms=ARRIVES_MS)
        leader.page.keyboard.press("a")
        leader.see("备注（可不写）")
        leader.press("验收并销号", exact=True)
        leader.see("已验收并销号")
        leader.see("没有等您决定的事", within_ms=ARRIVES_MS)
        pictures.take(leader, "inbox-empty")
        app.see("没有与您有关的未完成隐患", within_ms=ARRIVES_MS)

        leader.go("台账")
        leader.see("整改率")
        leader.see("100.0%")
        pictures.take(leader, "ledger")
        for page in (app, leader):
            assert (page.errors, page.foreign) == ([], [])
    opens_by_address(cameras, desk.url, pictures, "ledger", False, "整改率")
    opens_by_address(cameras, phone.url, pictures, "hazards", True, "随手拍")
    assert "Traceback" not in phone.output + desk.output

    workbook = tmp_path / "ledger.xlsx"
    today = datetime.now(timezone(timedelta(hours=8)))
    year = today.year if today.month >= 9 else today.year - 1
    database = str(district.folder / "district.sqlite3")
    arguments = ["export", "ledger", "--school", SCHOOL, "--year", str(year)]
    assert xunan([*arguments, "--database", database, "--by", "林静", "-o", str(workbook)]) == 0
    capsys.readouterr()
    sheet = load_workbook(io.BytesIO(workbook.read_bytes())).active
    assert sheet is not None
    assert NAME in str(sheet["A1"].value) and "林静" in str(sheet["A2"].value)
    head = [cell.value for cell in sheet[3]]
    line = dict(zip(head, [cell.value for cell in sheet[4]], strict=True))
    assert line["编号"] == f"{today.year}-0001"
    assert (line["隐患内容"], line["状态"]) == (WORDS, "已销号")
    assert (line["责任人"], line["验收人"]) == (TEACHER_NAME, "林静")
    assert isinstance(line["发现时间"], datetime) and isinstance(line["销号时间"], datetime)
    assert sheet.freeze_panes is not None and sheet.auto_filter.ref is not None


def test_an_abnormal_item_is_photographed_in_the_same_step_and_drawn_upon(
    cameras: Browser, film: Path, phone: Device, pictures: Pictures
) -> None:
    write_film(printed_label(printed(KITCHEN)), film)
    with flet_page(cameras, phone.url) as app:
        app.press("扫码打卡")
        app.see("全部正常，保存", within_ms=CAMERA_MS)
        app.press("异常：消防通道畅通、无杂物堆放")
        app.press("拍照", exact=True)
        app.see_no("异常：消防通道畅通、无杂物堆放")
        app.press("拍照", exact=True)
        app.see("标注", within_ms=CAMERA_MS)
        pictures.take(app, "sheet-with-photo")
        app.press("标注")
        app.see("在照片上拖动手指，圈出或指向隐患")
        app.settle()
        draw_across(app)
        pictures.take(app, "drawing")
        app.press("完成")
        app.press("有异常，保存")
        app.see("已保存")
        app.press("返回")
        app.go("隐患")
        app.see("消防通道畅通、无杂物堆放")
        pictures.take(app, "hazard-from-check-in")
        assert (app.errors, app.foreign) == ([], [])


def test_a_hazard_is_written_down_in_four_taps_without_a_network(
    cameras: Browser, film: Path, district: TestDistrict, phone: Device
) -> None:
    scene(film, "#b3261e")
    district.stop_server()
    try:
        with flet_page(cameras, phone.url) as app:
            app.button("随手拍").wait_for(state="visible")
            taps, began = app.taps, time.monotonic()
            app.press("随手拍")
            wait_for_camera(app)
            app.press("拍照", exact=True)
            app.see("下一步", within_ms=CAMERA_MS)
            app.press("下一步")
            app.press("保存", exact=True)
            app.see("隐患已记录")
            seconds = time.monotonic() - began
            print(f"\n{app.taps - taps} taps and {seconds:.1f} s from any screen to a saved hazard")
            assert app.taps - taps == TAPS
            assert (app.errors, app.foreign) == ([], [])
    finally:
        district.start_server()


def wait_for_camera(app: FletPage) -> None:
    """The shutter is grey until the camera is there. On a starved machine it may give up; a
    person then asks again, and so do we."""
    shutter = app.page.get_by_role("button", name="拍照", exact=True, disabled=False)
    again = app.button("再试相机")
    for _ in range(CAMERA_TRIES):
        shutter.or_(again).first.wait_for(timeout=CAMERA_MS)
        if not again.is_visible():
            return
        app.touch(again)
        again.wait_for(state="detached")


def draw_across(app: FletPage) -> None:
    """One stroke with a finger, in the middle of what is shown."""
    size = app.page.viewport_size or {"width": 390, "height": 844}
    x, y = size["width"] / 2, size["height"] * 0.62
    app.page.mouse.move(x - 60, y - 40)
    app.page.mouse.down()
    for step in range(1, 9):
        app.page.mouse.move(x - 60 + step * 15, y - 40 + step * 10)
    app.page.mouse.up()


def assign(leader: FletPage, person: str, measure: str) -> None:
    leader.press("责任人")
    leader.press(person)
    leader.write("整改要求", measure)
    leader.page.get_by_role("button", name="交办", exact=True).last.click()


def rectify(app: FletPage, done: str, pictures: Pictures) -> None:
    app.press("上报整改")
    app.see("拍一张整改后的样子")
    wait_for_camera(app)
    app.press("拍照", exact=True)
    app.see("下一步", within_ms=CAMERA_MS)
    app.press("下一步")
    app.write("做了什么整改", done)
    pictures.take(app, f"rectify-{done}")
    app.press("上报整改", exact=True)
    app.see("整改已上报")
