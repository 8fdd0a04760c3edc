"""Matrices in 4-bit NormalFloat with quantised scales (QLoRA, https://arxiv.org/abs/2305.14314), by bitsandbytes.

bitsandbytes quantises a whole matrix, for which it needs some 20 bytes a weight on a processor: two gigabytes for the
largest of the 6B's. Scales belong to 64 neighbouring values, so that blocks of rows give the very same bits.
"""

from __future__ import annotations

from collections.abc import Iterable

import bitsandbytes as bnb
import torch
from bitsandbytes.functional import (
    QuantState,
    dequantize_4bit,
    get_4bit_type,
    quantize_4bit,
    quantize_blockwise,
)
from torch import Tensor

BLOCK = 64  # values that share a scale
_SCALES = 256  # scales that share theirs


def quantised(
    blocks: Iterable[Tensor], size: tuple[int, ...], dtype: torch.dtype, device: str | torch.device
) -> tuple[Tensor, QuantState]:
    """The 4-bit numbers of a matrix (rows, columns), two in a byte, and what they mean.

    `blocks` are its rows in order, each block but the last of a number of values that BLOCK divides. `dtype` is what
    they become again.
    """
    packed, scales = [], []
    for block in blocks:
        numbers, state = quantize_4bit(block.to(device).contiguous(), blocksize=BLOCK, quant_type="nf4")
        packed.append(numbers)
        scales.append(state.absmax)
    largest = torch.cat(scales)
    mean = largest.mean()
    coarse, of_scales = quantize_blockwise(largest - mean, blocksize=_SCALES)
    meaning = QuantState(
        absmax=coarse,
        shape=torch.Size(size),
        dtype=dtype,
        blocksize=BLOCK,
        code=get_4bit_type("nf4", device=torch.device(device)),
        quant_type="nf4",
        offset=mean,
        state2=of_scales,
    )
    return torch.cat(packed), meaning


def linear(numbers: Tensor, meaning: QuantState) -> bnb.nn.Linear4bit:
    """A frozen layer that multiplies by the quantised matrix. A bias may be set on it later."""
    rows, columns = meaning.shape
    layer = bnb.nn.Linear4bit(columns, rows, bias=False, compute_dtype=meaning.dtype, quant_type="nf4", device="meta")
    layer.weight = bnb.nn.Params4bit(
        numbers,
        requires_grad=False,
        quant_state=meaning,
        blocksize=BLOCK,
        compress_statistics=True,
        quant_type="nf4",
        module=layer,
        bnb_quantized=True,
    )
    layer.quant_state = meaning
    # On processors with bfloat16 instructions bitsandbytes would repack the weights for good at the first evaluation,
    # into a form that cannot be trained any more.
    layer.support_avx512bf16_for_cpu = False
    return layer


def dequantised(numbers: Tensor, meaning: QuantState) -> Tensor:
    """(rows, columns) in `meaning.dtype`."""
    return dequantize_4bit(numbers, meaning)
