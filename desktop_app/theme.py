"""The colours of the window by name, in light and dark, and everything that is made from them."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

STYLE = Path(__file__).parent / "resources" / "style.qss"
FONT_PIXELS = 14  # of plain text at 100 %


@dataclass(frozen=True, slots=True)
class Tokens:
    """One scheme. Every text colour reaches a contrast of 4.5 on every ground that it is used on."""

    bg: str
    surface: str
    raised: str
    rail: str
    border: str
    text: str
    muted: str
    accent: str
    accent_hover: str
    accent_text: str
    accent_soft: str
    user: str
    hover: str
    danger: str
    danger_soft: str
    notice: str
    code: str
    mark: str  # highlights on a page and in lines
    mark_strong: str


LIGHT = Tokens(
    bg="#f7f7f8",
    surface="#ffffff",
    raised="#f0f2f5",
    rail="#eeeff2",
    border="#e1e4e9",
    text="#16181d",
    muted="#5b626d",
    accent="#2a5be8",
    accent_hover="#224ecb",
    accent_text="#ffffff",
    accent_soft="#e4ebfe",
    user="#ebeef4",
    hover="#e6e9ee",
    danger="#b42318",
    danger_soft="#fdecea",
    notice="#fdf3d8",
    code="#eff1f5",
    mark="#fff1b3",
    mark_strong="#ffd54a",
)

DARK = Tokens(
    bg="#17181c",
    surface="#1f2126",
    raised="#272a30",
    rail="#121316",
    border="#30343b",
    text="#eceef2",
    muted="#a0a7b3",
    accent="#7097ff",
    accent_hover="#8aaaff",
    accent_text="#0c1222",
    accent_soft="#233154",
    user="#2a2d35",
    hover="#2b2f37",
    danger="#ff8a80",
    danger_soft="#3a2222",
    notice="#3a3220",
    code="#24272d",
    mark="#4a4119",
    mark_strong="#75641a",
)


def _accented(accent: str, hover: str, soft: str, dark: tuple[str, str, str, str]) -> tuple[Tokens, Tokens]:
    """Both schemes with another accent; `dark` is accent, hover, soft, and the text on the accent."""
    light = replace(LIGHT, accent=accent, accent_hover=hover, accent_soft=soft)
    return light, replace(DARK, accent=dark[0], accent_hover=dark[1], accent_soft=dark[2], accent_text=dark[3])


ACCENTS: dict[str, tuple[Tokens, Tokens]] = {  # the setting → light and dark
    "blue": (LIGHT, DARK),
    "teal": _accented("#0b7080", "#095c69", "#dff2f5", ("#4cc4d6", "#74d3e1", "#173a41", "#07191c")),
    "green": _accented("#1e7539", "#18602f", "#e0f3e6", ("#63c884", "#85d69f", "#1a3825", "#08190e")),
    "violet": _accented("#6f3fd6", "#5e33bb", "#efe9fd", ("#ae92ff", "#c2adff", "#332a55", "#140c26")),
    "rose": _accented("#b92054", "#9f1b48", "#fde7ee", ("#ff85a8", "#ffa1bc", "#472231", "#24070f")),
    "amber": _accented("#8f4f00", "#774200", "#fbeeda", ("#f0b050", "#f5c27a", "#3d2f12", "#1f1304")),
}
_BY_COLOUR = {(one.bg, one.accent): one for pair in ACCENTS.values() for one in pair}


def tokens_of(accent: str, dark: bool) -> Tokens:
    return ACCENTS.get(accent, ACCENTS["blue"])[dark]


def current() -> Tokens:
    """The scheme in use: what the application's palette says, so that there is no second truth."""
    ours = QApplication.palette()
    ground, accent = ours.color(QPalette.ColorRole.Window), ours.color(QPalette.ColorRole.Highlight)
    known = _BY_COLOUR.get((ground.name(), accent.name()))
    return known or (DARK if ground.lightness() < 128 else LIGHT)


def scaled(pixels: int) -> int:
    """A size that goes with the text, as the person wants the text: what the application's font says."""
    return round(pixels * max(1, QApplication.font().pixelSize()) / FONT_PIXELS)


def apply(app: QApplication, choice: str, accent: str = "", percent: int = 100) -> None:
    """Dress the whole application as `choice`: "light", "dark", or "" for what the system has."""
    schemes = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
    app.styleHints().setColorScheme(schemes.get(choice, Qt.ColorScheme.Unknown))
    dark = choice == "dark" or (not choice and app.styleHints().colorScheme() == Qt.ColorScheme.Dark)
    tokens = tokens_of(accent, dark)
    font = QFont(app.font())
    font.setPixelSize(round(FONT_PIXELS * percent / 100))
    if font != app.font():
        app.setFont(font)
    app.setPalette(palette(tokens))
    sheet = style_sheet(tokens)
    if sheet != app.styleSheet():  # every widget is styled anew
        app.setStyleSheet(sheet)


def palette(tokens: Tokens) -> QPalette:
    role = QPalette.ColorRole
    colours = {
        role.Window: tokens.bg,
        role.WindowText: tokens.text,
        role.Base: tokens.surface,
        role.AlternateBase: tokens.raised,
        role.Text: tokens.text,
        role.Button: tokens.raised,
        role.ButtonText: tokens.text,
        role.BrightText: tokens.danger,
        role.PlaceholderText: tokens.muted,
        role.ToolTipBase: tokens.raised,
        role.ToolTipText: tokens.text,
        role.Highlight: tokens.accent,
        role.HighlightedText: tokens.accent_text,
        role.Link: tokens.accent,
        role.Accent: tokens.accent,
    }
    made = QPalette()
    for name, colour in colours.items():
        made.setColor(name, QColor(colour))
    for name in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, name, QColor(tokens.muted))
    return made


def style_sheet(tokens: Tokens) -> str:
    """The one style sheet, each `@name` replaced by its colour, each size of text as the application's font has it."""
    colours = asdict(tokens)
    sheet = re.sub(r"(font-size|min-width): (\d+)px", _scaled_rule, STYLE.read_text("utf-8"))
    if QGuiApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft:
        sheet = re.sub(r"(border-|text-align: )(left|right)", _mirrored_rule, sheet)
    return re.sub(r"@(\w+)", lambda found: colours[found[1]], sheet)


def contrast(first: str, second: str) -> float:
    """The contrast of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _scaled_rule(found: re.Match[str]) -> str:
    return f"{found[1]}: {scaled(int(found[2]))}px"


def _mirrored_rule(found: re.Match[str]) -> str:
    return found[1] + {"left": "right", "right": "left"}[found[2]]


def _luminance(colour: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in QColor(colour).getRgbF()[:3]
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
