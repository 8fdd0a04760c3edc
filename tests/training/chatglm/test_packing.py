"""Samples side by side in a row: nobody is lost, nobody sees a neighbour, and the loss is the same."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from training.chatglm.base import Base
from training.chatglm.learning import summed_loss
from training.chatglm.loading import load
from training.chatglm.packing import IGNORED, Plan, batch, packed
from training.chatglm.samples import Encoded

LENGTHS = [50, 10, 40, 30, 70, 20, 60, 90, 5]


def test_every_sample_stands_in_one_row_that_has_room() -> None:
    rows = packed(LENGTHS, [3, 1, 4, 0, 8, 2, 7, 5, 6], 100)
    assert sorted(number for row in rows for number in row) == [*range(9)]
    assert all(sum(LENGTHS[number] for number in row) <= 100 for row in rows)
    assert len(rows) == 4  # 375 tokens


def test_an_epoch_has_its_own_order_which_the_seed_gives() -> None:
    plan, again, other = (Plan(LENGTHS, 100, seed, pack=True) for seed in (1, 1, 2))
    assert plan.rows(0) == again.rows(0)
    assert plan.rows(0) != plan.rows(1)
    assert plan.rows(0) != other.rows(0)
    assert again.rows(3) == plan.rows(3)


def test_without_packing_a_row_is_one_sample() -> None:
    assert all(len(row) == 1 for row in Plan(LENGTHS, 100, 1, pack=False).rows(0))


def test_steps_go_through_the_epochs_in_order() -> None:
    plan = Plan(LENGTHS, 100, 1, pack=False)
    steps = plan.steps(2, 4)
    assert steps == 5
    rows = [row for step in range(steps) for row in plan.step(step, 4)]
    assert rows == [*plan.rows(0), *plan.rows(1), *plan.rows(2)[:2]]


def test_labels_are_the_answers_alone() -> None:
    one, other = Encoded((1, 2, 3, 4), 2), Encoded((5, 6, 7), 1)
    made = batch([[one, other], [other]])
    assert made.ids.tolist() == [[1, 2, 3, 4, 5, 6, 7], [5, 6, 7, 0, 0, 0, 0]]
    none = IGNORED
    assert made.labels.tolist() == [[none, none, 3, 4, none, 6, 7], [none, 6, 7, none, none, none, none]]
    assert made.positions.tolist() == [[0, 1, 2, 3, 0, 1, 2], [0, 1, 2, 0, 0, 0, 0]]


def test_nobody_sees_a_neighbour_or_the_future() -> None:
    made = batch([[Encoded((1, 2), 1), Encoded((3, 4, 5), 1)], [Encoded((6, 7, 8, 9), 1)]])
    assert made.mask is not None
    assert made.mask[0, 0].int().tolist() == [
        [1, 0, 0, 0, 0],
        [1, 1, 0, 0, 0],
        [0, 0, 1, 0, 0],
        [0, 0, 1, 1, 0],
        [0, 0, 1, 1, 1],
    ]
    assert made.mask.any(-1).all()  # also padding sees something: else it would become no number


@pytest.mark.parametrize("quantise", [False, True])
def test_packed_loss_is_that_of_the_samples_alone(folder: Path, encoded: list[Encoded], quantise: bool) -> None:
    model = load(Base(folder), torch.float32, quantise=quantise, quiet=True)
    with torch.no_grad():
        alone = [summed_loss(model, batch([[sample]])) for sample in encoded]
        together, tokens = summed_loss(model, batch([encoded[:7], encoded[7:]]))
        padded, _ = summed_loss(model, batch([[sample] for sample in encoded]))
    wanted = sum(loss for loss, _ in alone)
    assert tokens == sum(count for _, count in alone)
    torch.testing.assert_close(together / tokens, wanted / tokens, atol=1e-5, rtol=0)
    torch.testing.assert_close(padded / tokens, wanted / tokens, atol=1e-5, rtol=0)


def test_a_wrong_mask_would_be_noticed(folder: Path, encoded: list[Encoded]) -> None:
    """The test above can fail: with all before it in sight, a sample's loss is another."""
    model = load(Base(folder), torch.float32, quiet=True)
    made = batch([[encoded[0], encoded[1]]])
    assert made.mask is not None
    seeing = type(made)(made.ids, made.labels, made.positions, torch.ones_like(made.mask).tril())
    with torch.no_grad():
        right, wrong = (summed_loss(model, each)[0] for each in (made, seeing))
    assert abs(right - wrong) > 1e-2
