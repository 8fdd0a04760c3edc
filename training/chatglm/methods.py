"""Ways to teach a ChatGLM3, most by few new numbers above a frozen one, through peft; and which can be served.

    python -m training.chatglm.methods        # the table, as the README has it

CTranslate2 runs a decoder: matrices, biases, norms. What becomes part of those can be served, what stands beside them
cannot.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from peft import (
    IA3Config,
    LoraConfig,
    PeftConfig,
    PeftModel,
    PrefixTuningConfig,
    PromptTuningConfig,
    PromptTuningInit,
    TaskType,
    get_peft_model,
)

ATTENTION = ("q_proj", "k_proj", "v_proj", "o_proj")
MLP = ("gate_up_proj", "down_proj")
FACTS = "training.json"  # in an adapter's folder: how it was learnt


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is learnt: the first three by LoRA, the last by what puts tokens before the prompt."""

    rank: int = 16
    alpha: float = 32.0  # the learnt change is multiplied by alpha / rank
    dropout: float = 0.05
    virtual_tokens: int = 32


@dataclass(frozen=True, slots=True)
class Method:
    title: str
    learns: str
    source: str
    config: Callable[[Sizes], PeftConfig] | None  # None: every number of the model is learnt
    quantised: bool = False  # the base is in NF4 while it is trained
    merges: bool = True  # into the base's matrices, and so into what CTranslate2 runs
    why: str = ""  # of merging, or of not
    packs: bool = True  # several samples in one row
    checkpoints: bool = True  # layers may be computed twice to save memory


def _lora(sizes: Sizes) -> PeftConfig:
    return LoraConfig(
        task_type=TaskType.CAUSAL_LM,
        r=sizes.rank,
        lora_alpha=sizes.alpha,
        lora_dropout=sizes.dropout,
        target_modules=[*ATTENTION, *MLP],
    )


def _ia3(_: Sizes) -> PeftConfig:
    return IA3Config(
        task_type=TaskType.CAUSAL_LM,
        target_modules=["k_proj", "v_proj", "down_proj"],
        feedforward_modules=["down_proj"],
    )


def _prompt(sizes: Sizes) -> PeftConfig:
    return PromptTuningConfig(
        task_type=TaskType.CAUSAL_LM,
        num_virtual_tokens=sizes.virtual_tokens,
        prompt_tuning_init=PromptTuningInit.SAMPLE_VOCAB,
    )


def _prefix(sizes: Sizes) -> PeftConfig:
    return PrefixTuningConfig(
        task_type=TaskType.CAUSAL_LM, num_virtual_tokens=sizes.virtual_tokens, prefix_projection=True
    )


def _deep_prompt(sizes: Sizes) -> PeftConfig:
    """P-tuning v2 is prefix tuning without the network that makes the prefix; peft has no other name for it.

    (peft's "P-tuning" is the first one, which learns an input only. So does ChatGLM's own `pre_seq_len` go by v2.)
    """
    return PrefixTuningConfig(
        task_type=TaskType.CAUSAL_LM, num_virtual_tokens=sizes.virtual_tokens, prefix_projection=False
    )


_NO_CACHE = "its keys and values stand before the prompt in every layer; CTranslate2 takes no cache from outside"

METHODS: dict[str, Method] = {
    "full": Method(
        title="The whole model",
        learns="every number, for small models: 16 bytes of memory each",
        source="–",
        config=None,
        why="what is learnt is a model; there is no adapter to merge",
    ),
    "qlora": Method(
        title="QLoRA",
        learns="a low-rank change of every matrix of the layers, above a base in 4-bit NF4",
        source="arXiv 2305.14314",
        config=_lora,
        quantised=True,
        why="the change is added to the 16-bit base (or to the 4-bit one: `--onto quantised`)",
    ),
    "lora": Method(
        title="LoRA",
        learns="a low-rank change of every matrix of the layers",
        source="arXiv 2106.09685",
        config=_lora,
        why="the change is added to the base",
    ),
    "ia3": Method(
        title="IA³",
        learns="a factor for each key, value and number inside the MLP",
        source="arXiv 2205.05638",
        config=_ia3,
        why="rows and columns of the base are multiplied",
    ),
    "prompt": Method(
        title="Prompt tuning",
        learns="vectors in the place of words before the prompt",
        source="arXiv 2104.08691",
        config=_prompt,
        merges=False,
        why="its vectors belong to no token; CTranslate2 takes token ids only",
        packs=False,
    ),
    "prefix": Method(
        title="Prefix tuning",
        learns="a network that makes keys and values before the prompt, in every layer",
        source="arXiv 2101.00190",
        config=_prefix,
        merges=False,
        why=_NO_CACHE,
        packs=False,
        checkpoints=False,
    ),
    "p-tuning-v2": Method(
        title="P-tuning v2",
        learns="keys and values before the prompt, in every layer",
        source="arXiv 2110.07602",
        config=_deep_prompt,
        merges=False,
        why=_NO_CACHE,
        packs=False,
        checkpoints=False,
    ),
}


def adapted(model: Any, name: str, sizes: Sizes) -> PeftModel | Any:
    """`model`, frozen, with what the method learns: float32 parameters that require a gradient."""
    config = METHODS[name].config
    found = get_peft_model(model, config(sizes)) if config else model.requires_grad_()
    for parameter in found.parameters():
        if parameter.requires_grad:
            parameter.data = parameter.data.float()
    return found


def table() -> str:
    """Markdown, a row for each method."""
    lines = [
        "| `--method` | learns | merged, converted, served | why |",
        "| --- | --- | --- | --- |",
    ]
    for name, method in METHODS.items():
        served = "yes" if method.merges else "no"
        lines.append(f"| `{name}` ({method.title}, {method.source}) | {method.learns} | {served} | {method.why} |")
    return "\n".join(lines)


def main() -> int:
    print(table())
    return 0


if __name__ == "__main__":
    sys.exit(main())
