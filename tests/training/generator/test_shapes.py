"""What the shapes hold and cost; the model's own numbers agree."""

from __future__ import annotations

import pytest
import torch

from training.generator.pretrain import new_model
from training.generator.shapes import PIECES, SHAPES, operations, parameters, sized, table


@pytest.mark.parametrize("name", SHAPES)
def test_parameters_are_those_of_the_model(name: str) -> None:
    shape = sized(name, PIECES)
    with torch.device("meta"):
        model = new_model(shape)
    assert sum(each.numel() for each in model.parameters()) == parameters(shape)


def test_the_full_one_is_within_what_may_ship() -> None:
    shape = sized("full", PIECES)
    assert shape.vocabulary == 16384
    assert 80e6 < parameters(shape) < 90e6
    assert 6 * (parameters(shape) - shape.vocabulary * shape.hidden) < operations(shape) < 1.3 * 6 * parameters(shape)


def test_the_table_names_every_shape() -> None:
    assert all(f"`{name}`" in table() for name in SHAPES)
