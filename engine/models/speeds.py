"""What was measured of models on this computer, kept in one small file."""

from __future__ import annotations

import json
import threading
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from engine.types import Speed


class Speeds:
    """By the models' ids: other weights of the same name are another model. A file that is damaged counts for none."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def of(self, id: str) -> Speed | None:
        with suppress(TypeError, ValueError):
            return Speed(**self._kept()[id]) if id in self._kept() else None
        return None

    def keep(self, id: str, speed: Speed) -> None:
        """What cannot be written is forgotten: measuring again takes seconds."""
        with self._lock, suppress(OSError):
            kept = self._kept() | {id: asdict(speed)}
            temporary = self._path.with_suffix(".new")
            temporary.write_text(json.dumps(kept, indent=1) + "\n", "utf-8")
            temporary.replace(self._path)

    def _kept(self) -> dict[str, Any]:
        try:
            found = json.loads(self._path.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}
