"""The model that reads passages, as the settings name it: opened when it is first needed, let go when they change."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from engine.config import Config
from engine.errors import EngineError
from engine.models.catalog import Models
from engine.models.reader import Reader
from engine.types import Notice

logger = logging.getLogger(__name__)


class ReaderInUse:
    """At most one reader at a time; a damaged or missing one is as none. May be asked from any thread."""

    def __init__(self, models: Models, config: Callable[[], Config]) -> None:
        self._models = models
        self._config = config
        self._lock = threading.Lock()
        self._name = ""
        self._reader: Reader | None = None
        self._notice: Notice | None = None

    def __call__(self) -> Reader | None:
        """The reader; loading it takes some tenths of a second. None where none is chosen, or it cannot be used."""
        config = self._config()
        with self._lock:
            if config.settings.reader != self._name:
                self._name = config.settings.reader
                self._reader = self._opened(config) if self._name else None
            return self._reader

    def rest(self) -> None:
        """Give back the memory that long rows took."""
        with self._lock:
            if self._reader:
                self._reader.rest()

    def notice(self) -> Notice | None:
        """Why the chosen reader cannot be used, told once."""
        with self._lock:
            notice, self._notice = self._notice, None
            return notice

    def _opened(self, config: Config) -> Reader | None:
        self._notice = None
        try:
            return Reader.open(self._models.folder(self._name), config.threads)
        except EngineError as error:
            logger.warning("%s cannot read: %s", self._name, error)
            self._notice = Notice(error.code.value, {name: str(fact) for name, fact in error.facts.items()})
            return None
