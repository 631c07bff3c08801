"""Every state colour is readable on its background, in light and in dark (WCAG AA)."""

import ast
from pathlib import Path

import pytest

from client.ui import theme

UI = Path(__file__).parents[3] / "client" / "ui"

FIELDS = ("ft.TextField", "ft.Dropdown")
AA = 4.5


def luminance(colour: str) -> float:
    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("pairs", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
def test_ink_is_readable_on_its_wash(pairs: dict[theme.Tone, tuple[str, str]]) -> None:
    for tone, (wash, ink) in pairs.items():
        assert contrast(wash, ink) >= AA, tone


def test_light_and_dark_know_the_same_tones() -> None:
    assert theme.LIGHT.keys() == theme.DARK.keys()


def test_no_field_keeps_its_own_ink_which_is_black_in_the_dark_too() -> None:
    for path in UI.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "ft.TextField":
                assert "color" in {one.arg for one in node.keywords}, f"{path.name}:{node.lineno}"


def test_no_fields_label_is_squeezed_into_lines_too_low_for_its_letters() -> None:
    for path in UI.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in FIELDS:
                (label,) = [one.value for one in node.keywords if one.arg == "label"]
                assert isinstance(label, ast.Call), f"{path.name}:{node.lineno}"
                assert ast.unparse(label.func) == "field_label", f"{path.name}:{node.lineno}"


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_a_buttons_sign_grows_with_its_words_and_a_bar_less_than_the_page(scale: float) -> None:
    built = theme.build(theme.LIGHT, scale)
    words = built.text_theme
    assert built.filled_button_theme and built.filled_button_theme.style and words
    assert built.filled_button_theme.style.icon_size == theme.BUTTON_ICON_DP * scale
    assert words.headline_small and words.headline_small.size and words.headline_small.height
    two_lines = 2 * words.headline_small.size * words.headline_small.height
    assert two_lines <= theme.TOOLBAR_DP
    assert words.title_large and words.title_large.size == theme.SIZES[theme.Type.TITLE] * scale
