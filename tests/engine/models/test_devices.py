"""Where a model runs, on machines that are not here."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from engine.models.devices import Placed, missing, place
from engine.texts import say
from engine.types import Notice

CPU = frozenset({"int8", "int8_float32", "int16", "float32"})
CUDA = frozenset({"int8", "int8_float32", "int8_float16", "int8_bfloat16", "float16", "bfloat16", "float32"})


@dataclass
class FakeMachine:
    cards: int = 0
    driver: bool = False
    trouble: str = ""  # what loading on a card raises
    lacks: Notice | None = None
    cuda: frozenset[str] = CUDA
    loaded: list[tuple[str, str]] = field(default_factory=list)

    def gpus(self) -> int:
        return self.cards

    def has_driver(self) -> bool:
        return self.driver or self.cards > 0

    def missing(self) -> Notice | None:
        return self.lacks

    def compute_types(self, device: str) -> frozenset[str]:
        return CPU if device == "cpu" else self.cuda

    def load(self, device: str, compute_type: str) -> str:
        if device == "cuda" and self.trouble:
            raise RuntimeError(self.trouble)
        self.loaded.append((device, compute_type))
        return "model"


def placed(machine: FakeMachine, device: str = "", compute_type: str = "", precision: str = "int8") -> Placed[str]:
    return place(machine, device, compute_type, precision, lambda device: None)


@pytest.mark.parametrize(
    ("cards", "precision", "expected"),
    [
        (0, "int8", ("cpu", "int8")),
        (0, "int8_float16", ("cpu", "int8")),
        (0, "float32", ("cpu", "float32")),
        (1, "int8", ("cuda", "int8_float16")),
        (1, "int8_float16", ("cuda", "int8_float16")),
        (1, "float16", ("cuda", "float16")),
        (1, "bfloat16", ("cuda", "bfloat16")),
        (1, "float32", ("cuda", "float16")),
    ],
)
def test_it_chooses_by_itself(cards: int, precision: str, expected: tuple[str, str]) -> None:
    found = placed(FakeMachine(cards), precision=precision)
    assert (found.device, found.compute_type, found.notice) == (*expected, None)


def test_half_precision_on_a_processor_becomes_int8_and_says_so() -> None:
    found = placed(FakeMachine(), precision="float16")
    assert found.compute_type == "int8"
    assert found.notice
    assert found.notice.code == "compute_type_replaced"
    assert found.notice.facts == {"wanted": "float16", "used": "int8", "device": "cpu"}


def test_a_card_that_does_not_work_is_left_with_the_reason() -> None:
    machine = FakeMachine(1, trouble="Library libcublas.so.12 is not found\nor cannot be loaded")
    found = placed(machine)
    assert (found.device, found.compute_type) == ("cpu", "int8")
    assert found.notice
    assert found.notice.code == "gpu_unusable"
    words = "Library libcublas.so.12 is not found or cannot be loaded"
    assert found.notice.facts == {"why": "words", "words": words}
    assert words in say(found.notice.code, "zh", **found.notice.facts)
    assert machine.loaded == [("cpu", "int8")]


def test_a_card_is_left_alone_while_its_libraries_are_missing() -> None:
    machine = FakeMachine(1, lacks=missing(["libcublas.so.12"], Path("家/cuda")))
    found = placed(machine, device="cuda")
    assert machine.loaded == [("cpu", "int8")]
    assert found.notice
    for language in ("en", "zh"):
        told = say(found.notice.code, language, **found.notice.facts)
        assert "libcublas.so.12" in told
        assert str(Path("家/cuda")) in told
        assert "nvidia-cublas-cu12" in told


def test_a_driver_too_old_is_named() -> None:
    notice = placed(FakeMachine(driver=True)).notice
    assert notice
    assert notice.code == "gpu_driver_too_old"


def test_no_card_is_news_only_for_who_asked_for_one() -> None:
    assert placed(FakeMachine()).notice is None
    notice = placed(FakeMachine(), device="cuda").notice
    assert notice
    assert notice.code == "no_gpu"


def test_a_processor_that_was_chosen_is_used_though_there_is_a_card() -> None:
    found = placed(FakeMachine(1), device="cpu")
    assert (found.device, found.notice) == ("cpu", None)


def test_a_chosen_type_is_used_or_replaced_with_the_reason() -> None:
    assert placed(FakeMachine(), compute_type="float32").compute_type == "float32"
    found = placed(FakeMachine(), compute_type="bfloat16")
    assert found.compute_type == "int8"
    assert found.notice
    assert found.notice.facts["wanted"] == "bfloat16"


def test_an_old_card_takes_the_next_best_type() -> None:
    found = placed(FakeMachine(1, cuda=frozenset({"float32", "int8_float32"})))
    assert found.compute_type == "int8_float32"
