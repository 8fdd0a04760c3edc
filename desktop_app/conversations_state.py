"""What the window knows of the kept conversations: the list, and what is done with one of them."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from desktop_app.bridge import Bridge, Reply
from engine.types import Conversation

SEARCH_MS = 120  # after the last key


class ConversationsState(QObject):
    """Signals: `changed` when there is a new list; `deleted` with a Conversation that can still be restored."""

    changed = Signal()
    deleted = Signal(object)

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.listed: tuple[Conversation, ...] = ()
        self.words = ""
        self.is_known = False  # the engine has answered once
        self._known: dict[int, Conversation] = {}  # by id: all that were ever listed
        self._bridge = bridge
        self._reply: Reply | None = None
        self._typing = QTimer(self, singleShot=True, interval=SEARCH_MS)
        self._typing.timeout.connect(self.refresh)
        bridge.ready.connect(self.refresh)

    def search(self, words: str) -> None:
        """List only those that say the words; "" lists all."""
        self.words = words.strip()
        self._typing.start()

    def refresh(self) -> None:
        if self._reply is not None:
            self._reply.drop()
        self._reply = self._bridge.request("conversations", words=self.words)
        self._reply.done.connect(self._on_list)
        self._reply.failed.connect(self._forget_reply)

    def rename(self, conversation: int, title: str) -> None:
        self._change("rename", conversation=conversation, title=title)

    def pin(self, conversation: int, pinned: bool) -> None:
        self._change("pin", conversation=conversation, pinned=pinned)

    def delete(self, conversation: Conversation) -> None:
        self._change("delete", conversation=conversation.id).done.connect(lambda: self.deleted.emit(conversation))

    def restore(self, conversation: int) -> Reply:
        return self._change("restore", conversation=conversation)

    def find(self, id: int) -> Conversation | None:
        """What was last told of a conversation, which need not say the words that are searched for."""
        return self._known.get(id)

    def may_hold(self, id: int) -> bool:
        """Whether a conversation is kept, for all that is known."""
        return bool(self.words) or not self.is_known or any(one.id == id for one in self.listed)

    def _change(self, do: str, **arguments: object) -> Reply:
        reply = self._bridge.request(do, **arguments)
        reply.done.connect(self.refresh)
        return reply

    def _on_list(self, listed: tuple[Conversation, ...]) -> None:
        self._reply = None
        self.listed, self.is_known = listed, True
        self._known |= {one.id: one for one in listed}
        self.changed.emit()

    def _forget_reply(self) -> None:
        self._reply = None
