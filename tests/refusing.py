"""What a refusal says, as a person reads it."""

from __future__ import annotations

from engine.errors import EngineError
from engine.models.flaws import Flaw
from engine.texts import Language, say_why


def reason(error: EngineError | Flaw, language: Language = "en", **more: object) -> str:
    """The reason inside the error's sentence; `more` are facts that a Flaw does not know yet, such as `file`."""
    facts = dict(error.facts) | more
    if isinstance(error, Flaw):
        facts["why"] = error.why
    return say_why(language, **facts)  # type: ignore[arg-type]
