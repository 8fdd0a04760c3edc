"""Loads a ChatGLM3 folder of either layout into transformers' own `GlmForCausalLM`: no code from the folder is run.

The model has no memory at first; its tensors are read one after the other, those of its layers quantised on the way if
wanted. So the peak is the model as it is wanted, and one matrix.
"""

from __future__ import annotations

import torch
from torch import nn
from transformers import GlmForCausalLM

from training.chatglm import nf4
from training.chatglm.base import Base
from training.chatglm.layout import glm_config
from training.progress import Progress


def load(
    base: Base, dtype: torch.dtype, device: str | torch.device = "cpu", *, quantise: bool = False, quiet: bool = False
) -> GlmForCausalLM:
    """The frozen model, in evaluation mode. `dtype` is what is computed in.

    With `quantise` the matrices of the layers are in NF4; the embedding, the output layer and vectors stay in `dtype`.
    Raises TrainingError when a file cannot be read.
    """
    with torch.device("meta"):
        model = GlmForCausalLM(glm_config(base.shape))
    with Progress(len(base.names), "Loading", quiet=quiet) as progress:
        for name in base.names:
            owner, kind = _place(model, name)
            if quantise and kind == "weight" and isinstance(owner, nn.Linear) and name != "lm_head.weight":
                _set_quantised(model, name, base, dtype, device)
            else:
                setattr(owner, kind, nn.Parameter(base.tensor(name, dtype, device), requires_grad=False))
            progress.step()
    if base.shape.tied:
        model.lm_head.weight = model.model.embed_tokens.weight
    # Computed when it was made, where nothing is.
    model.model.rotary_emb = type(model.model.rotary_emb)(config=model.config, device=torch.device(device))
    model.is_loaded_in_4bit = quantise  # peft looks here before it puts its layers around ours
    return model.eval()


def _set_quantised(
    model: GlmForCausalLM, name: str, base: Base, dtype: torch.dtype, device: str | torch.device
) -> None:
    rows = (block for _, block in base.blocks(name))
    numbers, meaning = nf4.quantised(rows, base.size(name), dtype, device)
    parent, child = _place(model, name.removesuffix(".weight"))
    setattr(parent, child, nf4.linear(numbers, meaning))


def _place(model: nn.Module, name: str) -> tuple[nn.Module, str]:
    """What holds the tensor or module of that name, and how it is called there."""
    path, _, last = name.rpartition(".")
    return model.get_submodule(path), last
