"""The language of the window: English or Simplified Chinese, changed while it runs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QT_TRANSLATE_NOOP, QLibraryInfo, QLocale, QTranslator
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication

from engine.config import system_language
from engine.texts import Language

TRANSLATIONS = Path(__file__).parent / "translations"
QT_FORGOT = (  # texts of its file dialog that Qt's own Chinese lacks: ours has them
    QT_TRANSLATE_NOOP("QFileDialog", "&Look in:"),
    QT_TRANSLATE_NOOP("QFileDialog", "Files of &type:"),
)
_LOCALES = {
    "en": QLocale(QLocale.Language.English, QLocale.Country.UnitedStates),
    "zh": QLocale(QLocale.Language.Chinese, QLocale.Script.SimplifiedChineseScript, QLocale.Country.China),
}


def current() -> Language:
    """The language that the window speaks now."""
    return "zh" if QLocale().language() == QLocale.Language.Chinese else "en"


def chosen(setting: str) -> Language:
    """What a setting means: "en", "zh", or "" for the system's language."""
    if setting:
        return "zh" if setting == "zh" else "en"
    if os.environ.get("INKSTONE_LANG"):
        return system_language()
    wanted = QLocale.system().uiLanguages()
    return "zh" if wanted and wanted[0].lower().startswith("zh") else "en"


def can_show_chinese() -> bool:
    return bool(QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese))


class Speaking:
    """Keeps the translators of one application. `use` changes the language of everything at once."""

    def __init__(self, app: QApplication) -> None:
        self._app = app
        self._installed: list[QTranslator] = []

    def use(self, setting: str) -> None:
        language = chosen(setting)
        for translator in self._installed:
            self._app.removeTranslator(translator)
        QLocale.setDefault(_LOCALES[language])
        self._installed = list(self._load(language))
        for translator in self._installed:
            self._app.installTranslator(translator)

    def _load(self, language: Language) -> Iterator[QTranslator]:
        name = {"en": "en", "zh": "zh_CN"}[language]
        qt_texts = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        for file, folder in ((f"qtbase_{name}", qt_texts), (f"inkstone_{name}", str(TRANSLATIONS))):
            translator = QTranslator(self._app)
            if translator.load(file, folder):
                yield translator
