"""Before the work: passphrase, sign-in, and a database that can't be opened. What goes wrong gets
its sentence, and nothing is lost."""

import hashlib
import sqlite3
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from client.store.migrations import NEWEST
from ledger.codes import enrolment_code_text, new_enrolment_code, typed_code
from tests.browser.chromium import flet_page
from tests.browser.district import (
    GATE,
    PASSPHRASE,
    POINTS,
    TEACHER,
    TOKENS,
    USERNAME,
    Device,
    TestDistrict,
    running_district,
)
from tests.browser.film import write_film, write_wall
from tests.browser.flet_page import FletPage
from tests.browser.pictures import Pictures

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]

CAMERA_MS = 90_000
ANSWER_MS = 60_000
ALLOWED_TRIES = 5
ANSWERED_MS = 400
NOBODY = "http://127.0.0.1:1"
NOT_A_DATABASE = b"Dies ist keine Datenbank.\n" * 400


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestDistrict]:
    with running_district(tmp_path_factory.mktemp("district")) as running:
        yield running


@pytest.fixture(scope="module")
def phone(district: TestDistrict) -> Device:
    """On a system that keeps no secrets."""
    return district.device("phone", passphrase=None).start()


def test_signing_in_with_all_that_can_go_wrong(
    cameras: Browser, film: Path, district: TestDistrict, phone: Device, pictures: Pictures
) -> None:
    with flet_page(cameras, phone.url) as app:
        chooses_a_passphrase(app, pictures)
        for text, answer in (
            ("ABCD EFGH", "登录码不完整或有错字"),
            (enrolment_code_text(new_enrolment_code(), NOBODY), "暂时连不上服务器"),
            (enrolment_code_text(new_enrolment_code(), phone.url), "不是巡安的服务器"),
            (enrolment_code_text(new_enrolment_code(), district.address), "不认识这个登录码"),
            (district.invitation(TEACHER, life=timedelta(minutes=-1)), "已过期"),
        ):
            app.submit({"登录码": text}, "登录", answer)
        pictures.take(app, "sign-in")

        app.press("改用用户名和密码")
        wrong = {"服务器地址": district.address, "用户名": USERNAME, "密码": "not the password"}
        app.submit(wrong, "登录", "用户名或密码不对")
        tries, until = 1, time.monotonic() + ANSWER_MS / 1000
        # Pressed while the last try is still being looked at, the button does nothing.
        while not app.text("尝试的次数太多").count() and time.monotonic() < until:
            app.press("登录", exact=True)
            app.settle(ANSWERED_MS)
            tries += 1
        assert tries > ALLOWED_TRIES
        app.see("秒再试")
        app.press("改用登录码")

        scans(app, film, "https://example.com/not-ours")
        app.see("这不是登录码", within_ms=CAMERA_MS)
        invitation = district.invitation(TEACHER)
        scans(app, film, invitation)
        app.see("0 / 4", within_ms=CAMERA_MS)
        app.see("已同步", within_ms=ANSWER_MS)
        assert (app.errors, app.foreign) == ([], [])

    used = district.device("used", passphrase=PASSPHRASE).start()
    with flet_page(cameras, used.url) as app:
        app.submit({"登录码": invitation}, "登录", "已经用过")
    used.stop()
    assert "Traceback" not in phone.output + used.output


def chooses_a_passphrase(app: FletPage, pictures: Pictures) -> None:
    app.see("请设一个口令")
    for first, second, answer in (
        ("short", "short", "口令太短"),
        (PASSPHRASE, "something else", "两次输入的口令不一样"),
    ):
        app.submit({"口令": first, "再输一遍": second}, "设好口令", answer)
    pictures.take(app, "new-passphrase")
    app.submit({"口令": PASSPHRASE, "再输一遍": PASSPHRASE}, "设好口令", "登录一次即可")


def scans(app: FletPage, film: Path, text: str) -> None:
    write_film(text, film)
    app.press("扫登录码")


def test_the_passphrase_opens_the_phone_again(cameras: Browser, phone: Device) -> None:
    phone.kill()
    phone.start()
    with flet_page(cameras, phone.url) as app:
        app.see("请输入口令")
        app.submit({"口令": "not the passphrase"}, "打开", "口令不对")
        app.submit({"口令": PASSPHRASE}, "打开", "0 / 4")


def test_a_newer_apps_database_is_shown_and_not_touched(
    cameras: Browser, film: Path, phone: Device, pictures: Pictures
) -> None:
    write_wall(film)
    phone.stop()
    with sqlite3.connect(phone.database) as connection:
        connection.execute(f"PRAGMA user_version = {NEWEST + 1}")
    connection.close()
    before = hashlib.sha256(phone.database.read_bytes()).hexdigest()
    phone.passphrase = PASSPHRASE
    phone.start()
    with flet_page(cameras, phone.url) as app:
        app.see("现在只能查看，不能打卡")
        app.see(POINTS[GATE])
        pictures.take(app, "newer")
        app.press("扫码打卡")
        app.press("输入数字码")
        app.write("数字码", typed_code(TOKENS[GATE]))
        app.press("确定")
        app.press("全部正常，保存")
        app.see("现在只能查看，不能打卡")
        app.see("全部正常，保存")
        pictures.take(app, "newer-sheet")
    phone.stop()
    assert hashlib.sha256(phone.database.read_bytes()).hexdigest() == before


def test_a_file_that_is_no_database_is_put_aside(
    cameras: Browser, district: TestDistrict, pictures: Pictures
) -> None:
    device = district.device("broken")
    device.folder.mkdir()
    device.database.write_bytes(NOT_A_DATABASE)
    device.start()
    with flet_page(cameras, device.url) as app:
        app.see("打不开本机的记录")
        app.see("文件原样保留，没有改动")
        pictures.take(app, "broken")
        assert device.database.read_bytes() == NOT_A_DATABASE
        app.press("另起新的记录文件")
        app.see("原来的文件会原样改名保存")
        app.press("另起新的记录文件")
        app.see("登录一次即可", within_ms=ANSWER_MS)
        (aside,) = device.folder.glob("xunan.db.damaged-*")
        assert aside.read_bytes() == NOT_A_DATABASE
        app.submit({"登录码": district.invitation(TEACHER)}, "登录", "0 / 4")
    assert "Traceback" not in device.output
