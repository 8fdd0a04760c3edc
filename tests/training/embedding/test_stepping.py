"""How the rate of learning goes."""

from __future__ import annotations

import warnings

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # inside these packages, at their import
    torch = pytest.importorskip("torch", reason="torch comes with the training extra")
    from training.embedding.stepping import Schedule, adamw, descend


def test_linear_rate_rises_and_falls() -> None:
    schedule = Schedule(peak=1.0, steps=10, warm_up=0.2)
    assert [round(schedule.rate(step), 3) for step in (0, 1, 2, 9)] == [0.5, 1.0, 1.0, 0.125]


def test_constant_rate_does_not_depend_on_the_number_of_steps() -> None:
    short, long = (Schedule(1.0, steps, warm_up=4, constant=True) for steps in (10, 1000))
    assert [short.rate(step) for step in range(10)] == [long.rate(step) for step in range(10)]
    assert [long.rate(step) for step in (0, 3, 4, 999)] == [0.25, 1.0, 1.0, 1.0]


def test_parameter_apart_learns_faster_and_does_not_decay() -> None:
    model = torch.nn.Linear(4, 4, bias=False)
    words = torch.nn.Parameter(torch.ones(4, 4))
    model.register_parameter("words", words)
    before = model.weight.detach().clone()
    optimiser = adamw(model, decay=0.5, apart=(words, 3.0))
    (model.weight.sum() + words.sum()).backward()
    descend(optimiser, rate=0.01, clip=1e9)
    torch.testing.assert_close(words.detach(), torch.full((4, 4), 1 - 0.03), atol=1e-6, rtol=0)
    torch.testing.assert_close(model.weight.detach(), before * (1 - 0.5 * 0.01) - 0.01, atol=1e-6, rtol=0)
