"""InfoNCE and its gradients equal what the formula gives in plain Python."""

from __future__ import annotations

import math
import random
import warnings

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # inside torch, at its import
    torch = pytest.importorskip("torch", reason="torch comes with the training extra")

from training.embedding.loss import info_nce, joined_loss

Matrix = list[list[float]]
TEMPERATURE = 0.05


def reference(
    queries: Matrix, passages: Matrix, right: list[int], out: set[tuple[int, int]]
) -> tuple[float, Matrix, Matrix]:
    """The loss, its gradient by the queries, its gradient by the passages; pairs in `out` do not count."""
    by_query = [[0.0] * len(row) for row in queries]
    by_passage = [[0.0] * len(row) for row in passages]
    loss = 0.0
    for i, query in enumerate(queries):
        powers = []
        for j, passage in enumerate(passages):
            score = sum(a * b for a, b in zip(query, passage, strict=True)) / TEMPERATURE
            powers.append(0.0 if (i, j) in out else math.exp(score))
        loss -= math.log(powers[right[i]] / sum(powers)) / len(queries)
        for j, passage in enumerate(passages):
            pull = (powers[j] / sum(powers) - (j == right[i])) / TEMPERATURE / len(queries)
            for k in range(len(query)):
                by_query[i][k] += pull * passage[k]
                by_passage[j][k] += pull * query[k]
    return loss, by_query, by_passage


def unit_rows(count: int, width: int, seed: int) -> Matrix:
    drawn = random.Random(seed)
    rows = [[drawn.gauss(0, 1) for _ in range(width)] for _ in range(count)]
    return [[value / math.hypot(*row) for value in row] for row in rows]


def test_loss_and_gradients_equal_the_plain_reference() -> None:
    queries, passages = unit_rows(4, 6, seed=1), unit_rows(9, 6, seed=2)
    keys = [10, 11, 12, 13, 20, 11, 22, 23, 24]  # the hard negative in column 5 is the right passage of question 1
    wanted, by_query, by_passage = reference(queries, passages, [0, 1, 2, 3], out={(1, 5)})
    left = torch.tensor(queries, dtype=torch.float64, requires_grad=True)
    right = torch.tensor(passages, dtype=torch.float64, requires_grad=True)
    loss = joined_loss(left, right, torch.tensor(keys), TEMPERATURE)
    loss.backward()
    assert loss.item() == pytest.approx(wanted, abs=1e-12)
    torch.testing.assert_close(left.grad, torch.tensor(by_query, dtype=torch.float64))
    torch.testing.assert_close(right.grad, torch.tensor(by_passage, dtype=torch.float64))


def test_right_passages_may_stand_anywhere() -> None:
    queries, passages = unit_rows(3, 5, seed=3), unit_rows(7, 5, seed=4)
    wanted, _, _ = reference(queries, passages, [6, 0, 3], out=set())
    found = info_nce(*map(torch.tensor, (queries, passages, [6, 0, 3], list(range(7)))), TEMPERATURE)
    assert found.item() == pytest.approx(wanted, abs=1e-5)


def test_loss_is_log_of_the_pool_where_nothing_is_told_apart() -> None:
    same = torch.ones(8, 4) / 2
    assert joined_loss(same[:2], same, torch.arange(8), 0.02).item() == pytest.approx(math.log(8))
