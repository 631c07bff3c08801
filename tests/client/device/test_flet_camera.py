"""A camera that is slow is waited for; one that has stopped is told of."""

import asyncio
import gc
from types import SimpleNamespace
from typing import Any

import flet as ft
import flet_camera as fc
import pytest

from client.device import flet_camera as module
from client.device import on_page
from client.device.camera import CameraTrouble
from client.device.flet_camera import FletCamera
from client.ui.guarded import guarded
from tests.client.ui.flet_tree import draw, settle


class SlowCamera:
    """Like the browser's: it refuses a second picture while the first is being taken."""

    _i = 0
    page: object | None = SimpleNamespace(session=SimpleNamespace(index={}))

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.asked = 0
        self.busy = False

    async def get_available_cameras(self) -> list[object]:
        return [type("Description", (), {"lens_direction": None})()]

    async def initialize(self, *_: object, **__: object) -> None:
        return None

    async def supports_image_streaming(self) -> bool:
        return False

    async def take_picture(self) -> bytes:
        if self.busy:
            raise RuntimeError("Previous capture has not returned yet.")
        self.busy, self.asked = True, self.asked + 1
        try:
            await asyncio.sleep(self.seconds)
        finally:
            self.busy = False
        return b"picture"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PICTURE_SECONDS", 0.02)
    monkeypatch.setattr(module, "RETRY_SECONDS", 0.0)
    monkeypatch.setattr(on_page, "LOOK_SECONDS", 0.0)
    monkeypatch.setattr(on_page, "REDRAWN_SECONDS", 0.05)


def camera_of(slow: SlowCamera) -> FletCamera:
    camera = FletCamera()
    camera._camera = slow  # type: ignore[assignment]
    return camera


async def test_a_slow_picture_is_waited_for() -> None:
    slow = SlowCamera(seconds=0.1)
    camera = camera_of(slow)
    assert await camera.start() is None
    async for frame in camera:
        assert frame == b"picture"
        break
    assert slow.asked == 1


async def test_a_lost_picture_starts_the_camera_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOST_SECONDS", 0.05)
    slow = SlowCamera(seconds=60)
    camera = camera_of(slow)
    await camera.start()

    async def initialize(*_: object, **__: object) -> None:
        slow.seconds = 0.0

    slow.initialize = initialize  # type: ignore[method-assign]
    async for frame in camera:
        assert frame == b"picture"
        break
    assert camera.trouble is None


async def test_a_camera_that_stopped_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.1)
    camera = camera_of(SlowCamera(seconds=60))
    await camera.start()
    assert [frame async for frame in camera] == []
    assert camera.trouble is CameraTrouble.BROKEN


async def test_it_ends_with_the_page() -> None:
    slow = SlowCamera(seconds=60)
    camera = camera_of(slow)
    await camera.start()
    slow.page = None
    assert [frame async for frame in camera] == []
    assert camera.trouble is None


async def test_a_redrawn_screen_keeps_its_camera() -> None:
    slow = SlowCamera(seconds=0.0)
    camera = camera_of(slow)
    slow.page = None

    async def draw() -> None:
        await asyncio.sleep(0.02)
        slow.page = object()

    drawing = asyncio.create_task(draw())
    assert await camera.start() is None
    await drawing


async def test_a_screen_redrawn_while_the_camera_starts_keeps_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Somebody answers the question for permission, and meanwhile a minute passes on the screen."""
    camera = FletCamera(stills=True)
    redraw: list[Any] = []

    @guarded
    def screen() -> ft.Control:
        minute, set_minute = ft.use_state(0)
        redraw.append(lambda: set_minute(minute + 1))
        return ft.Column([ft.Container(camera.preview), ft.Text(f"离线 {minute} 分钟")])

    drawn = await draw(screen)
    asked: list[str] = []

    async def answer(_control: int, method: str, *_: object) -> object:
        asked.append(method)
        redraw[-1]()
        await settle()
        gc.collect()
        if len(asked) == 1:
            with pytest.raises(RuntimeError, match="added to the page"):
                str(camera._camera.page)
        return [{"name": "a", "lens_direction": "back", "sensor_orientation": 0}]

    monkeypatch.setattr(drawn.session, "invoke_method", answer)
    assert await camera.start() is None
    assert await camera.picture() is not None
    assert asked == ["get_available_cameras", "initialize", "take_picture"]


async def test_a_camera_taken_off_the_screen_is_gone() -> None:
    camera = FletCamera(stills=True)
    leave: list[Any] = []

    @guarded
    def screen() -> ft.Control:
        here, set_here = ft.use_state(True)
        leave.append(lambda: set_here(False))
        return ft.Column([camera.preview] if here else [])

    drawn = await draw(screen)
    assert list(drawn.controls(fc.Camera))
    leave[-1]()
    await settle()
    assert await camera.start() is CameraTrouble.BROKEN
