"""Numbers in fewer bits: float16 and bfloat16 from and to float32, and rows of int8 with a scale each.

bfloat16 is held as uint16, which numpy knows. Every function gives the very bits that CTranslate2's own converter does.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

STORED: dict[str, type[np.generic]] = {
    "int8": np.int8,
    "float16": np.float16,
    "bfloat16": np.uint16,
    "float32": np.float32,
}
Float32 = npt.NDArray[np.float32]

_HALF_EXPONENT, _BFLOAT16_EXPONENT = 0x7C00, 0x7F80  # all ones: infinite or not a number
_HALF_AS_FLOAT = np.int32(-0x70002000)  # 0x8FFFE000: sign, exponent and fraction of a half after `<< 13`
_HALF_BIAS = np.float32(2.0**112)  # float32's exponent bias less float16's


def is_finite(values: npt.NDArray[Any]) -> bool:
    """Whether no value of float32, float16 or bfloat16 is infinite or not a number."""
    if values.dtype == np.float32:
        return bool(np.isfinite(values).all())
    exponent = _HALF_EXPONENT if values.dtype == np.float16 else _BFLOAT16_EXPONENT
    return bool(np.max(values.view(np.int16) & 0x7FFF, initial=0) < exponent)


def from_half(values: npt.NDArray[np.float16]) -> Float32:
    """What `astype(float32)` gives, several times as fast: numpy converts one number after the other."""
    if not is_finite(values):
        return values.astype(np.float32)
    wide = values.view(np.int16).astype(np.int32)  # the sign fills the upper half
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


def to_float32(values: npt.NDArray[Any]) -> Float32:
    if values.dtype == np.float16:
        return from_half(values)
    return from_bfloat16(values) if values.dtype == np.uint16 else values


def to_float(values: npt.NDArray[Any], dtype: str) -> npt.NDArray[Any]:
    """`values` in float32, float16 (too large ones become infinite) or bfloat16; themselves where they are that."""
    if values.dtype == STORED[dtype]:
        return values
    floats = to_float32(values)
    if dtype == "bfloat16":
        return to_bfloat16(floats)
    with np.errstate(over="ignore"):
        return floats.astype(dtype, copy=False)


def to_int8(values: Float32) -> tuple[npt.NDArray[np.int8], Float32]:
    """Rows (n, columns) as whole numbers from -127 to 127, and the n factors that took them there.

    `values` is overwritten. A factor is not finite where its row holds something that is not.
    """
    largest = np.maximum(values.max(axis=1), -values.min(axis=1))  # of the absolute values, without a copy of them
    largest[largest == 0] = 127.0
    np.maximum(largest, np.float32(127) / np.finfo(np.float32).max, out=largest)  # a factor is finite
    scale = np.float32(127.0) / largest
    if not np.isfinite(largest).all():
        return np.zeros(values.shape, np.int8), np.full(len(values), np.nan, np.float32)
    values *= scale[:, np.newaxis]
    np.rint(values, out=values)
    return values.astype(np.int8), scale
