"""Codes that lead to no check-in, or to one that needs explaining: each gets its sentence."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright

from ledger.codes import point_code_text, typed_code
from ledger.rules.places import LabelIssued, Risk
from tests.browser.chromium import chromium, flet_page
from tests.browser.district import (
    GATE,
    OTHER_SCHOOL,
    POINTS,
    SCHOOL,
    STAIRS,
    STRANGER,
    STRANGER_NAME,
    STRANGER_TOKEN,
    TEACHER,
    TOKENS,
    VOID_TOKEN,
    Device,
    TestDistrict,
    point_fact,
    running_district,
)
from tests.browser.film import write_film, write_wall
from tests.browser.flet_page import FletPage
from tests.browser.pictures import Pictures
from tests.server.school import label

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]

CAMERA_MS = 90_000
NEWS_MS = 60_000
BELOW_THE_FIGURES_DP = 3_000
PAYMENT = "https://qr.alipay.com/fkx09512abcdefg"


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestDistrict]:
    with running_district(tmp_path_factory.mktemp("district")) as running:
        yield running


@pytest.fixture(scope="module")
def phone(district: TestDistrict) -> Iterator[Device]:
    device = district.device("phone", TEACHER).start()
    yield device
    assert "Traceback" not in device.output


def aim(app: FletPage, film: Path, text: str) -> None:
    """From the first screen: hold the camera before a code."""
    write_film(text, film)
    app.press("扫码打卡")


def test_every_code_gets_its_sentence(
    cameras: Browser, film: Path, district: TestDistrict, phone: Device, pictures: Pictures
) -> None:
    with flet_page(cameras, phone.url) as app:
        for text, title, body in (
            (PAYMENT, "这不是巡查点标签", "没有记录任何内容"),
            (point_code_text(OTHER_SCHOOL, TOKENS[GATE]), "这是别的学校的标签", OTHER_SCHOOL),
            (point_code_text(SCHOOL, TOKENS[GATE])[:-3], "标签认不全", "请输入下方数字码"),
            (district.invitation(TEACHER), "这是登录码", "您已经登录了"),
        ):
            aim(app, film, text)
            app.see(title, within_ms=CAMERA_MS)
            app.see(body)
            pictures.take(app, title)
            app.press("继续扫码")
            app.see_no(title)
            app.press("返回")
        assert phone.check_ins() == []

        write_wall(film)
        app.press("扫码打卡")
        app.press("输入数字码")
        wrong = typed_code(TOKENS[GATE])
        app.write("数字码", wrong[:2] + str((int(wrong[2]) + 1) % 10) + wrong[3:])
        app.press("确定")
        app.see("数字码有误")
        app.see("其中有一位不对")
        app.press("继续扫码")
        app.press("返回")
        assert phone.check_ins() == []
        assert (app.errors, app.foreign) == ([], [])


def test_a_void_label_counts_and_is_remarked(
    cameras: Browser, film: Path, district: TestDistrict, phone: Device
) -> None:
    before = len(district.check_ins())
    with flet_page(cameras, phone.url) as app:
        aim(app, film, point_code_text(SCHOOL, VOID_TOKEN))
        app.see("这张标签（第 1 版）已作废", within_ms=CAMERA_MS)
        app.press("全部正常，保存")
        app.see(f"已保存：{POINTS[STAIRS]}")
        app.press("返回")
        app.see("1 / 4")
        app.see("已同步")
    assert district.check_ins()[before:] == [(STAIRS, "accepted", "B")]


def test_a_point_nobody_has_told_of_is_kept_until_it_is_known(
    cameras: Browser, film: Path, district: TestDistrict, phone: Device, pictures: Pictures
) -> None:
    before = len(district.check_ins())
    with flet_page(cameras, phone.url) as app:
        aim(app, film, point_code_text(SCHOOL, STRANGER_TOKEN))
        app.see("本机还没有这个点位", within_ms=CAMERA_MS)
        pictures.take(app, "unknown-point")
        app.press("先保存打卡")
        app.see("已保存")
        app.press("返回")
        app.see("需处理 1", within_ms=NEWS_MS)
        assert [one[1] for one in district.check_ins()[before:]] == ["held"]
        app.press("需处理 1")
        app.see("待核实")
        app.see("等安全干事登记这个点后会自动通过")
        pictures.take(app, "held")

        place = f"point:{STRANGER}"
        district.announce(
            ("point.set", place, point_fact(STRANGER, 9, STRANGER_NAME, Risk.YELLOW)),
            ("label.issued", place, LabelIssued(label=label(STRANGER_TOKEN))),
        )
        app.see("全部记录都已上传", within_ms=NEWS_MS)
        app.scroll(BELOW_THE_FIGURES_DP)
        app.see(f"打卡：{STRANGER_NAME}")
        app.see_no("待核实")
    point, verdict, _ = district.check_ins()[before:][0]
    assert (point, verdict) == (STRANGER, "accepted")


def test_without_a_camera_the_code_is_typed(
    browser: Browser, phone: Device, pictures: Pictures
) -> None:
    with flet_page(browser, phone.url) as app:
        app.press("扫码打卡")
        app.see("这台设备没有可用的相机", within_ms=CAMERA_MS)
        pictures.take(app, "no-camera")
        app.press("输入数字码")
        app.write("数字码", typed_code(TOKENS[GATE]))
        app.press("确定")
        app.see("全部正常，保存")
        app.see(POINTS[GATE])
        app.press("取消")
        app.see("这台设备没有可用的相机")


def test_without_permission_the_code_is_typed(
    playwright: Playwright, film: Path, phone: Device
) -> None:
    with chromium(playwright, film, allow=False) as browser, flet_page(browser, phone.url) as app:
        app.press("扫码打卡")
        app.see("没有使用相机的权限", within_ms=CAMERA_MS)
        app.press("输入数字码")
        app.write("数字码", typed_code(TOKENS[GATE]))
        app.press("确定")
        app.see(POINTS[GATE])
