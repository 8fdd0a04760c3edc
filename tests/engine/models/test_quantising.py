"""Numbers in fewer bits are the very ones that numpy, torch and CTranslate2 make."""

from __future__ import annotations

import numpy as np
import pytest
from ctranslate2.specs import common_spec

from engine.models.quantising import from_bfloat16, from_half, is_finite, to_bfloat16, to_float, to_int8

EVERY_16_BITS = np.arange(1 << 16, dtype=np.uint16)
EDGES = np.array([0.0, -0.0, 1e-45, -1e-40, 65504, 65519.9, 65520, 1e38, -3.4e38, 1 + 2**-8, 1 + 3 * 2**-8], np.float32)


def test_every_half_becomes_the_same_float():
    halves = EVERY_16_BITS.view(np.float16)
    finite = halves[np.isfinite(halves)]
    assert from_half(finite).tobytes() == finite.astype(np.float32).tobytes()
    np.testing.assert_array_equal(from_half(halves), halves.astype(np.float32))


def test_every_bfloat16_becomes_the_same_float_and_comes_back():
    torch = pytest.importorskip("torch")
    floats = from_bfloat16(EVERY_16_BITS)
    theirs = torch.from_numpy(EVERY_16_BITS.view(np.int16)).view(torch.bfloat16).float().numpy()
    np.testing.assert_array_equal(floats, theirs)
    known = np.isfinite(floats)
    np.testing.assert_array_equal(to_bfloat16(floats[known]), EVERY_16_BITS[known])


def test_bfloat16_is_rounded_as_torch_rounds():
    torch = pytest.importorskip("torch")
    values = np.concatenate([EDGES, np.random.default_rng(0).standard_normal(10_000).astype(np.float32)])
    theirs = torch.from_numpy(values).bfloat16().view(torch.int16).numpy().view(np.uint16)
    np.testing.assert_array_equal(to_bfloat16(values), theirs)


def test_what_float16_cannot_hold_is_seen():
    assert not is_finite(to_float(EDGES, "float16"))
    assert is_finite(to_float(EDGES[:6], "float16"))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16"])
def test_one_bad_value_is_seen(bad, dtype):
    values = np.ones((3, 4), np.float32)
    assert is_finite(to_float(values, dtype))
    values[1, 2] = bad
    stored = (values.view(np.uint32) >> 16).astype(np.uint16) if dtype == "bfloat16" else values.astype(dtype)
    assert not is_finite(stored)
    assert not np.isfinite(to_int8(values)[1]).all()


def test_rows_are_quantised_as_ctranslate2_does():
    random = np.random.default_rng(0)
    values = random.standard_normal((64, 96)).astype(np.float32) * np.logspace(-44, 37, 64, dtype=np.float32)[:, None]
    values[5] = 0
    theirs = common_spec.LinearSpec()
    theirs.weight = values.copy()
    theirs.validate()
    theirs.optimize("int8")
    ours, scale = to_int8(values)
    assert ours.tobytes() == theirs.weight.to_bytes()
    assert scale.tobytes() == theirs.weight_scale.to_bytes()
