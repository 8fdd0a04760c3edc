"""On a graphics card: the first choices of float32 on the CPU, and how fast."""

from __future__ import annotations

import time
from pathlib import Path

import ctranslate2
import numpy as np
import pytest
from chatglm_folders import Tiny, make_folder

from engine.models.converting import convert
from engine.models.generator import Generator, Runtime, Sampling
from engine.models.prompts import Prompt
from engine.types import Stop

pytestmark = pytest.mark.skipif(
    ctranslate2.get_cuda_device_count() == 0, reason="no graphics card that CTranslate2 can use"
)

POSITIONS = 64


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("gpu")
    tiny = Tiny(layers=4, hidden=512, heads=8, channels=64, ffn=1024)
    convert(make_folder(place / "hub", tiny), place / "small", "float16")
    return place / "small"


def first_choices(folder: Path, device: str, compute_type: str) -> list[str]:
    """The likeliest next token after each of many prompts."""
    model = ctranslate2.Generator(str(folder), device, compute_type=compute_type)
    rng = np.random.default_rng(0)
    prompts = [[str(id) for id in rng.integers(262, 400, 40)] for _ in range(POSITIONS)]
    return [
        each.sequences[0][0] for each in model.generate_batch(prompts, max_length=1, include_prompt_in_result=False)
    ]


@pytest.mark.parametrize(("compute_type", "share"), [("float16", 0.97), ("int8_float16", 0.9)])
def test_first_choices_agree_with_the_processor(folder: Path, compute_type: str, share: float) -> None:
    expected, found = first_choices(folder, "cpu", "float32"), first_choices(folder, "cuda", compute_type)
    assert np.mean([one == other for one, other in zip(expected, found, strict=True)]) >= share


@pytest.mark.parametrize("compute_type", ["float16", "int8_float16"])
def test_product_runs_there(folder: Path, compute_type: str) -> None:
    generator = Generator.open(folder, Runtime(compute_type=compute_type))
    prompt = Prompt((), tuple(range(262, 400)), (300,), ())
    began = time.perf_counter()
    events = list(generator.stream(prompt, Sampling(max_new_tokens=200)))
    print(f"{compute_type}: {200 / (time.perf_counter() - began):.0f} new tokens/s, loading counted")
    assert isinstance(events[-1], Stop)
    assert generator.notice is None
    assert generator.prompt_budget(0, 256) == generator.manifest.max_tokens - 256
    generator.close()
