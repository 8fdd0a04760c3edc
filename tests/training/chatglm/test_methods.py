"""Every method learns, and the table says truly which can be merged."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from training.chatglm.base import Base
from training.chatglm.learning import mean_gradients, summed_loss
from training.chatglm.loading import load
from training.chatglm.methods import METHODS, Sizes, adapted, table
from training.chatglm.packing import batch
from training.chatglm.samples import Encoded

README = Path(__file__).parents[3] / "README.md"


@pytest.mark.parametrize("name", METHODS)
def test_it_learns(folder: Path, encoded: list[Encoded], name: str) -> None:
    """The loss of four samples falls, and nothing of the base changes."""
    method = METHODS[name]
    torch.manual_seed(0)
    model = adapted(
        load(Base(folder), torch.float32, quantise=method.quantised, quiet=True),
        name,
        Sizes(rank=8, alpha=16, dropout=0.0, virtual_tokens=8),
    )
    if method.checkpoints:
        model.gradient_checkpointing_enable({"use_reentrant": False})
    learnt = [value for value in model.parameters() if value.requires_grad]
    before = {key: value.clone() for key, value in model.named_parameters() if not value.requires_grad}
    made = batch([encoded[:2], encoded[2:4]] if method.packs else [[sample] for sample in encoded[:4]])
    optimizer = torch.optim.AdamW(learnt, lr=0.03)
    losses = []
    for _ in range(12):
        loss, tokens = summed_loss(model.train(), made, 8 if name == "prompt" else 0)
        optimizer.zero_grad()
        (loss / tokens).backward()
        optimizer.step()
        losses.append(loss.item() / tokens)
    assert losses[-1] < losses[0] - 0.3, losses
    assert all(value.dtype == torch.float32 for value in learnt)
    assert all(torch.equal(value, before[key]) for key, value in model.named_parameters() if key in before)


def test_qlora_learns_above_a_bfloat16_base(folder: Path, encoded: list[Encoded]) -> None:
    """As on a GPU: what is learnt is float32, all else is computed in 16 bits."""
    torch.manual_seed(0)
    model = adapted(load(Base(folder), torch.bfloat16, quantise=True, quiet=True), "qlora", Sizes(rank=8, dropout=0.1))
    model.gradient_checkpointing_enable({"use_reentrant": False})
    learnt = [value for value in model.parameters() if value.requires_grad]
    optimizer, losses = torch.optim.AdamW(learnt, lr=0.02), []
    for _ in range(4):
        loss, _ = mean_gradients(model.train(), learnt, [batch([encoded[:2]])])
        optimizer.step()
        losses.append(loss)
    assert losses[-1] < losses[0] - 0.3, losses
    assert all(value.dtype == torch.float32 for value in learnt)


def test_qlora_learns_in_every_matrix(folder: Path) -> None:
    model = adapted(load(Base(folder), torch.float32, quantise=True, quiet=True), "qlora", Sizes())
    changed = {
        name.split(".lora_")[0].split("layers.")[1] for name, value in model.named_parameters() if "lora_" in name
    }
    matrices = ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj")
    wanted = {f"{layer}.{name}" for layer in (0, 1) for name in (*matrices, "mlp.gate_up_proj", "mlp.down_proj")}
    assert changed == wanted
    assert type(model.base_model.model.model.layers[0].mlp.down_proj).__name__ == "Linear4bit"


@pytest.mark.parametrize("name", ["prefix", "p-tuning-v2"])
def test_prefix_is_seen(folder: Path, encoded: list[Encoded], name: str) -> None:
    """A prefix that were ignored would leave the loss as it is whatever its numbers are."""
    model = adapted(load(Base(folder), torch.float32, quiet=True), name, Sizes(virtual_tokens=4)).train()
    with torch.no_grad():
        one, _ = summed_loss(model, batch([encoded[:1]]))
        for value in model.parameters():
            if value.requires_grad:
                value += 0.5
        other, _ = summed_loss(model, batch([encoded[:1]]))
    assert abs(one - other) > 1e-2


def test_table_has_a_row_for_each() -> None:
    lines = table().splitlines()
    assert len(lines) == 2 + len(METHODS)
    for name, line in zip(METHODS, lines[2:], strict=True):
        assert line.startswith(f"| `{name}`")
        assert (" | yes | " in line) == METHODS[name].merges
        assert line.count("|") == 5


def test_readme_has_this_table() -> None:
    assert table() in README.read_text("utf-8")
