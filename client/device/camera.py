"""A camera as a stream of pictures: start, look, light up, freeze, stop.

Phones push frames, browsers are asked for one picture after the other, desktops have no live
camera at all; whoever reads the frames can't tell and needn't.
"""

from collections.abc import AsyncIterator
from enum import StrEnum
from typing import Protocol

import flet as ft


class CameraTrouble(StrEnum):
    """Why there are no pictures; typed codes and photographs work all the same."""

    REFUSED = "refused"
    NONE = "none"
    BUSY = "busy"
    BROKEN = "broken"


class CameraFrames(Protocol):
    """`async for frame in camera` gives JPEG pictures, always the newest, until `stop`, or until
    the camera itself stops: then `trouble` says so."""

    @property
    def trouble(self) -> CameraTrouble | None: ...

    @property
    def preview(self) -> ft.Control:
        """What the camera sees; must be in the tree before `start`."""
        ...

    async def start(self) -> CameraTrouble | None: ...

    async def stop(self) -> None: ...

    async def torch(self, on: bool) -> bool:
        """Whether the light is now as wished; many cameras have none."""
        ...

    async def freeze(self) -> None:
        """Hold the last picture still, and give no frames."""
        ...

    async def resume(self) -> None: ...

    @property
    def looking(self) -> bool:
        """False while frozen: a frame that was on its way counts for nothing then."""
        ...

    def __aiter__(self) -> AsyncIterator[bytes]: ...


def has_live_camera(page: ft.Page) -> bool:
    """Browsers on a desktop count: they may well have a camera."""
    return page.web or page.platform in (ft.PagePlatform.ANDROID, ft.PagePlatform.IOS)
