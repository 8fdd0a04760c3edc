"""What the command palette offers: the window's actions, each with its keys, and the conversations by their titles."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

from PySide6.QtCore import QObject

from desktop_app.choices import Choices
from desktop_app.library_state import LibraryState
from desktop_app.pages.chat import ChatPage
from desktop_app.shortcuts import shown
from desktop_app.widgets.palette import Command
from desktop_app.widgets.rail import CHAT, GUIDE, LIBRARY, MODELS, SEARCH, SETTINGS
from engine.types import EVERYTHING, Scope


class Window(Protocol):
    """What of the main window is done."""

    chat: ChatPage
    state: LibraryState
    choices: Choices

    def begin(self) -> None: ...
    def focus_question(self) -> None: ...
    def go_to(self, page: int) -> None: ...
    def pick_folder(self) -> None: ...
    def pick_files(self) -> None: ...
    def choose(self, name: str, value: str) -> None: ...
    def ask(self, words: str, scope: Scope) -> None: ...
    def search_for(self, words: str) -> None: ...
    def quit(self) -> None: ...


class Commands(QObject):
    def __init__(self, window: Window) -> None:
        super().__init__()
        self._window = window

    def offered(self, words: str) -> list[Command]:
        """`words` as they are typed so far."""
        made = [*self._actions(), *self._conversations()]
        return [*made, *self._of_words(words)] if words else made

    def _actions(self) -> Iterator[Command]:
        window, chat = self._window, self._window.chat
        yield Command(self.tr("New conversation"), window.begin, shown("new"))
        yield Command(self.tr("Ask a question"), window.focus_question, shown("question"))
        yield Command(self.tr("Search your documents"), lambda: window.go_to(SEARCH), shown("search"))
        yield Command(self.tr("Show the library"), lambda: window.go_to(LIBRARY), shown("library"))
        yield Command(self.tr("Show the models"), lambda: window.go_to(MODELS), shown("models"))
        yield Command(self.tr("Show the settings"), lambda: window.go_to(SETTINGS), shown("settings"))
        yield Command(self.tr("Show the guide"), lambda: window.go_to(GUIDE), shown("guide"))
        yield Command(self.tr("Add a folder…"), window.pick_folder)
        yield Command(self.tr("Add files…"), window.pick_files)
        yield Command(self.tr("Search the conversations"), self._in_chat(chat.search_conversations))
        yield Command(self.tr("Choose what is asked…"), self._in_chat(chat.scope.choose))
        yield Command(self.tr("Show or hide the conversations"), self._in_chat(chat.toggle_list), shown("list"))
        if chat.sessions.current.id:
            yield Command(self.tr("Rename this conversation"), self._in_chat(chat.rename), shown("rename"))
            yield Command(self.tr("Export this conversation…"), self._in_chat(chat.header.open_menu), shown("export"))
        if chat.source.isVisibleTo(chat):
            yield Command(self.tr("Search in the open document"), self._in_chat(chat.source.find.open), shown("find"))
        paused = self._window.state.paused
        text = self.tr("Go on with indexing") if paused else self.tr("Pause indexing")
        yield Command(text, lambda: window.choices.change("paused", not paused))
        for name, theme in ((self.tr("Theme: light"), "light"), (self.tr("Theme: dark"), "dark")):
            yield Command(name, lambda theme=theme: window.choose("theme", theme))
        yield Command(self.tr("Theme: as the system"), lambda: window.choose("theme", ""))
        yield Command(self.tr("Quit Inkstone"), window.quit, shown("quit"))

    def _conversations(self) -> Iterator[Command]:
        for one in self._window.chat.conversations.listed:
            open_it = self._in_chat(lambda id=one.id: self._window.chat.open_conversation(id))
            yield Command(self.tr("Conversation: {title}").format(title=one.title), open_it)

    def _of_words(self, words: str) -> Iterator[Command]:
        ask = self.tr("Ask: {words}").format(words=words)
        yield Command(ask, lambda: self._window.ask(words, EVERYTHING), always=True)
        look_up = self.tr("Search for: {words}").format(words=words)
        yield Command(look_up, lambda: self._window.search_for(words), always=True)

    def _in_chat(self, act: Callable[[], object]) -> Callable[[], None]:
        """The action, with the page in sight that it belongs to."""

        def do() -> None:
            self._window.go_to(CHAT)
            act()

        return do
