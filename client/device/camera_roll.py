"""Lets a person choose a picture that is already there; the way to scan on a desktop."""

import asyncio
from pathlib import Path

import flet as ft


class CameraRoll:
    """Make one per page and keep it: the service lives as long as something refers to it."""

    def __init__(self) -> None:
        self._picker = ft.FilePicker()

    async def choose(self) -> bytes | None:
        """None when the person thought better of it."""
        files = await self._picker.pick_files(file_type=ft.FilePickerFileType.IMAGE, with_data=True)
        if not files:
            return None
        if files[0].bytes is not None:
            return files[0].bytes
        return await asyncio.to_thread(Path(files[0].path).read_bytes) if files[0].path else None
