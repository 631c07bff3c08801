"""The one place that knows sizes, spacing and colours: Material 3 seeded from jade.

Colours are named by role and resolved by the app's own drawing engine, so that light, dark and
the system's choice change without a single re-render.
"""

from dataclasses import dataclass
from enum import Enum

import flet as ft

from client.words import language

SEED = "#1B6B5C"
FONT = "Noto Sans SC"
# A family of its own, because a family takes one file in `page.fonts`.
FONT_BOLD = "Noto Sans SC Bold"
FONT_FILES = {FONT: "fonts/NotoSansSC-Regular", FONT_BOLD: "fonts/NotoSansSC-Bold"}

# 8-point grid
HALF = 4
STEP = 8
STEP_2 = 16
STEP_3 = 24
STEP_4 = 32
STEP_6 = 48
TARGET_DP = 48
BIG_TARGET_DP = 56
BUTTON_ICON_DP = 18
CORNER = 12
CORNER_BIG = 20
READING_WIDTH = 720

TEXT_SCALES = (1.0, 1.15, 1.3, 1.6, 2.0)


class Type(Enum):
    """The sizes, by what they are for; the text theme gives each its figure."""

    FIGURE = ft.TextThemeStyle.HEADLINE_MEDIUM
    BAR = ft.TextThemeStyle.HEADLINE_SMALL
    """The bar's title, which grows less than the page below it."""
    CHIP = ft.TextThemeStyle.LABEL_SMALL
    """Beside it: as small as `SMALL`, and growing less, too."""
    PLACE = ft.TextThemeStyle.LABEL_MEDIUM
    """The names of the places in bar and rail, which Material sets in this style itself."""
    TITLE = ft.TextThemeStyle.TITLE_LARGE
    SUBTITLE = ft.TextThemeStyle.TITLE_MEDIUM
    BODY = ft.TextThemeStyle.BODY_MEDIUM
    SMALL = ft.TextThemeStyle.BODY_SMALL


SIZES = {
    Type.FIGURE: 28,
    Type.BAR: 22,
    Type.CHIP: 14,
    Type.PLACE: 14,
    Type.TITLE: 22,
    Type.SUBTITLE: 18,
    Type.BODY: 16,
    Type.SMALL: 14,
}

BAR_SCALE_AT_MOST = 1.35
"""As far as Material lets the system enlarge what stands in bars: more takes the title's room."""
PLACE_SCALE_AT_MOST = 1.15
"""Five places share a small phone's 360 dp, and an English word must not break."""
BAR_TITLE_SCALE_AT_MOST = 1.2
"""So that a long title has its two lines in the bar's height, which doesn't grow."""
BAR_TITLE_LINE = 1.05
TOOLBAR_DP = 56


@dataclass(frozen=True, slots=True)
class Tone:
    """A quiet background and the ink that is readable on it."""

    wash: str
    ink: str


# Material's "fixed" roles are read by none of its widgets; they carry our state colours.
GREEN = Tone(ft.Colors.PRIMARY_FIXED, ft.Colors.ON_PRIMARY_FIXED)
RED = Tone(ft.Colors.ERROR_CONTAINER, ft.Colors.ON_ERROR_CONTAINER)
ORANGE = Tone(ft.Colors.SECONDARY_FIXED, ft.Colors.ON_SECONDARY_FIXED)
YELLOW = Tone(ft.Colors.SECONDARY_FIXED_DIM, ft.Colors.ON_SECONDARY_FIXED_VARIANT)
BLUE = Tone(ft.Colors.TERTIARY_FIXED, ft.Colors.ON_TERTIARY_FIXED)
PURPLE = Tone(ft.Colors.TERTIARY_FIXED_DIM, ft.Colors.ON_TERTIARY_FIXED_VARIANT)
QUIET = Tone(ft.Colors.SURFACE_CONTAINER_HIGH, ft.Colors.ON_SURFACE_VARIANT)

# tone -> (wash, ink) in light and in dark; tests hold each pair to AA (4.5 : 1).
LIGHT = {
    GREEN: ("#CDEBD9", "#0B4A2B"),
    RED: ("#FBD9D5", "#7A1410"),
    ORANGE: ("#FFDFC2", "#6B3200"),
    YELLOW: ("#FBEBA6", "#544200"),
    BLUE: ("#D6E5FB", "#0F3F7A"),
    PURPLE: ("#E9DDF8", "#4B2A78"),
}
DARK = {
    GREEN: ("#163D29", "#A5E3BF"),
    RED: ("#571B18", "#FFC4BE"),
    ORANGE: ("#4F2B0A", "#FFCB9C"),
    YELLOW: ("#463A08", "#F3DD86"),
    BLUE: ("#17355C", "#B5D3FF"),
    PURPLE: ("#3A2759", "#DCC6F8"),
}


_LOCALES = {"zh_CN": ft.Locale("zh", "CN"), "en": ft.Locale("en")}


def _scheme(pairs: dict[Tone, tuple[str, str]]) -> ft.ColorScheme:
    return ft.ColorScheme(
        primary_fixed=pairs[GREEN][0],
        on_primary_fixed=pairs[GREEN][1],
        error_container=pairs[RED][0],
        on_error_container=pairs[RED][1],
        secondary_fixed=pairs[ORANGE][0],
        on_secondary_fixed=pairs[ORANGE][1],
        secondary_fixed_dim=pairs[YELLOW][0],
        on_secondary_fixed_variant=pairs[YELLOW][1],
        tertiary_fixed=pairs[BLUE][0],
        on_tertiary_fixed=pairs[BLUE][1],
        tertiary_fixed_dim=pairs[PURPLE][0],
        on_tertiary_fixed_variant=pairs[PURPLE][1],
    )


def _text_theme(scale: float) -> ft.TextTheme:
    title = min(scale, BAR_TITLE_SCALE_AT_MOST)

    def style(
        type_: Type, strong: bool = False, height: float = 1.4, scale: float = scale
    ) -> ft.TextStyle:
        return ft.TextStyle(
            size=round(SIZES[type_] * scale, 1),
            weight=ft.FontWeight.W_700 if strong else ft.FontWeight.W_400,
            font_family=FONT_BOLD if strong else FONT,
            font_family_fallback=[FONT],
            height=height,
        )

    return ft.TextTheme(
        headline_medium=style(Type.FIGURE, strong=True, height=1.2),
        headline_small=style(Type.BAR, strong=True, height=BAR_TITLE_LINE, scale=title),
        title_large=style(Type.TITLE, strong=True, height=1.3),
        title_medium=style(Type.SUBTITLE, strong=True),
        title_small=style(Type.BODY, strong=True),
        body_large=style(Type.BODY),
        body_medium=style(Type.BODY),
        body_small=style(Type.SMALL),
        label_large=style(Type.BODY, strong=True),
        label_medium=style(Type.PLACE, scale=min(scale, PLACE_SCALE_AT_MOST)),
        label_small=style(Type.CHIP, scale=min(scale, BAR_SCALE_AT_MOST)),
    )


def build(pairs: dict[Tone, tuple[str, str]], text_scale: float = 1.0) -> ft.Theme:
    # The framework gives a button's sign the same size beside words of any size.
    button = ft.ButtonStyle(icon_size=round(BUTTON_ICON_DP * text_scale))
    return ft.Theme(
        color_scheme_seed=SEED,
        color_scheme=_scheme(pairs),
        font_family=FONT,
        text_theme=_text_theme(text_scale),
        visual_density=ft.VisualDensity.STANDARD,
        appbar_theme=ft.AppBarTheme(
            bgcolor=ft.Colors.SURFACE, elevation=0, elevation_on_scroll=1, center_title=False
        ),
        filled_button_theme=ft.FilledButtonTheme(style=button),
        outlined_button_theme=ft.OutlinedButtonTheme(style=button),
        text_button_theme=ft.TextButtonTheme(style=button),
    )


def apply(page: ft.Page, mode: ft.ThemeMode = ft.ThemeMode.SYSTEM, text_scale: float = 1.0) -> None:
    """Dress the page; called at the start and whenever theme or text size are changed."""
    # Native drawing engines read no .woff2, browsers load it in half the time.
    ending = ".woff2" if page.web else ".ttf"
    page.fonts = {family: file + ending for family, file in FONT_FILES.items()}
    page.theme = build(LIGHT, text_scale)
    page.dark_theme = build(DARK, text_scale)
    page.theme_mode = mode
    # What Material itself says, such as "tab 1 of 5", follows the app's language.
    page.locale_configuration = ft.LocaleConfiguration(
        supported_locales=list(_LOCALES.values()), current_locale=_LOCALES[language()]
    )
