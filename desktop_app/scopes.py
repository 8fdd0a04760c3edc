"""What a scope is called, in short and in full."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject

from engine.types import Scope


def name(scope: Scope) -> str:
    """ "Everything", "Policies", "rules.pdf + 2"."""
    if not scope.paths:
        return QCoreApplication.translate("Scopes", "Everything")
    first = scope.paths[0].name or str(scope.paths[0])
    others = len(scope.paths) - 1
    return f"{first} + {others}" if others else first


def sentence(scope: Scope) -> str:
    """What was asked, for the question's own line; "" for everything."""
    if not scope.paths:
        return ""
    return QCoreApplication.translate("Scopes", "Asked of {places}").format(places=places(scope.paths))


def places(paths: Iterable[Path]) -> str:
    """ "Policies, rules.pdf and 3 more" """
    names = [path.name or str(path) for path in paths]
    shown = ", ".join(names[:2])
    return _Counted().and_more(shown, len(names) - 2) if len(names) > 2 else shown


class _Counted(QObject):
    def and_more(self, shown: str, count: int) -> str:
        return self.tr("{names} and %Ln more", "", count).format(names=shown)
