"""What the person thought of answers, as questions that `inkstone eval` can put again.

A line is a question set's (`question_sets`): question, context, answers, unanswerable; and beside it what was said and
what was thought of it. An answer that was found bad has no accepted wording: `eval` passes it over until somebody
writes one into `answers`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from engine.errors import BrokenInstallation, Code
from engine.types import Exchange, Stop, Verdict


def write(path: Path, judged: Iterable[tuple[Exchange, str]]) -> int:
    """The judged exchanges with their contexts as JSON lines; how many. Raises BrokenInstallation(CANNOT_WRITE)."""
    lines = [json.dumps(row(exchange, context), ensure_ascii=False) for exchange, context in judged]
    temporary = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        temporary.write_text("".join(f"{line}\n" for line in lines), "utf-8", errors="replace")
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise BrokenInstallation(Code.CANNOT_WRITE, path=str(path), why=error.strerror or str(error)) from error
    return len(lines)


def row(exchange: Exchange, context: str) -> dict[str, Any]:
    answer, good = exchange.answer, exchange.verdict is Verdict.GOOD
    declined = answer is not None and answer.stop is Stop.NO_SOURCES
    quotes = [citation.quote for citation in answer.citations] if answer else []
    return {
        "question": exchange.question,
        "context": context,
        "answers": quotes if good and not declined else [],
        "unanswerable": good and declined,
        "verdict": exchange.verdict.value,
        "why": exchange.why,
        "said": answer.text if answer else "",
        "mode": answer.mode if answer else "",
        "writer": exchange.writer,
        "sources": [{"name": one.path.name, "page": one.page} for one in (answer.citations if answer else ())],
    }
