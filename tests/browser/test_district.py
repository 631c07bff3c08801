"""The district officer's screen, end to end: a school reports a major hazard, it is on the list,
and what the officer asks for stands at the school. The pictures are left for the eye."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from ledger.codes import DISTRICT
from ledger.rules.hazards.bodies import Category, HazardGrade, HazardReported
from server.district import District
from server.supervision.founding import add_officer, found_district
from tests.browser.chromium import flet_page
from tests.browser.district import TestDistrict, found_school, running_district
from tests.browser.pictures import Pictures
from tests.server.supervision.desks import hazard

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

ARRIVES_MS = 60_000
WORDS, DEMAND = "学生宿舍设在地下一层", "今晚搬出全部学生"


def with_an_officer(district: District) -> None:
    found_school(district)
    found_district(district.journal, "明湖区教育局")
    add_officer(district.journal, "d01", "王科")


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestDistrict]:
    with running_district(tmp_path_factory.mktemp("supervision"), with_an_officer) as running:
        yield running


def test_an_officer_sees_a_major_hazard_and_supervises_it(
    browser: Browser, district: TestDistrict, pictures: Pictures
) -> None:
    office = district.device("office", "d01", school=DISTRICT).start()
    with flet_page(browser, office.url, phone=False) as app:
        app.see("没有要看的隐患")
        report = HazardReported(
            content=WORDS, place="北楼", category=Category.BUILDING, grade=HazardGrade.MAJOR
        )
        district.announce(("hazard.reported", "hazard:h1", report))
        app.see(WORDS, within_ms=ARRIVES_MS)
        pictures.take(app, "district-list")
        app.touch(app.text(WORDS))
        app.see("进入区里清单")
        app.press("挂牌督办")
        app.see("办结期限")
        app.choose("3 天后")
        app.write("督办要求", DEMAND)
        app.page.get_by_role("button", name="挂牌督办", exact=True).last.click()
        app.see("已挂牌督办")
        app.see("改督办要求")
        app.see_no("正在送达学校", within_ms=ARRIVES_MS)
        pictures.take(app, "district-detail")
        assert (app.errors, app.foreign) == ([], [])
    assert hazard(district.district, "h1", district.school)["detail"]["supervised_demand"] == DEMAND
