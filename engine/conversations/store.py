"""Conversations as they are kept: begun, listed, searched, renamed, pinned, deleted, and what was asked in them.

Every method is one transaction: a process that is killed loses nothing that was told to be kept. Any thread may call.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from engine.conversations.rows import EXCHANGE, to_exchange, to_text
from engine.conversations.schema import opened
from engine.errors import Code, UsageError
from engine.library.keywords import query_terms, terms
from engine.types import Answer, Conversation, Exchange, Noted, Quoted, Scope, Verdict

_TITLE = 80  # characters of a question that name its conversation
_UNDO_MS = 3_600_000  # what was deleted longer ago is gone for good
_LISTED = 500
_BEFORE, _AFTER = 24, 90  # characters of a glimpse around the words


class Conversations:
    """`Conversations(path)` opens or makes the file. Raises BrokenInstallation whenever that cannot serve."""

    def __init__(self, path: Path, now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000) -> None:
        self._database = opened(path)
        self._now_ms = now_ms
        self._purge()

    def close(self) -> None:
        self._database.close()

    # The list

    def all(self, words: str = "") -> tuple[Conversation, ...]:
        """Pinned ones first, then by their last change; with `words`, those that say all of them, or are titled so."""
        glimpses = self._found(words) if words.strip() else None
        rows = self._database.all(
            "SELECT c.id, c.title, c.pinned, c.changed_ms,"
            " (SELECT count(*) FROM exchanges e WHERE e.conversation_id = c.id AND e.replaced_by IS NULL)"
            " FROM conversations c WHERE c.deleted_ms IS NULL ORDER BY c.pinned DESC, c.changed_ms DESC, c.id DESC"
        )
        wanted = words.strip().casefold()
        return tuple(
            Conversation(id, title, bool(pinned), changed, count, (glimpses or {}).get(id, ""))
            for id, title, pinned, changed, count in rows
            if glimpses is None or id in glimpses or wanted in title.casefold()
        )[:_LISTED]

    def exchanges(self, conversation: int) -> tuple[Exchange, ...]:
        """What was asked in it, oldest first."""
        rows = self._database.all(
            f"SELECT {EXCHANGE} FROM exchanges WHERE conversation_id = ? AND replaced_by IS NULL ORDER BY id",
            [conversation],
        )
        return tuple(map(to_exchange, rows))

    def rename(self, conversation: int, title: str) -> None:
        """An empty title gives it the one back that its first question is."""
        title = " ".join(title.split())
        with self._database.writing():
            self._database.run("UPDATE conversations SET title = ?, named = ? WHERE id = ?", [title, 1, conversation])
            if not title:
                self._name_by_question(conversation)

    def pin(self, conversation: int, pinned: bool) -> None:
        with self._database.writing():
            self._database.run("UPDATE conversations SET pinned = ? WHERE id = ?", [int(pinned), conversation])

    def delete(self, conversation: int) -> None:
        """Hide it from now on; `restore` brings it back within the hour."""
        with self._database.writing():
            now = self._now_ms()
            self._database.run("UPDATE conversations SET deleted_ms = ? WHERE id = ?", [now, conversation])
        self._purge()

    def restore(self, conversation: int) -> None:
        with self._database.writing():
            self._database.run("UPDATE conversations SET deleted_ms = NULL WHERE id = ?", [conversation])

    # One exchange

    def begin(self, conversation: int, question: str, scope: Scope, writer: str, replaces: int = 0) -> Noted:
        """Note a question before it is answered; conversation 0 begins a new one.

        `replaces` an exchange, which disappears with all that followed it. Raises UsageError(NO_SUCH_CONVERSATION).
        """
        with self._database.writing():
            now = self._now_ms()
            if not conversation:
                conversation = self._database.run(
                    "INSERT INTO conversations (title, changed_ms) VALUES (?, ?)", [_title(question), now]
                )
            elif not self._database.one("SELECT 1 FROM conversations WHERE id = ?", [conversation]):
                raise UsageError(Code.NO_SUCH_CONVERSATION)
            exchange = self._database.run(
                "INSERT INTO exchanges (conversation_id, question, scope, asked_ms, writer) VALUES (?, ?, ?, ?, ?)",
                [conversation, question, to_text(scope), now, writer],
            )
            if replaces:
                self._database.run(
                    "UPDATE exchanges SET replaced_by = ? WHERE conversation_id = ? AND replaced_by IS NULL"
                    " AND id >= ? AND id < ?",
                    [exchange, conversation, replaces, exchange],
                )
            self._database.run(
                "UPDATE conversations SET changed_ms = ?, deleted_ms = NULL WHERE id = ?", [now, conversation]
            )
            self._name_by_question(conversation)
            self._say(exchange, question, "")
        return Noted(conversation, exchange)

    def finish(self, exchange: int, answer: Answer, quoted: Quoted | None) -> None:
        """Keep its answer, unless it was taken back meanwhile."""
        with self._database.writing():
            if not self._database.one("SELECT 1 FROM exchanges WHERE id = ?", [exchange]):
                return
            self._database.run(
                "UPDATE exchanges SET answer = ?, quoted = ? WHERE id = ?",
                [to_text(answer), to_text(quoted) if quoted else None, exchange],
            )
            self._say(exchange, answer.question, answer.text)

    def take_back(self, exchange: int) -> None:
        """The exchange goes, with all that followed; what it replaced stands there again."""
        with self._database.writing():
            row = self._database.one("SELECT conversation_id FROM exchanges WHERE id = ?", [exchange])
            if not row:
                return
            self._drop("conversation_id = ? AND replaced_by IS NULL AND id >= ?", row[0], exchange)
            self._database.run("UPDATE exchanges SET replaced_by = NULL WHERE replaced_by = ?", [exchange])
            self._name_by_question(row[0])

    def judge(self, exchange: int, verdict: Verdict, why: str, context: str) -> None:
        """What the person thinks of an answer; `context`: the text that it was made of, to try it again later."""
        kept = context if verdict is not Verdict.NONE else ""
        with self._database.writing():
            self._database.run(
                "UPDATE exchanges SET verdict = ?, why = ?, context = ? WHERE id = ?",
                [verdict.value, why.strip(), kept, exchange],
            )

    def exchange(self, exchange: int) -> Exchange | None:
        row = self._database.one(f"SELECT {EXCHANGE} FROM exchanges WHERE id = ?", [exchange])
        return to_exchange(row) if row else None

    def judged(self) -> tuple[tuple[Exchange, str], ...]:
        """Every exchange with a verdict, and its context; oldest first."""
        rows = self._database.all(
            f"SELECT context, {', '.join(f'e.{name.strip()}' for name in EXCHANGE.split(','))} FROM exchanges e"
            " JOIN conversations c ON c.id = e.conversation_id"
            " WHERE e.verdict != '' AND c.deleted_ms IS NULL ORDER BY e.id"
        )
        return tuple((to_exchange(row[1:]), row[0]) for row in rows)

    # Behind

    def _name_by_question(self, conversation: int) -> None:
        row = self._database.one(
            "SELECT question FROM exchanges WHERE conversation_id = ? AND replaced_by IS NULL ORDER BY id LIMIT 1",
            [conversation],
        )
        if row:
            self._database.run(
                "UPDATE conversations SET title = ?, named = 0 WHERE id = ? AND (named = 0 OR title = '')",
                [_title(row[0]), conversation],
            )

    def _say(self, exchange: int, question: str, answer: str) -> None:
        self._database.run("DELETE FROM said WHERE rowid = ?", [exchange])
        said = " ".join(terms(f"{question}\n{answer}"))
        self._database.run("INSERT INTO said (rowid, terms) VALUES (?, ?)", [exchange, said])

    def _found(self, words: str) -> dict[int, str]:
        """A glimpse of each conversation that says all the words, by its id; the last word may be half typed."""
        wanted = query_terms(words)
        if not wanted:
            return {}
        expression = " AND ".join(f'"{term}"*' if term == wanted[-1] else f'"{term}"' for term in wanted)
        rows = self._database.all(
            "SELECT e.conversation_id, e.question, json_extract(e.answer, '$.text') FROM said"
            " JOIN exchanges e ON e.id = said.rowid WHERE said MATCH ? AND e.replaced_by IS NULL ORDER BY e.id",
            [expression],
        )
        return {id: glimpse(f"{question}\n{answer or ''}", words) for id, question, answer in rows}

    def _drop(self, which: str, *values: int) -> None:
        """Remove exchanges for good."""
        self._database.run(f"DELETE FROM said WHERE rowid IN (SELECT id FROM exchanges WHERE {which})", values)
        self._database.run(f"DELETE FROM exchanges WHERE {which}", values)

    def _purge(self) -> None:
        with self._database.writing():
            before = self._now_ms() - _UNDO_MS
            old = "conversation_id IN (SELECT id FROM conversations WHERE deleted_ms < ?)"
            self._drop(old, before)
            self._drop("replaced_by IN (SELECT id FROM exchanges WHERE asked_ms < ?)", before)
            self._database.run("DELETE FROM conversations WHERE deleted_ms < ?", [before])


def glimpse(text: str, words: str) -> str:
    """The part of a text around the first of the words that stands in it, as one line."""
    line = " ".join(text.split())
    folded = line.casefold()
    at = min((place for word in words.casefold().split() if (place := folded.find(word)) >= 0), default=0)
    start = max(0, at - _BEFORE)
    start = line.find(" ", start, at) + 1 if start and " " in line[start:at] else start
    return ("…" if start else "") + line[start : at + _AFTER]


def _title(question: str) -> str:
    line = " ".join(question.split())
    return line if len(line) <= _TITLE else line[: _TITLE - 1].rstrip() + "…"
