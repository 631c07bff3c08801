"""The camera of phones and browsers, by flet-camera.

The preview is an imperative island in a declarative app: one control, made once and kept, placed
in the tree by the screen.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

import flet as ft
import flet_camera as fc

from client.device.camera import CameraTrouble
from client.device.on_page import OnPage

# Time for a person to answer the system's question for permission.
ASK_SECONDS = 60
INITIALIZE_SECONDS = 20
PICTURE_SECONDS = 5
TRIES = 3
STILL_SECONDS = 20
"""A photograph at full resolution, on a slow phone in the dark."""
RETRY_SECONDS = 0.2
LOST_SECONDS = 8
"""A picture asked for so long ago won't come any more: browsers lose one now and then."""
PATIENCE_SECONDS = 25
"""A camera that gives no picture for so long has stopped; a busy phone may well be slow."""

T = TypeVar("T")

_log = logging.getLogger(__name__)


class FletCamera:
    """`CameraFrames` over flet-camera, for phones and browsers."""

    def __init__(self, overlay: ft.Control | None = None, *, stills: bool = False) -> None:
        """`stills`: for photographs, at the best resolution and without a stream of frames."""
        self._stills = stills
        self._camera = fc.Camera(expand=True, content=overlay, on_stream_image=self._arrived)
        self._place = OnPage()
        self._streams = False
        self._running = False
        self._looking = asyncio.Event()
        self._newest: bytes | None = None
        self._fresh = asyncio.Event()
        self._asked: asyncio.Task[bytes] | None = None
        self.trouble: CameraTrouble | None = None

    @property
    def preview(self) -> ft.Control:
        return self._camera

    async def start(self) -> CameraTrouble | None:
        """Call it where the page is known, as handlers and effects do."""
        self._place.note_page()
        self.trouble = await self._start()
        return self.trouble

    async def _start(self) -> CameraTrouble | None:
        self._forget_asked()
        if await self._place.is_gone(self._camera):
            return CameraTrouble.BROKEN
        try:
            cameras = await self._ask(self._camera.get_available_cameras, ASK_SECONDS)
            if not cameras:
                return CameraTrouble.NONE
            sharpness = fc.ResolutionPreset.MAX if self._stills else fc.ResolutionPreset.HIGH
            await self._ask(
                lambda: self._camera.initialize(_best(cameras), sharpness, enable_audio=False),
                INITIALIZE_SECONDS,
            )
            self._streams = not self._stills and await self._ask(
                self._camera.supports_image_streaming, PICTURE_SECONDS
            )
            self._running = True
            self._looking.set()
            if self._streams:
                await self._ask(self._camera.start_image_stream, PICTURE_SECONDS)
        except (RuntimeError, TimeoutError) as error:
            self._running = False
            _log.warning("no camera: %s", error)
            return _trouble(error)
        return None

    async def stop(self) -> None:
        was_running, self._running = self._running, False
        # Whoever waits for a frame wakes up and sees that there will be none.
        self._looking.set()
        self._fresh.set()
        self._forget_asked()
        if was_running and self._streams:
            await self._quietly(self._camera.stop_image_stream)

    async def picture(self) -> bytes | None:
        """Take one photograph; None when the camera would not."""
        for _ in range(TRIES):
            # The screen may be drawing itself anew, with the camera out of it for a moment.
            if await self._place.is_gone(self._camera):
                return None
            try:
                return await self._ask(self._camera.take_picture, STILL_SECONDS)
            except (RuntimeError, TimeoutError) as error:
                _log.warning("no photograph: %s", error)
                await asyncio.sleep(RETRY_SECONDS)
        return None

    async def torch(self, on: bool) -> bool:
        mode = fc.FlashMode.TORCH if on else fc.FlashMode.OFF
        return await self._quietly(lambda: self._camera.set_flash_mode(mode))

    @property
    def looking(self) -> bool:
        return self._looking.is_set()

    async def freeze(self) -> None:
        self._looking.clear()
        self._newest = None
        await self._quietly(self._camera.pause_preview)

    async def resume_preview(self) -> None:
        """Show what the camera sees, and still give no frames: for a photograph."""
        await self._quietly(self._camera.resume_preview)

    async def resume(self) -> None:
        await self._quietly(self._camera.resume_preview)
        self._looking.set()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        since = time.monotonic()
        restarted = False
        while self._running:
            if not self._looking.is_set():
                await self._looking.wait()
                since = time.monotonic()
            try:
                frame = await (self._pushed() if self._streams else self._asked_for())
            except (RuntimeError, TimeoutError) as error:
                if await self._place.is_gone(self._camera):
                    return
                _log.warning("no picture: %s", error)
                silent_seconds = time.monotonic() - since
                if silent_seconds > PATIENCE_SECONDS:
                    self._running = False
                    self.trouble = CameraTrouble.BROKEN
                elif silent_seconds > LOST_SECONDS and not restarted:
                    restarted = True
                    await self.start()
                await asyncio.sleep(RETRY_SECONDS)
                continue
            since, restarted = time.monotonic(), False
            # What was seen before the freeze must not be scanned after it.
            if frame and self._running and self._looking.is_set():
                yield frame

    async def _asked_for(self) -> bytes | None:
        """A picture that takes long is waited for again: the camera refuses to take a second one
        meanwhile, and would refuse for ever if the first were forgotten."""
        if self._asked is None:
            self._place.find(self._camera)
            self._asked = asyncio.create_task(self._camera.take_picture())
        done, _ = await asyncio.wait([self._asked], timeout=PICTURE_SECONDS)
        if not done:
            raise TimeoutError("it takes long")
        asked, self._asked = self._asked, None
        return None if asked.cancelled() else asked.result()

    def _forget_asked(self) -> None:
        if self._asked is not None:
            self._asked.cancel()
            self._asked = None

    async def _pushed(self) -> bytes | None:
        await self._fresh.wait()
        self._fresh.clear()
        frame, self._newest = self._newest, None
        return frame

    def _arrived(self, e: fc.CameraImageEvent) -> None:
        """Frames that come while the last one is still being read replace each other."""
        self._newest = e.bytes
        self._fresh.set()

    async def _ask(self, call: Callable[[], Awaitable[T]], seconds: float) -> T:
        """Raises RuntimeError when the camera refuses, TimeoutError when it doesn't answer."""
        self._place.find(self._camera)
        return await asyncio.wait_for(call(), seconds)

    async def _quietly(self, call: Callable[[], Awaitable[object]]) -> bool:
        """Things a camera may not be able to do, and that nobody has to be told about."""
        try:
            await self._ask(call, PICTURE_SECONDS)
        except (RuntimeError, TimeoutError) as error:
            _log.info("the camera can't: %s", error)
            return False
        return True


def _best(cameras: list[fc.CameraDescription]) -> fc.CameraDescription:
    """The one on the back, then one on a cable, then whatever there is."""
    wanted = (fc.CameraLensDirection.BACK, fc.CameraLensDirection.EXTERNAL)
    ranked = {direction: rank for rank, direction in enumerate(wanted)}
    return min(cameras, key=lambda camera: ranked.get(camera.lens_direction, len(wanted)))


def _trouble(error: Exception) -> CameraTrouble:
    """Every platform has its own words for the same few reasons."""
    said = str(error).lower()
    reasons = {
        CameraTrouble.REFUSED: ("denied", "notallowed", "permission", "restricted"),
        CameraTrouble.NONE: ("notfound", "no camera", "overconstrained", "notsupported"),
        CameraTrouble.BUSY: ("notreadable", "in use", "abort", "disconnected"),
    }
    for trouble, signs in reasons.items():
        if any(sign in said for sign in signs):
            return trouble
    return CameraTrouble.BROKEN
