"""The model that writes answers, as the settings name it: opened when it is first needed, closed when they change."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from pathlib import Path

from engine.answers.writing import Writer
from engine.config import Config, Settings
from engine.errors import EngineError
from engine.models import cuda
from engine.models.catalog import Models
from engine.models.generator import Generator, Runtime, Sampling
from engine.models.memory import free_bytes, needed_bytes
from engine.models.prompts import Language, PromptWriter
from engine.types import Notice


@dataclass(frozen=True, slots=True)
class Examined:
    """The generator in use as the doctor sees it. What the settings leave open is decided when it is loaded."""

    name: str
    device: str  # "" left open
    compute_type: str  # as the model was converted where it is left open
    needed_bytes: int  # on a CPU
    free_bytes: int


class Generation:
    """At most one generator at a time. Its methods may be called from any thread."""

    def __init__(self, models: Models) -> None:
        self._models = models
        self._lock = threading.Lock()
        self._generator: Generator | None = None
        self._opened: tuple[Path, Runtime] | None = None
        self._name = ""
        self._is_closed = False

    def writer(self, config: Config) -> Writer | Notice | None:
        """The model in use with the person's choices; None where none is chosen, a Notice where it cannot be used."""
        if not config.settings.generator:
            return None
        try:
            generator = self.generator(config)
            return _writer(generator, config.settings) if generator else None
        except EngineError as error:
            return Notice(error.code.value, {name: str(fact) for name, fact in error.facts.items()})

    def generator(self, config: Config) -> Generator | None:
        """None once it is closed. Raises UsageError(NO_SUCH_MODEL) or BrokenInstallation(BAD_MODEL)."""
        settings = config.settings
        wanted = self._models.folder(settings.generator), runtime(config)
        with self._lock:
            if self._is_closed:
                return None
            if self._generator is None or not _is_same(wanted, self._opened):
                self._let_go()
                self._generator, self._opened = Generator.open(*wanted), wanted
                self._name = settings.generator
            return self._generator

    def examined(self, config: Config) -> Examined | None:
        """None where none is chosen. Raises as `generator` does."""
        generator = self.generator(config) if config.settings.generator else None
        if generator is None:
            return None
        manifest = generator.manifest
        assert manifest.chat  # a generator's manifest was checked to have it
        compute_type = config.settings.compute_type or manifest.precision
        needed = needed_bytes(manifest.chat, manifest.precision, compute_type)
        return Examined(manifest.name, config.settings.device, compute_type, needed, free_bytes())

    def changed(self, config: Config) -> None:
        """Gives back the memory of a model that is no longer chosen, or not in this way."""
        with self._lock:
            if self._opened and not (
                config.settings.generator == self._name and _is_same((self._opened[0], runtime(config)), self._opened)
            ):
                self._let_go()

    def close(self) -> None:
        """Ends what is being written, for good."""
        with self._lock:
            self._is_closed = True
            self._let_go()

    def _let_go(self) -> None:
        if self._generator:
            self._generator.close()
        self._generator, self._opened = None, None


def _is_same(wanted: tuple[Path, Runtime], opened: tuple[Path, Runtime] | None) -> bool:
    """How long it may be idle is no reason to load a model anew: that holds from its next start."""
    return opened is not None and wanted == (opened[0], replace(opened[1], idle_s=wanted[1].idle_s))


def runtime(config: Config) -> Runtime:
    """Where and how the settings want a generator to run."""
    settings = config.settings
    return Runtime(
        device=settings.device,
        compute_type=settings.compute_type,
        threads=config.threads,
        idle_s=60.0 * settings.unload_after_minutes,
        cuda=str(config.home / cuda.FOLDER),
    )


def _writer(generator: Generator, settings: Settings) -> Writer:
    """Raises UsageError(BAD_TEMPLATE)."""
    templates: dict[Language, str] = {"en": settings.instruction_en, "zh": settings.instruction_zh}
    prompts = PromptWriter(generator.tokens, templates, settings.answer_style)
    sampling = Sampling(settings.temperature, settings.top_p, settings.repetition_penalty, settings.max_new_tokens)
    return Writer(generator, prompts, sampling, settings.prompt_tokens)
