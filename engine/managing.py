"""The models as a person manages them: what there is and what it is worth, imports, measuring, taking away."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from engine.config import SHIPPED_MODELS, Config, Settings
from engine.generation import Generation, runtime
from engine.models import cuda, devices, memory
from engine.models.catalog import Installed, Models
from engine.models.errands import Import, Measure, Tell, import_apart, measure_apart
from engine.models.generator import Generator
from engine.models.manifest import FILE_NAME, Manifest
from engine.models.measuring import measure_generator
from engine.models.speeds import Speeds
from engine.types import ModelCard, ModelFacts, Notice, Score, Speed

_NOTICE = "NOTICE"
_LONGEST_NOTICE = 4000  # characters


class Managing:
    """Its methods may be called from any thread; `config` gives the settings as they are now."""

    def __init__(self, models: Models, generation: Generation, config: Callable[[], Config]) -> None:
        self._models = models
        self._generation = generation
        self._config = config
        self._speeds = Speeds(config().home / "speeds.json")

    def all(self) -> tuple[ModelFacts, ...]:
        """The models at hand, shipped ones first, by name."""
        installed = self._models.list()
        return tuple(self._facts(model, installed) for model in installed)

    def add(self, folder: Path, small: bool, tell: Tell, stop: Callable[[], bool]) -> str:
        """Imports the model in `folder` and gives its name; `small` makes an embedder int8 that is not.

        Raises errands.Stopped, and as `Models.add` does.
        """
        converted = (folder / FILE_NAME).exists()  # it is as its makers meant it to be
        compute_type = "int8" if small and not converted else None
        return import_apart(Import(folder, SHIPPED_MODELS, self._config().models, compute_type), tell, stop)

    def measure(self, name: str, stop: Callable[[], bool]) -> Speed | None:
        """How quick a model is here, kept for later; None when it was stopped.

        Raises errands.Stopped, UsageError(NO_SUCH_MODEL) or BrokenInstallation.
        """
        folder = self._models.folder(name)
        manifest = Manifest.load(folder)
        if manifest.kind == "generator":
            speed = self._measured_generator(name, folder, stop)
        else:
            speed = measure_apart(Measure(folder, self._config().threads), stop)
        if speed is not None:
            self._speeds.keep(manifest.id, speed)
        return speed

    def graphics(self) -> Notice | None:
        """Which libraries a graphics card misses that is there; None where none does. Nothing is loaded."""
        folder = self._config().home / cuda.FOLDER
        names = cuda.missing(folder) if cuda.has_driver() else []
        return devices.missing(names, folder) if names else None

    def without(self, name: str) -> dict[str, str]:
        """The settings that name this model, and what each is to be without it: "" where nothing takes its place."""
        return self._without(name, self._models.list())

    def _measured_generator(self, name: str, folder: Path, stop: Callable[[], bool]) -> Speed | None:
        """The one that is loaded is asked itself: for two of them the memory would hardly do."""
        config = self._config()
        if config.settings.generator == name and (generator := self._generation.generator(config)):
            return measure_generator(generator, stop)
        with closing(Generator.open(folder, runtime(config))) as generator:
            return measure_generator(generator, stop)

    def _without(self, name: str, installed: tuple[Installed, ...]) -> dict[str, str]:
        settings, usual = self._config().settings, Settings()
        found = {}
        for kind in ("embedder", "reader", "generator"):
            if getattr(settings, kind) == name:
                others = [one.manifest.name for one in installed if one.manifest.kind == kind]
                others = [other for other in others if other != name]
                least = others[0] if others and kind == "embedder" else ""  # there must be one
                found[kind] = getattr(usual, kind) if getattr(usual, kind) in others else least
        return found

    def _facts(self, model: Installed, installed: tuple[Installed, ...]) -> ModelFacts:
        manifest, settings = model.manifest, self._config().settings
        in_use = manifest.name in (settings.embedder, settings.reader, settings.generator)
        chat, precision = manifest.chat, manifest.precision
        return ModelFacts(
            name=manifest.name,
            kind=manifest.kind,
            in_use=in_use,
            size_bytes=model.size_bytes,
            precision=precision,
            languages=manifest.languages,
            shipped=model.shipped,
            needed_bytes=memory.needed_bytes(chat, precision, settings.compute_type or precision) if chat else 0,
            card=_card(model),
            speed=self._speeds.of(manifest.id),
            successor="".join(self._without(manifest.name, installed).values()) if in_use else "",
        )


def _card(model: Installed) -> ModelCard:
    manifest = model.manifest
    return ModelCard(
        base_model=manifest.base_model,
        licence=manifest.licence,
        training_data=manifest.training_data,
        scores=tuple(Score(name, value) for name, value in manifest.scores.items()),
        max_tokens=manifest.max_tokens,
        dimension=manifest.dimension or 0,
        query_prefix=manifest.query_prefix,
        notice=_notice(model.folder) if any(file.name == _NOTICE for file in manifest.files) else "",
    )


def _notice(folder: Path) -> str:
    try:
        with (folder / _NOTICE).open(encoding="utf-8", errors="replace") as stream:
            return stream.read(_LONGEST_NOTICE)
    except OSError:
        return ""
