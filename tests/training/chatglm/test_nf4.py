"""4-bit matrices made from blocks of rows: the same bits as bitsandbytes gives the whole."""

from __future__ import annotations

import pytest
import torch
from bitsandbytes.nn import Params4bit

from training.chatglm import nf4


@pytest.mark.parametrize("rows", [64, 192, 200])
def test_blocks_give_the_bits_of_the_whole(rows: int) -> None:
    matrix = torch.randn(rows, 96, generator=torch.Generator().manual_seed(1)).half()
    numbers, meaning = nf4.quantised(matrix.split(64), matrix.shape, torch.float32, "cpu")
    whole = Params4bit(matrix.clone(), quant_type="nf4", compress_statistics=True).to("cpu")
    assert torch.equal(numbers, whole.data)
    assert torch.equal(meaning.absmax, whole.quant_state.absmax)
    assert torch.equal(meaning.offset, whole.quant_state.offset)
    assert torch.equal(meaning.state2.absmax, whole.quant_state.state2.absmax)


def test_layer_multiplies_by_what_is_left_of_the_matrix() -> None:
    matrix, bias = torch.randn(64, 128), torch.randn(64)
    numbers, meaning = nf4.quantised([matrix], matrix.shape, torch.float32, "cpu")
    layer = nf4.linear(numbers, meaning)
    layer.bias = torch.nn.Parameter(bias, requires_grad=False)
    x = torch.randn(3, 128, requires_grad=True)
    left = nf4.dequantised(numbers, meaning)
    torch.testing.assert_close(layer(x), x @ left.T + bias)
    assert 0.05 < (left - matrix).std() / matrix.std() < 0.12  # four bits are kept


def test_gradient_goes_through_it() -> None:
    matrix = torch.randn(64, 128)
    numbers, meaning = nf4.quantised([matrix], matrix.shape, torch.float32, "cpu")
    x = torch.randn(3, 128, requires_grad=True)
    nf4.linear(numbers, meaning)(x).sum().backward()
    assert x.grad is not None
    torch.testing.assert_close(x.grad, nf4.dequantised(numbers, meaning).sum(0).expand(3, -1))
