"""Text fields whose words are never overtaken: what is drawn is what stands in the field now.

A field that is told its text back on every key loses letters, because by the time the answer is
there the person has typed on. Here each drawing takes the text from the field drawn before it,
which already knows everything typed so far.
"""

from collections.abc import Callable

import flet as ft

from client.ui import theme

LABEL_LINE = 1.15
"""Times the letters' size."""


class Field:
    """Give `ref`, `key` and `value` to the TextField; read `value` when it's needed."""

    def __init__(self, initial: str = "") -> None:
        self.ref: ft.Ref[ft.TextField] = ft.Ref()
        self._initial = initial
        self._generation = 0

    @property
    def key(self) -> str:
        return f"field {self._generation}"

    @property
    def value(self) -> str:
        field = self.ref.current
        return self._initial if field is None or field.key != self.key else field.value

    def reset(self, text: str = "") -> None:
        """Start over with another text; shown at the next drawing."""
        self._initial = text
        self._generation += 1


def use_field(initial: str = "") -> Field:
    field, _ = ft.use_state(lambda: Field(initial))
    return field


def field_label(said: str, *, one_line: bool = False) -> ft.Text:
    """The framework squeezes a mere string into lines too low for its letters, which shows where
    the text is enlarged: the feet of a "g" are lost, and a second line stands in the first."""
    return ft.Text(
        said,
        style=ft.TextStyle(height=LABEL_LINE),
        max_lines=1 if one_line else None,
        overflow=ft.TextOverflow.ELLIPSIS if one_line else ft.TextOverflow.VISIBLE,
    )


def text_field(
    field: Field, label: str, on_leave: Callable[[], None], *, lines: int = 3, limit: int = 1000
) -> ft.Control:
    """A field that tells when the person has left it, which is when a draft is kept. It takes no
    more than an entry does: `limit` characters, or 200 on one line."""
    return ft.Row(
        [
            ft.TextField(
                ref=field.ref,
                key=field.key,
                value=field.value,
                label=field_label(label),
                # Its own default is black, in the dark theme too.
                color=ft.Colors.ON_SURFACE,
                multiline=lines > 1,
                # Where the text is enlarged, a label takes two of them.
                min_lines=2 if lines > 1 else None,
                max_lines=lines,
                max_length=limit if lines > 1 else 200,
                counter="",
                border=ft.OutlineInputBorder(border_radius=theme.CORNER),
                on_blur=lambda: on_leave(),
                expand=True,
            )
        ]
    )
