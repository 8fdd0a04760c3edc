"""The events of an answer, kept on their way past."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.conversations.store import Conversations
from engine.types import AnswerEvent, Finished, Noted, Quoted, Scope


def kept(
    events: Iterable[AnswerEvent],
    conversations: Conversations,
    conversation: int,
    question: str,
    scope: Scope,
    writer: str,
    replaces: int = 0,
) -> Iterator[AnswerEvent | Noted]:
    """The same events after a Noted: the question is on the disk before it is answered, the answer before it is told.

    A stopped answer is kept as far as it came. Raises as `Conversations.begin`, and whatever the events raise.
    """
    noted = conversations.begin(conversation, question, scope, writer, replaces)
    yield noted
    quoted: Quoted | None = None
    for event in events:
        if isinstance(event, Quoted):
            quoted = event
        elif isinstance(event, Finished):
            conversations.finish(noted.exchange, event.answer, quoted)
        yield event
