"""The chip never says more than the server did, and every entry tells how it stands."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import flet as ft
import pytest

from client.actions.errors import ActionFailed
from client.state.views import (
    BundleView,
    Moving,
    ProblemView,
    ProgressView,
    Reach,
    RecordReach,
    ServerWord,
    TrafficView,
)
from client.storage import StorageUse
from client.ui.bundles import bundle_card
from client.ui.desk.patrol import check_in_view
from client.ui.district.list import watched_view
from client.ui.hazards.list import hazard_view
from client.ui.kit.sync_chip import SyncStatus
from client.ui.leave.screen import leave_view
from client.ui.sync_centre import status_of, sync_view, told
from ledger.verdicts import Reason, Verdict
from tests.client.ui.flet_tree import Drawn
from tests.client.ui.hand_made import NOW, HandMade, queued, show, show_view, sync

pytestmark = pytest.mark.asyncio


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, SyncStatus()),
        (
            {"pending": 3, "written": 10, "word": ServerWord.BEHIND},
            SyncStatus(waiting=3, settled=False),
        ),
        # The server has lost what it once confirmed: not synced, whatever the verdicts say.
        ({"confirmed": 5, "word": ServerWord.BEHIND}, SyncStatus(waiting=2, settled=False)),
        # Records first, photos after: until then not everything is there.
        ({"photos": 4}, SyncStatus(photos=4)),
        ({"refused": 1}, SyncStatus(attention=1)),
        ({"held": 1}, SyncStatus(attention=1, settled=False)),
        ({"reach": Reach.OFFLINE}, SyncStatus(offline_for=timedelta(minutes=12))),
        ({"reach": Reach.REFUSED, "problem": "problems.outdated"}, SyncStatus(attention=1)),
        ({"reach": Reach.NEVER}, SyncStatus(settled=False)),
        ({"progress": ProgressView(Moving.NEWS, 1, 9)}, SyncStatus(busy=True)),
        # Another hash than ours is never green, and more than a number.
        ({"word": ServerWord.DISPUTED}, SyncStatus(attention=1, settled=False)),
    ],
)
async def test_the_chip_is_honest(changes: dict[str, Any], status: SyncStatus) -> None:
    client = HandMade()
    client.state.app.sync = sync(**changes)
    assert status_of(client.state.app) == status


async def test_before_the_first_word_nothing_is_called_synced() -> None:
    client = HandMade()
    client.state.app.sync = None
    assert not status_of(client.state.app).settled


async def test_a_clock_set_back_makes_no_negative_time() -> None:
    client = HandMade()
    since = sync().since
    assert since is not None
    client.state.app.sync = sync(reach=Reach.OFFLINE, since=since + timedelta(days=1))
    assert status_of(client.state.app).offline_for == timedelta()


async def test_every_state_is_told_in_words() -> None:
    cases = (
        {},
        {"pending": 2},
        {"refused": 1},
        {"reach": Reach.OFFLINE},
        {"reach": Reach.NEVER},
        {"reach": Reach.REFUSED, "problem": "problems.device_revoked"},
        {"reach": Reach.REFUSED},
        {"word": ServerWord.DISPUTED},
        {"photos": 3},
        {"photos": 3, "photos_wait_for_wifi": True},
        {"word": ServerWord.BEHIND},
        {"parked": 2},
    )
    assert len({told(sync(**case))[2:] for case in cases}) == len(cases)


async def test_entries_say_how_far_they_came_and_why_not() -> None:
    client = HandMade()
    client.state.app.sync = sync(refused=1, pending=1, confirmed_at=NOW)
    closed = Reason.ALREADY_CLOSED
    client.state.queue.rows = (
        queued(3, verdict=Verdict.PENDING),
        queued(2, kind="round.closed", verdict=Verdict.REFUSED, reason=closed),
        queued(1),
        queued(0, reach=RecordReach.UNSURE),
    )
    client.state.queue.total = 4
    drawn = await show_view(client, sync_view)
    words = drawn.words()
    for said in ("仅本机，待上传", "被拒", "记录已到", "待核对", "打卡：南门保安室", "把它结束了"):
        assert said in words
    assert "第 1 至第 7 条" in words
    await drawn.press("我已看过")
    assert client.calls.of("put_aside_refused")


async def test_only_what_needs_attention_is_asked_of_the_store() -> None:
    client = HandMade()
    client.state.queue.rows, client.state.queue.total = (), 0
    drawn = await show_view(client, sync_view)
    assert "本机还没有记录" in drawn.words()
    await drawn.press("只看需处理的")
    assert client.calls.of("show_queue")[-1] == (0, True)


async def test_more_than_a_page_is_turned() -> None:
    client = HandMade()
    client.state.queue.rows = tuple(queued(number) for number in range(120, 70, -1))
    client.state.queue.total = 120
    drawn = await show_view(client, sync_view)
    assert "第 1 / 3 页" in drawn.words()
    await drawn.press("下一页")
    assert client.calls.of("show_queue")[-1] == (1, False)


async def test_a_long_run_shows_counts_time_left_and_can_be_paused() -> None:
    client = HandMade()
    client.state.queue.rows, client.state.queue.total = (), 0
    client.state.app.sync = sync(
        pending=4200,
        written=7200,
        confirmed=3000,
        word=ServerWord.BEHIND,
        progress=ProgressView(Moving.RECORDS, 3000, 7200, 150),
    )
    drawn = await show_view(client, sync_view)
    words = drawn.words()
    for said in ("正在上传记录", "3,000 / 7,200", "大约还要 2 分钟"):
        assert said in words
    await drawn.press("暂停")
    assert client.calls.of("pause_sync")


async def test_what_is_paused_goes_on_with_one_tap_and_is_never_called_synced() -> None:
    client = HandMade()
    client.state.queue.rows, client.state.queue.total = (), 0
    client.state.app.sync = sync(paused=True, pending=3, written=10, word=ServerWord.BEHIND)
    drawn = await show_view(client, sync_view)
    assert "同步已暂停" in drawn.words()
    assert "立即同步" not in drawn.words()
    await drawn.press("继续同步")
    assert client.calls.of("resume_sync")


async def test_the_receipt_names_number_mark_and_time() -> None:
    client = HandMade()
    client.state.queue.rows, client.state.queue.total = (), 0
    client.state.app.sync = sync(confirmed_hash="0123456789ab", confirmed_at=NOW)
    words = (await show_view(client, sync_view)).words()
    assert "第 1 至第 7 条，没有缺漏" in words
    assert "01234567\n" in words
    assert "和本机的一致" in words
    client.state.app.sync = sync(
        confirmed_hash="0123456789ab", confirmed_at=NOW, word=ServerWord.DISPUTED
    )
    words = (await show_view(client, sync_view)).words()
    assert "和本机的一致" not in words
    assert "和本机的不一致" in words


async def test_a_device_that_wrote_nothing_has_no_first_record() -> None:
    client = HandMade()
    client.state.app.sync = sync(confirmed=0, written=0, confirmed_at=NOW)
    client.state.queue.rows, client.state.queue.total = (), 0
    words = (await show_view(client, sync_view)).words()
    assert "还没有本机的记录" in words
    assert "第 1 至" not in words


async def test_data_problems_and_choices_are_told() -> None:
    client = HandMade()
    client.state.queue.rows, client.state.queue.total = (), 0
    client.state.app.sync = sync(
        today=TrafficView(640_000, 1_250_000),
        problems=(ProblemView(NOW, "problems.unreachable"),),
        photos=3,
        photos_wait_for_wifi=True,
    )
    client.calls.then["storage_use"] = lambda: StorageUse(9_000_000, 4_000_000, 2_000_000)
    client.calls.then["free_space"] = lambda: 2_000_000
    drawn = await show_view(client, sync_view)
    words = drawn.words()
    for said in ("上传 640 KB，下载 1.2 MB", "3 张等待上传", "等待无线网络", "9.0 MB", "2.0 MB"):
        assert said in words
    await drawn.press("180 天")
    assert client.calls.of("choose")[-1] == ("keep_days", "180")


async def test_a_run_that_ended_in_a_dispute_is_not_called_done() -> None:
    client = HandMade()
    client.state.queue.rows, client.state.queue.total = (), 0
    client.state.app.sync = sync(word=ServerWord.DISPUTED)
    client.calls.then["sync_now"] = lambda: True
    drawn = await show_view(client, sync_view)
    await drawn.press("立即同步")
    assert "同步完成" not in drawn.words()


async def test_nothing_to_send_is_never_called_waiting() -> None:
    """A new device that still fetches the school's records has none of its own."""
    new = sync(word=ServerWord.BEHIND, written=0, confirmed=0)
    assert told(new)[2] == "正在和服务器核对"


async def test_what_is_parked_is_told_beside_what_was_refused() -> None:
    client = HandMade()
    client.state.queue.rows, client.state.queue.total = (), 0
    client.state.app.sync = sync(refused=1, parked=2)
    words = (await show_view(client, sync_view)).words()
    assert "有 1 条记录需要您看一下" in words
    assert "2 条记录暂时" in words


@pytest.mark.parametrize("changes", [{"reach": Reach.OFFLINE}, {"paused": True}])
async def test_what_stands_still_says_how_much_waits(changes: dict[str, Any]) -> None:
    client = HandMade()
    client.state.queue.rows, client.state.queue.total = (), 0
    client.state.app.sync = sync(pending=20, written=27, word=ServerWord.BEHIND, **changes)
    assert "还有 20 条记录等待上传" in (await show_view(client, sync_view)).words()


async def test_the_last_minute_is_not_counted_down() -> None:
    client = HandMade()
    client.state.queue.rows, client.state.queue.total = (), 0
    client.state.app.sync = sync(progress=ProgressView(Moving.NEWS, 9, 10, 20))
    words = (await show_view(client, sync_view)).words()
    assert "不到 1 分钟" in words
    assert "大约还要" not in words


async def test_without_a_network_the_way_by_file_comes_first() -> None:
    client = HandMade()
    places = []
    for reach in (Reach.ONLINE, Reach.OFFLINE):
        client.state.app.sync = sync(reach=reach)
        words = (await bundle_centre(client)).words()
        places.append(words.index("导出未上传记录") < words.index("服务器的回执"))
    assert places == [False, True]


async def bundle_centre(client: HandMade) -> Drawn:
    client.state.queue.rows, client.state.queue.total = (), 0
    client.calls.then["carried_bundles"] = tuple
    return await show_view(client, sync_view)


async def test_unsent_records_are_exported_with_one_tap() -> None:
    client = HandMade()
    nothing = ActionFailed("bundle.nothing_unsent")

    def export(target: object, name: str) -> None:
        raise nothing

    client.calls.then["export_bundle"] = export
    drawn = await bundle_centre(client)
    await drawn.press("导出未上传记录")
    ((target, name),) = client.calls.of("export_bundle")
    assert target is None
    assert str(name).endswith(".xunan")
    assert "不需要导出" in drawn.words()


async def test_what_was_delivered_is_no_longer_carried() -> None:
    client = HandMade()
    carried = [BundleView("/carried/a.xunan", 12, 3, 0, True)]
    client.state.queue.rows, client.state.queue.total = (), 0
    client.calls.then["carried_bundles"] = lambda: tuple(carried)
    drawn = await show_view(client, sync_view)
    assert "正带着 1 个记录包" in drawn.words()
    carried.clear()
    client.state.app.sync = sync(today=TrafficView(9, 9))
    await drawn.settle()
    assert "正带着" not in drawn.words()


async def test_a_bundle_under_way_shows_bytes_and_can_be_cancelled() -> None:
    client = HandMade()
    client.state.app.bundle = ProgressView(Moving.PACKED, 84_000_000, 320_000_000, 30)
    drawn = await bundle_centre(client)
    for said in ("正在导出记录和照片", "84.0 MB / 320.0 MB", "不到 1 分钟"):
        assert said in drawn.words()
    with pytest.raises(AssertionError):
        drawn.tappable("导入记录包")
    await drawn.press("取消")
    assert client.calls.of("stop_bundle")
    client.state.app.bundle = None
    await drawn.settle()
    assert drawn.tappable("导入记录包")


@pytest.mark.parametrize("view", [hazard_view, check_in_view, watched_view, leave_view])
async def test_no_screen_is_without_the_chip(view: Callable[[], ft.View]) -> None:
    client = HandMade()
    client.state.app.sync = sync(pending=3)
    assert "待上传 3" in (await show_view(client, view)).words()


async def test_a_carried_bundle_shows_how_far_it_is_and_is_paused_with_the_sync() -> None:
    client = HandMade()
    client.state.app.delivery = ProgressView(Moving.DELIVERED, 1_200_000, 2_400_000, 12)
    client.calls.then["carried_bundles"] = lambda: (BundleView("/c/x.xunan", 31, 4, 0, True),)
    screen = await show(client, bundle_card)
    for said in ("正在把记录包送到区服务器", "1.2 MB / 2.4 MB", "不到 1 分钟", "31 条"):
        assert said in screen.words()
    assert "导出未上传记录" in screen.words(), "this device's own can go out meanwhile"
    await screen.press("暂停")
    assert client.calls.of("pause_sync") == [()]
    client.state.app.delivery = None
    await screen.settle()
    assert "正在把记录包送到区服务器" not in screen.words()


async def test_a_bundle_that_has_arrived_is_told_of_and_one_that_is_refused_too() -> None:
    client = HandMade()
    one, other = (BundleView(f"/c/{name}.xunan", 31, 4, 0, True) for name in ("one", "other"))
    refused = replace(other, path="/c/other.refused", entries=2, refused=True)
    client.calls.then["carried_bundles"] = lambda: (one, other)
    client.state.app.sync = sync()
    screen = await show(client, bundle_card)
    assert "正带着 2 个记录包（共 62 条记录）" in screen.words()
    client.calls.then["carried_bundles"] = lambda: (refused,)
    client.state.app.sync = sync(pending=1)
    await screen.settle()
    assert "正带着" not in screen.words()
    assert "已送达区服务器：1 个记录包（共 31 条记录）" in screen.words()
    assert "不接收 1 个记录包（共 2 条记录）" in screen.words()
