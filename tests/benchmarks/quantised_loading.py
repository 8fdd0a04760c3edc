"""QLoRA at ChatGLM3's own widths with random weights: memory, seconds to load in 4 bits, seconds a step.

    python -m tests.benchmarks.quantised_loading --base FOLDER                    # as many layers as it has: 28
    python -m tests.benchmarks.quantised_loading --hub HUB --layers 2             # makes the weights first

FOLDER is a ChatGLM3, such as tests.benchmarks.random_models makes; HUB a folder that has ChatGLM3's own `config.json`
and `tokenizer.model`. A step is one row: forward, backward with gradient checkpointing, AdamW on LoRA of rank 16. Peak
memory is the process's own on a processor, torch's on a GPU.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import tempfile
import time
from pathlib import Path

import psutil
import torch

from tests.benchmarks.random_models import make_chatglm3
from training.chatglm.base import Base
from training.chatglm.learning import mean_gradients
from training.chatglm.loading import load
from training.chatglm.methods import Sizes, adapted
from training.chatglm.packing import batch
from training.chatglm.samples import Encoded


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path)
    parser.add_argument("--hub", type=Path)
    parser.add_argument("--layers", type=int, default=2)
    parser.add_argument("--tokens", type=int, default=512, help="of the row")
    parser.add_argument("--answer", type=int, default=64, help="of them: what is learnt")
    parser.add_argument("--steps", type=int, default=3, help="measured, after one that is not")
    parser.add_argument("--dtype", choices=("float32", "bfloat16"), default="float32")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--threads", type=int, default=0, help="0: as torch chooses")
    chosen = parser.parse_args()
    if chosen.threads:
        torch.set_num_threads(chosen.threads)
    with tempfile.TemporaryDirectory() as scratch:
        folder = chosen.base
        if folder is None:
            folder = Path(scratch, "random")
            make_chatglm3(folder, chosen.hub, chosen.layers)
        print(json.dumps(measured(folder, chosen), indent=2), flush=True)


def measured(folder: Path, chosen: argparse.Namespace) -> dict[str, object]:
    base = Base(folder)
    before = psutil.Process().memory_info().rss
    started = time.perf_counter()
    model = load(base, getattr(torch, chosen.dtype), chosen.device, quantise=True)
    loaded_s = time.perf_counter() - started
    figures: dict[str, object] = {
        "layers": base.shape.layers,
        "device": chosen.device,
        "computed in": chosen.dtype,
        "threads": torch.get_num_threads(),
        "before loading, GB": gigabytes(before),
        "loaded in, s": round(loaded_s, 1),
        "peak while loading, GB": gigabytes(peak_bytes(chosen.device)),
        "after loading, GB": gigabytes(psutil.Process().memory_info().rss),
    }
    print(json.dumps(figures), flush=True)
    model = adapted(model, "qlora", Sizes())
    model.gradient_checkpointing_enable({"use_reentrant": False})
    learnt = [value for value in model.train().parameters() if value.requires_grad]
    optimizer = torch.optim.AdamW(learnt, lr=1e-4)
    ids = torch.randint(259, 60_000, (chosen.tokens,), generator=torch.Generator().manual_seed(1)).tolist()
    row = batch([[Encoded(tuple(ids), chosen.tokens - chosen.answer)]]).to(torch.device(chosen.device))
    seconds, losses = [], []
    for _ in range(1 + chosen.steps):
        started = time.perf_counter()
        loss, _ = mean_gradients(model, learnt, [row])  # reads the loss, and so waits for the device
        optimizer.step()
        seconds.append(time.perf_counter() - started)
        losses.append(loss)
        print(f"step: {seconds[-1]:.1f} s, loss {loss:.4f}", flush=True)
    step_s = statistics.median(seconds[1:])
    return figures | {
        "learnt numbers": sum(value.numel() for value in learnt),
        "tokens in a row": chosen.tokens,
        "a step, s": round(step_s, 2),
        "tokens/s": round(chosen.tokens / step_s, 1),
        "peak while training, GB": gigabytes(peak_bytes(chosen.device)),
        "loss, first and last": [round(losses[0], 4), round(losses[-1], 4)],
    }


def peak_bytes(device: str) -> int:
    if device.startswith("cuda"):
        return torch.cuda.max_memory_allocated()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024  # kilobytes on Linux


def gigabytes(count: int) -> float:
    return round(count / 1e9, 2)


if __name__ == "__main__":
    main()
