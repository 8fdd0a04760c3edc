"""The colours of the window by name, in light and dark, and everything that is made from them."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

STYLE = Path(__file__).parent / "resources" / "style.qss"


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


def current() -> Tokens:
    """The scheme in use: what the application's palette says, so that there is no second truth."""
    return DARK if QApplication.palette().color(QPalette.ColorRole.Window).lightness() < 128 else LIGHT


def apply(app: QApplication, choice: str) -> None:
    """Dress the whole application as `choice`: "light", "dark", or "" for what the system has."""
    schemes = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
    app.styleHints().setColorScheme(schemes.get(choice, Qt.ColorScheme.Unknown))
    dark = choice == "dark" or (not choice and app.styleHints().colorScheme() == Qt.ColorScheme.Dark)
    tokens = DARK if dark else LIGHT
    app.setPalette(palette(tokens))
    app.setStyleSheet(style_sheet(tokens))


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
    """The one style sheet, each `@name` replaced by its colour."""
    colours = asdict(tokens)
    return re.sub(r"@(\w+)", lambda found: colours[found[1]], STYLE.read_text("utf-8"))


def contrast(first: str, second: str) -> float:
    """The contrast of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in QColor(colour).getRgbF()[:3]
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
