"""Where a generator runs, and in which numbers: chosen by itself or by the person, with a fallback that says why.

Decides for any `Machine`; the real one is in `generating`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from engine.models import cuda
from engine.models.flaws import told
from engine.types import Notice

COMPUTE_TYPES = ("int8", "int8_float32", "int8_float16", "int8_bfloat16", "float16", "bfloat16", "float32")

# What is taken for a model that was converted to the type before the colon, best first. On a CPU int8 reads a
# quarter of what float32 reads, and reading the weights is what a new token's time goes into; a CPU has no float16.
_AUTOMATIC = {
    "cpu": {
        "int8": ("int8", "int8_float32", "float32"),
        "float16": ("int8", "float32"),
        "float32": ("float32",),
    },
    "cuda": {
        "int8": ("int8_float16", "int8_float32", "float16", "float32"),
        "float16": ("float16", "float32"),
        "bfloat16": ("bfloat16", "float16", "float32"),
        "float32": ("float16", "float32"),
    },
}

Model = TypeVar("Model")
ModelOut = TypeVar("ModelOut", covariant=True)


class Machine(Protocol[ModelOut]):
    def gpus(self) -> int:
        """How many graphics cards the library can use."""

    def has_driver(self) -> bool:
        """Whether a driver for such cards is installed."""

    def missing(self) -> Notice | None:
        """What the library needs for a card beside the driver and is not here. What is here is loaded from then on."""

    def compute_types(self, device: str) -> Collection[str]:
        """What the device computes efficiently."""

    def load(self, device: str, compute_type: str) -> ModelOut:
        """The model, which has generated one token there. Raises RuntimeError or ValueError."""


@dataclass(frozen=True, slots=True)
class Placed(Generic[Model]):
    model: Model
    device: str  # "cpu" or "cuda"
    compute_type: str
    notice: Notice | None


def place(
    machine: Machine[Model], device: str, compute_type: str, precision: str, trying: Callable[[str], None]
) -> Placed[Model]:
    """Loads where `device` ("": a graphics card if one works, else the CPU) and `compute_type` ("": the fastest) say.

    `precision` is what the model was converted to; `trying` hears of each device first. A notice says what could not
    be had and why. Raises what `Machine.load` raises for the CPU.
    """
    notice: Notice | None = None
    if device != "cpu":
        if machine.gpus() and (lacking := machine.missing()):
            notice = lacking
        elif machine.gpus():
            trying("cuda")
            chosen, about_type = _type_for("cuda", compute_type, precision, machine)
            try:
                return Placed(machine.load("cuda", chosen), "cuda", chosen, about_type)
            except (RuntimeError, ValueError, MemoryError) as error:
                notice = unusable("words", words=error)
        elif machine.has_driver():
            notice = Notice("gpu_driver_too_old", {})
        elif device == "cuda":
            notice = Notice("no_gpu", {})
    trying("cpu")
    chosen, about_type = _type_for("cpu", compute_type, precision, machine)
    return Placed(machine.load("cpu", chosen), "cpu", chosen, notice or about_type)


def missing(names: Sequence[str], folder: Path) -> Notice:
    """The graphics card cannot be used without these libraries, which may be put into `folder`."""
    facts = {"names": ", ".join(names), "path": str(folder), "package": cuda.PACKAGE}
    return Notice("gpu_libraries_missing", facts)


def unusable(why: str, **facts: object) -> Notice:
    """The graphics card is there and cannot be used: `why` is a key of `engine.refusals`."""
    return Notice("gpu_unusable", {"why": why, **told(facts)})


def _type_for(device: str, wanted: str, precision: str, machine: Machine[Model]) -> tuple[str, Notice | None]:
    able = machine.compute_types(device)
    if wanted in able:
        return wanted, None
    family = _AUTOMATIC[device]
    order = family.get(precision) or family["int8" if precision.startswith("int8") else "float16"]
    chosen = next((each for each in order if each in able), "float32")
    missed = wanted or precision
    if wanted or (device == "cpu" and precision in ("float16", "bfloat16")):
        return chosen, Notice("compute_type_replaced", {"wanted": missed, "used": chosen, "device": device})
    return chosen, None
