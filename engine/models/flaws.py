"""What is wrong with a model, as a key of `engine.refusals` and the facts of that reason: never as a sentence."""

from __future__ import annotations

from pathlib import Path

from engine.errors import BrokenInstallation, Code

_LONGEST_FACT = 300  # characters: what a hostile file says of itself could fill a window


class Flaw(ValueError):
    """Why a file of a model is refused, told by one who does not know the file's name (the fact `file`)."""

    def __init__(self, why: str, **facts: object) -> None:
        super().__init__(f"{why}: {facts}")
        self.why = why
        self.facts = facts

    def of(self, folder: Path, code: Code = Code.BAD_MODEL, **facts: object) -> BrokenInstallation:
        """The same of the model in `folder`, with more facts; of two of a name the flaw's own counts."""
        return BrokenInstallation(code, path=str(folder), why=self.why, **told(facts | self.facts))


def refused(folder: Path, why: str, **facts: object) -> BrokenInstallation:
    """The model in `folder` is refused: `why` is a key of `engine.refusals`, `facts` fill the braces there."""
    return Flaw(why, **facts).of(folder)


def told(facts: dict[str, object]) -> dict[str, str]:
    """The facts in one line each, cut where they are endless."""
    return {name: " ".join(str(fact).split())[:_LONGEST_FACT] for name, fact in facts.items()}
