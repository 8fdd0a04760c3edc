"""Answers and scopes as the JSON that is kept of them, and back.

What was written by an earlier program is read for ever: a field that was added since has its default, one that is no
longer known is passed over.
"""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any, TypeVar

from engine import wire
from engine.types import Answer, Box, Citation, Exchange, Quoted, Scope, Timings, Verdict

_T = TypeVar("_T")
_KEPT = {
    kind.__name__: {field.name for field in fields(kind)} for kind in (Answer, Box, Citation, Quoted, Scope, Timings)
}

EXCHANGE = "id, question, scope, asked_ms, answer, quoted, writer, verdict, why"


def to_text(value: Answer | Quoted | Scope) -> str:
    return json.dumps(wire.encode(value), ensure_ascii=True, separators=(",", ":"))


def from_text(text: str, kind: type[_T]) -> _T | None:
    """None for what is not of that kind."""
    value = wire.decode(_known(json.loads(text)))
    return value if isinstance(value, kind) else None


def to_exchange(row: tuple[Any, ...]) -> Exchange:
    """A row of the columns EXCHANGE."""
    id, question, scope, asked_ms, answer, quoted, writer, verdict, why = row
    return Exchange(
        id=id,
        question=question,
        scope=from_text(scope, Scope) or Scope(),
        asked_ms=asked_ms,
        answer=from_text(answer, Answer) if answer else None,
        quoted=from_text(quoted, Quoted) if quoted else None,
        writer=writer,
        verdict=Verdict(verdict),
        why=why,
    )


def _known(value: Any) -> Any:
    if isinstance(value, list):
        return [_known(item) for item in value]
    if not isinstance(value, dict):
        return value
    names = _KEPT.get(value.get("is", ""), set())
    return {name: _known(item) for name, item in value.items() if name == "is" or name in names}
