"""The keys of the window's actions: one table for what they do, the palette, the tool tips and the settings.

Which keys the person changed is kept in the setting `shortcuts`, a line each: NAME=KEYS. What holds now is a property
of the application, as its palette is: tool tips ask for it when they are written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

PROPERTY = "inkstone_keys"


@dataclass(frozen=True, slots=True)
class Action:
    name: str
    keys: str  # at first, as Qt writes keys for programs
    is_fixed: bool = False


ACTIONS = (
    Action("palette", "Ctrl+K"),
    Action("new", "Ctrl+N"),
    Action("question", "Ctrl+L"),
    Action("chat", "Ctrl+1"),
    Action("search", "Ctrl+2"),
    Action("library", "Ctrl+3"),
    Action("models", "Ctrl+4"),
    Action("settings", "Ctrl+,"),
    Action("guide", "F1"),
    Action("find", "Ctrl+F"),
    Action("list", "Ctrl+B"),
    Action("rename", "F2"),
    Action("export", "Ctrl+E"),
    Action("next", "Ctrl+PgDown"),
    Action("previous", "Ctrl+PgUp"),
    Action("quit", "Ctrl+Q"),
    Action("stop", "Esc", is_fixed=True),
)
BY_NAME = {action.name: action for action in ACTIONS}
# keys that belong to typing, or to the window's own moves
_TAKEN = ("Tab", "Return", "Enter", "Space", "Backspace", "Del", "Esc")
_EDITING = ("Ctrl+A", "Ctrl+C", "Ctrl+V", "Ctrl+X", "Ctrl+Z", "Ctrl+Y", "Ctrl+Shift+Z")
CITATIONS = tuple(f"Alt+{number}" for number in range(1, 10))  # open the citations of these numbers


def texts() -> dict[str, str]:
    """What each action does, for people."""
    return {
        "palette": QCoreApplication.translate("Shortcuts", "Show all commands"),
        "new": QCoreApplication.translate("Shortcuts", "New conversation"),
        "question": QCoreApplication.translate("Shortcuts", "Ask a question"),
        "chat": QCoreApplication.translate("Shortcuts", "Show the conversation"),
        "search": QCoreApplication.translate("Shortcuts", "Search your documents"),
        "library": QCoreApplication.translate("Shortcuts", "Show the library"),
        "models": QCoreApplication.translate("Shortcuts", "Show the models"),
        "settings": QCoreApplication.translate("Shortcuts", "Show the settings"),
        "guide": QCoreApplication.translate("Shortcuts", "Show the guide"),
        "find": QCoreApplication.translate("Shortcuts", "Search on this page"),
        "list": QCoreApplication.translate("Shortcuts", "Show or hide the conversations"),
        "rename": QCoreApplication.translate("Shortcuts", "Rename the conversation"),
        "export": QCoreApplication.translate("Shortcuts", "Export the conversation"),
        "next": QCoreApplication.translate("Shortcuts", "Next citation or conversation"),
        "previous": QCoreApplication.translate("Shortcuts", "Previous citation or conversation"),
        "quit": QCoreApplication.translate("Shortcuts", "Quit Inkstone"),
        "stop": QCoreApplication.translate("Shortcuts", "Stop the answer, or close the document"),
    }


def parsed(setting: str) -> dict[str, str]:
    """The changed keys by their actions; lines that nobody understands are passed over."""
    lines = (line.partition("=") for line in setting.splitlines())
    found = {name.strip(): QKeySequence(keys.strip()).toString() for name, _, keys in lines}
    return {name: keys for name, keys in found.items() if name in BY_NAME and not BY_NAME[name].is_fixed}


def changed(setting: str, name: str, keys: str) -> str:
    """The setting with other keys for an action; its own first ones leave no line."""
    kept = parsed(setting) | {name: keys}
    return "\n".join(f"{one}={kept[one]}" for one in BY_NAME if one in kept and kept[one] != BY_NAME[one].keys)


def use(setting: str) -> None:
    QApplication.instance().setProperty(PROPERTY, parsed(setting))


def keys_of(name: str) -> str:
    """The keys that hold now, as Qt writes them for programs; "" where the person took them away."""
    chosen = QApplication.instance().property(PROPERTY) or {}
    return chosen.get(name, BY_NAME[name].keys)


def shown(name: str) -> str:
    """The same as people on this system know them."""
    return QKeySequence(keys_of(name)).toString(QKeySequence.SequenceFormat.NativeText)


def named(text: str, name: str) -> str:
    """What a tool tip says: the text, and the action's keys if it has any."""
    return f"{text} ({keys})" if (keys := shown(name)) else text


def user_of(keys: str, asking: str) -> str:
    """The action that has these keys already, "" if there is none but `asking` itself."""
    return next((one for one in BY_NAME if one != asking and keys and keys_of(one) == keys), "")


def is_usable(keys: str) -> bool:
    """Whether keys take nothing from typing: with Ctrl or Alt, or a function key, and not what edits text."""
    sequence = QKeySequence(keys)
    if sequence.isEmpty():
        return True
    if sequence.count() != 1 or keys in (*_EDITING, *CITATIONS, *_TAKEN):
        return False
    held = sequence[0].keyboardModifiers()
    strong = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
    return bool(held & strong) or Qt.Key.Key_F1 <= sequence[0].key() <= Qt.Key.Key_F35


class Bound(QObject):
    """The actions of one window at their keys."""

    def __init__(self, window: QWidget, acts: Mapping[str, Callable[[], object]]) -> None:
        super().__init__(window)
        self._window = window
        self._made = {name: QShortcut(QKeySequence(keys_of(name)), window) for name in acts}
        for name, act in acts.items():
            self._made[name].activated.connect(act)

    def use(self, setting: str) -> None:
        """Other keys from now on, and in all tool tips."""
        use(setting)
        for name, shortcut in self._made.items():
            shortcut.setKey(QKeySequence(keys_of(name)))
        QApplication.sendEvent(self._window, QEvent(QEvent.Type.LanguageChange))
