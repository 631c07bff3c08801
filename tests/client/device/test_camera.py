"""A camera that is slow is waited for; one that has stopped is told of."""

import asyncio

import pytest

from client.device import camera as module
from client.device.camera import CameraTrouble, FletCamera


class SlowCamera:
    """Like the browser's: it refuses a second picture while the first is being taken."""

    page: object | None = object()

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
    monkeypatch.setattr(module, "REDRAWN_SECONDS", 0.05)


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
