"""The gradient of a step is that of the mean over the answers' tokens, however rows are spread over processes."""

from __future__ import annotations

import multiprocessing
import socket
from pathlib import Path

import pytest
import torch

from tests.chatglm_workers import gradients, work
from training.chatglm.base import Base
from training.chatglm.learning import mean_gradients, rate, summed_loss
from training.chatglm.loading import load
from training.chatglm.methods import Sizes, adapted
from training.chatglm.packing import batch
from training.chatglm.samples import Encoded


def test_loss_and_gradient_equal_a_plain_reference(folder: Path, encoded: list[Encoded]) -> None:
    """transformers' own loss over whole logits, one sample after the other, and autograd's gradient of their mean."""
    model = adapted(load(Base(folder), torch.float32, quiet=True), "lora", Sizes(rank=4, dropout=0.0))
    learnt = {name: value for name, value in model.named_parameters() if value.requires_grad}
    for value in learnt.values():
        torch.nn.init.normal_(value, std=0.02)

    plain, tokens = torch.tensor(0.0), 0
    for sample in encoded:
        labels = torch.tensor([[-100] * sample.answer + [*sample.ids[sample.answer :]]])
        count = len(sample.ids) - sample.answer
        plain = plain + model(input_ids=torch.tensor([sample.ids]), labels=labels).loss * count
        tokens += count
    wanted = torch.autograd.grad(plain / tokens, [*learnt.values()])

    rows = [encoded[:4], encoded[4:9], encoded[9:]]
    loss, counted = mean_gradients(model, [*learnt.values()], (batch([row]) for row in rows))
    assert counted == tokens
    assert loss == pytest.approx((plain / tokens).item(), abs=1e-5)
    for (name, value), gradient in zip(learnt.items(), wanted, strict=True):
        assert value.grad is not None
        torch.testing.assert_close(value.grad, gradient, atol=1e-5, rtol=1e-4, msg=name)


def test_computing_layers_twice_changes_no_gradient(folder: Path, encoded: list[Encoded]) -> None:
    base, found = Base(folder), []
    for twice in (False, True):
        torch.manual_seed(0)
        model = adapted(load(base, torch.float32, quantise=True, quiet=True), "qlora", Sizes(rank=4, dropout=0.1))
        if twice:
            model.gradient_checkpointing_enable({"use_reentrant": False})
        model.train()
        loss, _ = summed_loss(model, batch([encoded[:2]]))
        loss.backward()
        found.append([value.grad for value in model.parameters() if value.requires_grad])
    assert len(found[0]) == 2 * 2 * 6  # A and B of six matrices in two layers
    for one, other in zip(*found, strict=True):
        torch.testing.assert_close(one, other, atol=1e-6, rtol=1e-5)


@pytest.mark.parametrize("count", [2, 4])
def test_processes_find_the_gradient_of_one(folder: Path, chats: Path, count: int) -> None:
    here = folder.parent
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        (here / "port").write_text(str(free.getsockname()[1]))
    loss, wanted = gradients(here)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.chatglm_workers"])  # torch is imported once
    started = [context.Process(target=work, args=(here, rank, count)) for rank in range(count)]
    for each in started:
        each.start()
    for each in started:
        each.join(60)
    assert [each.exitcode for each in started] == [0] * count
    for rank in range(count):
        joined, found = torch.load(here / f"gradients-{count}-{rank}.pt")
        assert joined == pytest.approx(loss, abs=1e-6)
        assert found.keys() == wanted.keys()
        for name, value in wanted.items():
            torch.testing.assert_close(found[name], value, atol=1e-5, rtol=1e-5, msg=name)


def test_rate_rises_in_a_line_and_falls_to_zero() -> None:
    rates = [rate(step, 100, 1.0, 0.1) for step in range(100)]
    assert rates[:10] == pytest.approx([0.1 * number for number in range(1, 11)])
    assert rates[10:] == sorted(rates[10:], reverse=True)
    assert rates[55] == pytest.approx(0.5)
    assert 0 < rates[-1] < 0.001
