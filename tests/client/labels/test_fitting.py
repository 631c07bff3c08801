"""Text always fits its box, and always all of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.labels.fitting import MM_A_POINT, fit


def width_at_one_point(text: str) -> float:
    return sum(0.5 if character.isascii() else 1.0 for character in text) * MM_A_POINT


texts = st.text(st.sampled_from("安全巡查点（）、，。“” ab-C9."), max_size=120)


@given(texts, st.floats(20, 100), st.floats(5, 30), st.floats(8, 30))
def test_everything_fits(text: str, width_mm: float, height_mm: float, largest_pt: float) -> None:
    fitted = fit(text, width_at_one_point, width_mm, height_mm, largest_pt)
    assert fitted.size_pt <= largest_pt
    assert fitted.height_mm <= height_mm * 1.000001
    for line in fitted.lines:
        assert width_at_one_point(line) * fitted.size_pt <= width_mm * 1.000001
    assert "".join("".join(fitted.lines).split()) == "".join(text.split())


def test_a_short_name_keeps_the_largest_size_on_one_line() -> None:
    fitted = fit("看台", width_at_one_point, 83, 17, 26)
    assert (fitted.size_pt, fitted.lines) == (26, ("看台",))


def test_a_name_a_little_too_long_shrinks_before_it_breaks() -> None:
    fitted = fit("三层东侧疏散楼梯与应急照明", width_at_one_point, 83, 17, 26)
    assert len(fitted.lines) == 1


def test_lines_are_about_equally_long() -> None:
    fitted = fit("安" * 21, width_at_one_point, 83, 17, 26)
    assert [len(line) for line in fitted.lines] == [11, 10]


@pytest.mark.parametrize(
    ("text", "together"),
    [
        ("安全安全安全安全安全安全 extinguisher 安全安全安全安全安全安", "extinguisher"),
        ("安全安全安全安全安全（安全安全）安全安全安全安全安全安全安全", "（安"),
        ("安全安全安全安全安全安全安，安全安全安全安全安全安全安全安全", "安，"),
    ],
)
def test_what_belongs_together_stays_on_one_line(text: str, together: str) -> None:
    for width_mm in range(30, 90):
        fitted = fit(text, width_at_one_point, width_mm, 17, 26)
        assert any(together in line for line in fitted.lines)
