"""Sizes that the generator is trained in, and what they cost.

    python -m training.generator.shapes        # the table, as the model card has it

It has ChatGLM3's architecture and not its size: RMS norms, gated SiLU, half of each head rotated, query heads that
share keys and values, biases on these three alone, an output layer of its own.
"""

from __future__ import annotations

import sys

from engine.models.chatglm import SPECIALS, Shape

PIECES = 16375  # of the vocabulary: with the special tokens 16,384 rows
MAX_TOKENS = 2048  # the product gives a prompt 1,200 on a processor
_ROWS_TOGETHER = 64  # matrices of such heights are quick on every device


def _shape(layers: int, hidden: int, heads: int, groups: int, head_dim: int, ffn: int) -> Shape:
    """Without its vocabulary, which `sized` fills in."""
    return Shape(
        layout="chatglm",
        layers=layers,
        hidden=hidden,
        heads=heads,
        groups=groups,
        head_dim=head_dim,
        ffn=ffn,
        vocabulary=0,
        max_tokens=MAX_TOKENS,
        rope_base=10000.0,
        norm_epsilon=1e-5,
        qkv_bias=True,
        tied=False,  # the runtime would store a shared matrix twice
        prompt_version=None,
    )


SHAPES = {
    "tiny": _shape(layers=2, hidden=64, heads=4, groups=2, head_dim=16, ffn=128),  # for tests: knows nothing
    "small": _shape(layers=8, hidden=256, heads=4, groups=2, head_dim=64, ffn=704),  # some hours of a processor
    "full": _shape(layers=15, hidden=640, heads=10, groups=2, head_dim=64, ffn=1728),  # half an hour of one H200
}


def sized(name: str, pieces: int) -> Shape:
    """The shape of that name for a vocabulary of so many pieces, the special tokens not counted."""
    rows = -(-(pieces + len(SPECIALS)) // _ROWS_TOGETHER) * _ROWS_TOGETHER
    values = {field: getattr(SHAPES[name], field) for field in Shape.__slots__}
    return Shape(**values | {"vocabulary": rows})


def parameters(shape: Shape) -> int:
    """How many numbers are learnt."""
    queries, shared = shape.heads * shape.head_dim, 2 * shape.groups * shape.head_dim
    attention = (queries + shared) * (shape.hidden + 1) + queries * shape.hidden
    layer = attention + 3 * shape.hidden * shape.ffn + 2 * shape.hidden
    return shape.layers * layer + shape.hidden + 2 * shape.vocabulary * shape.hidden


def operations(shape: Shape, window: int = MAX_TOKENS) -> float:
    """Floating-point operations that learning one token takes, forward and back.

    6 for each parameter but the embedding's, which is only looked up (Kaplan et al. 2020, arXiv 2001.08361), and those
    of attention, each token of which sees half a window in the mean.
    """
    multiplied = parameters(shape) - shape.vocabulary * shape.hidden
    return 6.0 * multiplied + 6.0 * shape.layers * shape.heads * shape.head_dim * window


def table() -> str:
    """Markdown, a row for each shape."""
    lines = [
        "| `--shape` | layers × width | heads (shared) | inside | parameters | operations a token |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name in SHAPES:
        shape = sized(name, PIECES)
        heads = f"{shape.heads} × {shape.head_dim} ({shape.groups})"
        learnt, spent = (f"{count / 1e6:.1f} million" for count in (parameters(shape), operations(shape)))
        lines.append(f"| `{name}` | {shape.layers} × {shape.hidden} | {heads} | {shape.ffn} | {learnt} | {spent} |")
    return "\n".join(lines)


def main() -> int:
    print(table())
    return 0


if __name__ == "__main__":
    sys.exit(main())
