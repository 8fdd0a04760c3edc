"""Numbers in fewer bits: float16 and bfloat16 from and to float32, and rows of int8 with a scale each.

bfloat16 is held as uint16, which numpy knows. Every function gives the very bits that CTranslate2's own converter does.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Float32 = npt.NDArray[np.float32]

_HALF_EXPONENT = 0x7C00  # all ones: infinite or not a number
_HALF_AS_FLOAT = np.int32(-0x70002000)  # 0x8FFFE000: sign, exponent and fraction of a half after `<< 13`
_HALF_BIAS = np.float32(2.0**112)  # float32's exponent bias less float16's


def from_half(values: npt.NDArray[np.float16]) -> Float32:
    """What `astype(float32)` gives, several times as fast: numpy converts one number after the other."""
    bits = values.view(np.int16)
    if np.max(bits & 0x7FFF, initial=0) >= _HALF_EXPONENT:
        return values.astype(np.float32)
    wide = bits.astype(np.int32)  # the sign fills the upper half
    wide <<= 13
    wide &= _HALF_AS_FLOAT
    floats = wide.view(np.float32)
    floats *= _HALF_BIAS
    return floats


def from_bfloat16(values: npt.NDArray[np.uint16]) -> Float32:
    wide = values.astype(np.uint32)
    wide <<= 16
    return wide.view(np.float32)


def to_bfloat16(values: Float32) -> npt.NDArray[np.uint16]:
    """Rounded to the nearest, ties to even."""
    bits = values.view(np.uint32)
    return ((bits + (0x7FFF + (bits >> 16 & 1))) >> 16).astype(np.uint16)


def to_float(values: Float32, dtype: str) -> npt.NDArray[Any]:
    """`values` in float32, float16 (too large ones become infinite) or bfloat16."""
    if dtype == "bfloat16":
        return to_bfloat16(values)
    with np.errstate(over="ignore"):
        return values.astype(dtype, copy=False)


def to_int8(values: Float32) -> tuple[npt.NDArray[np.int8], Float32]:
    """Rows (n, columns) as whole numbers from -127 to 127, and the n factors that took them there.

    `values` is overwritten. A factor is not finite where its row holds something that is not.
    """
    largest = np.abs(values).max(axis=1)
    largest[largest == 0] = 127.0
    np.maximum(largest, np.float32(127) / np.finfo(np.float32).max, out=largest)  # a factor is finite
    scale = np.float32(127.0) / largest
    if not np.isfinite(largest).all():
        return np.zeros(values.shape, np.int8), np.full(len(values), np.nan, np.float32)
    values *= scale[:, np.newaxis]
    np.rint(values, out=values)
    return values.astype(np.int8), scale
