"""Pictures of what the tests saw, for the eye of whoever asks: `pytest --pictures FOLDER`.

They prove nothing, and letting every animation end takes minutes of a run."""

from pathlib import Path

from tests.browser.flet_page import FletPage

CALM_MS = 1_500


class Pictures:
    def __init__(self, folder: Path | None) -> None:
        """Without a folder nobody wants to look."""
        self._folder = folder

    def __bool__(self) -> bool:
        """Whether somebody does."""
        return self._folder is not None

    def take(self, app: FletPage, name: str) -> None:
        """`name` without its ending."""
        if self._folder is not None:
            app.settle(CALM_MS)
            app.picture(self._folder / f"{name}.png")
