"""Weights are converted block by block to what converting them whole gives, and counted as they go."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from chatglm_folders import Tiny, make_folder, random_weights
from refusing import reason

from engine.errors import BrokenInstallation
from engine.models import chatglm, lazy_weights
from engine.models.lazy_weights import Floats, Quantised, Writer, match
from engine.models.quantising import to_float, to_int8
from engine.models.weights import Weight

TINY = Tiny(layers=1, dtype="float32")
QKV = "transformer.encoder.layers.0.self_attention.query_key_value.weight"


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three rows of 64 at once, so that no weight is a whole number of blocks."""
    monkeypatch.setattr(lazy_weights, "_BLOCK_VALUES", 3 * 64)


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(3) as opened:
        yield opened


def writer(folder: Path, pool: ThreadPoolExecutor, told: list[tuple[int, int]] | None = None, **weights) -> Writer:
    made = make_folder(folder, TINY, weights=random_weights(TINY) | weights)
    tell = (lambda *_: None) if told is None else lambda *bytes_: told.append(bytes_)
    return Writer(match(made, chatglm.read(made)), ("float32", "float32"), pool, tell)


def qkv(writer: Writer) -> Weight:
    return writer.source.places.layers[0].qkv


@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16"])
def test_floats_by_blocks_are_those_of_the_whole(tmp_path, pool, dtype):
    made = writer(tmp_path / "glm", pool)
    weight = Floats(made, qkv(made), dtype)
    assert weight.shape == (128, 64)
    assert bytes(weight.to_bytes()) == to_float(random_weights(TINY)[QKV], dtype).tobytes()


def test_quantised_rows_and_their_scales_are_those_of_the_whole(tmp_path, pool):
    made = writer(tmp_path / "glm", pool)
    weight = Quantised(made, qkv(made))
    values, scales = to_int8(random_weights(TINY)[QKV])
    assert bytes(weight.to_bytes()) == values.tobytes()
    assert bytes(weight.scale.to_bytes()) == scales.tobytes()


def test_gate_and_up_are_the_halves_of_one_matrix(tmp_path, pool):
    made = writer(tmp_path / "glm", pool)
    layer = made.source.places.layers[0]
    parts = [Floats(made, part, "float32").to_bytes() for part in (layer.gate, layer.up)]
    whole = random_weights(TINY)["transformer.encoder.layers.0.mlp.dense_h_to_4h.weight"]
    assert b"".join(map(bytes, parts)) == whole.tobytes()


def test_bytes_are_counted_to_the_last(tmp_path, pool):
    told: list[tuple[int, int]] = []
    made = writer(tmp_path / "glm", pool, told)
    layer = made.source.places.layers[0]
    weights = [Quantised(made, layer.qkv), Floats(made, layer.qkv_bias, "float16"), Floats(made, layer.down, "float32")]
    sizes = [128 * 64 + 4 * 128, 2 * 128, 4 * 64 * 96]
    for weight in weights:
        weight.to_bytes()
    assert told == [(sum(sizes[: count + 1]), sum(sizes)) for count in range(3)]


@pytest.mark.parametrize("kind", [Quantised, lambda made, weight: Floats(made, weight, "float32")])
def test_one_bad_value_in_the_last_block_is_found(tmp_path, pool, kind):
    values = random_weights(TINY)[QKV]
    values[-1, -1] = np.nan
    made = writer(tmp_path / "glm", pool, **{QKV: values})
    with pytest.raises(BrokenInstallation) as caught:
        kind(made, qkv(made)).to_bytes()
    assert reason(caught.value) == f"{QKV} in model.safetensors holds values that are infinite or no numbers"
