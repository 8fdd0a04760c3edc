"""An answer on the terminal as it comes, and answers and hits as the JSON that is a contract."""

from __future__ import annotations

import re
import sys
from typing import Any

from engine.texts import Language, say
from engine.types import (
    UNSUPPORTED,
    Answer,
    AnswerEvent,
    Citation,
    Hit,
    Notice,
    Piece,
    Quoted,
    Stop,
    Unit,
    Wait,
    Waiting,
)

Json = dict[str, Any]

_WAITS = {Wait.LOADING: "wait_loading", Wait.QUEUED: "wait_queued", Wait.PASSAGES: "wait_passages"}


class AnswerPrinter:
    """Prints the events of one answer: what can be read to standard output, what it waits for to standard error."""

    def __init__(self, language: Language, quiet: bool) -> None:
        self._language = language
        self._quiet = quiet  # standard output is for JSON alone
        self._quoted = False
        self._has_text = False

    def show(self, event: AnswerEvent) -> None:
        if isinstance(event, Quoted):
            self._show_quotes(event)
        elif isinstance(event, Waiting):
            self._tell(_WAITS[event.wait] + ("_s" if event.seconds else ""), seconds=round(event.seconds or 0) or 1)
        elif isinstance(event, Notice):
            self._tell(event.code, **event.facts)
        elif isinstance(event, Piece):
            self._show_text(event.text)

    def finish(self, answer: Answer) -> None:
        if self._quiet:
            return
        print("\n" if self._has_text else "")
        if self._quoted and answer.mode == "extractive":  # what was written is not the answer, or there is none
            if self._has_text:
                print(say("quotes_after_all", self._language))
            print(plain(answer.text) + "\n")
        elif answer.mode == "generated":
            self._explain(answer)
        for citation in answer.citations:
            where = place(citation.unit, citation.page, citation.label, self._language)
            print(f"[{citation.number}] {citation.path}, {where}")

    def _explain(self, answer: Answer) -> None:
        self._has_text = False
        if answer.stop is Stop.LENGTH:
            self._tell("cut_short")
        if UNSUPPORTED in answer.text:
            self._tell("unsupported_mark")

    def _show_quotes(self, quoted: Quoted) -> None:
        self._quoted = True
        if self._quiet:
            return
        print(say("quotes_first", self._language))
        for citation in quoted.citations:
            where = place(citation.unit, citation.page, citation.label, self._language)
            print(f"  · {' '.join(citation.quote.split())}  ({citation.path.name}, {where})")
        print(flush=True)

    def _show_text(self, text: str) -> None:
        if self._quiet:
            return
        if self._quoted and not self._has_text:
            print(say("written_next", self._language))
        self._has_text = True
        print(plain(text), end="", flush=True)

    def _tell(self, key: str, **facts: object) -> None:
        if self._has_text and not self._quiet:
            print(flush=True)  # what is told begins on a line of its own
        print(say(key, self._language, **facts), file=sys.stderr)


def place(unit: Unit, number: int, label: str, language: Language) -> str:
    """ "page 12", or "row Sales!14" where people call the place so."""
    return say(unit.value, language, number=label or number)


def plain(markdown: str) -> str:
    """What a terminal shows of our own Markdown: without the marks of bold and without escapes."""
    return re.sub(r"\\(.)", r"\1", markdown.replace("**", ""))


def hit_json(hit: Hit) -> Json:
    return {
        "path": str(hit.document.path),
        "title": hit.document.title,
        "page": hit.passage.page_first,
        "unit": hit.document.unit,
        "label": hit.passage.label,
        "text": hit.passage.text,
        "score": round(hit.score, 4),
        "boxes": [[box.page, box.x0, box.y0, box.x1, box.y1] for box in hit.passage.boxes],
        "away": hit.document.away,
    }


def answer_json(answer: Answer) -> Json:
    return {
        "question": answer.question,
        "answer": answer.text,
        "mode": answer.mode,
        "stop": answer.stop,
        "citations": [_citation_json(citation) for citation in answer.citations],
        "timings_ms": {
            "retrieve": answer.timings_ms.retrieve,
            "first_token": answer.timings_ms.first_token,
            "total": answer.timings_ms.total,
        },
    }


def _citation_json(citation: Citation) -> Json:
    return {
        "number": citation.number,
        "path": str(citation.path),
        "title": citation.title,
        "page": citation.page,
        "unit": citation.unit,
        "label": citation.label,
        "quote": citation.quote,
        "boxes": [[box.page, box.x0, box.y0, box.x1, box.y1] for box in citation.boxes],
        "score": citation.score,
    }
