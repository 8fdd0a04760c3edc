"""What `generating` measures, each in a process of its own: `python -m tests.benchmarks.generating_runs KIND JSON`.

A run prints one JSON object: seconds by name. `cold` computes the whole prompt; `fixed` all but the instruction, which
is there already; `ahead` only the question, after the passages were computed beforehand; `follow` another question on
the passages of the one before; each of them up to and with the first token. `new` is the time of one more token.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

Ids = tuple[int, ...]
Seconds = dict[str, float]

CHUNK = 8 << 20


@dataclass(frozen=True, slots=True)
class Workload:
    """Random ids: rubbish has the same speed as text."""

    fixed: int
    passages: int
    question: int
    new: int
    threads: int

    def ids(self, count: int, seed: int) -> Ids:
        return tuple(np.random.default_rng(seed).integers(300, 60000, count).tolist())

    def prompt(self, passages: int, question: int) -> tuple[Ids, Ids, Ids]:
        """The instruction is always the same; the numbers choose the others."""
        return self.ids(self.fixed, 0), self.ids(self.passages, 100 + passages), self.ids(self.question, question)


def main() -> None:
    kind, arguments = sys.argv[1], json.loads(sys.argv[2])
    print(json.dumps(KINDS[kind](**arguments)))


def timed(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


# Conversion and the disk


def convert(source: str, target: str, compute_type: str) -> Seconds:
    from engine.models import converting

    forget(weight_files(Path(source)))
    return {"seconds": timed(lambda: converting.convert(Path(source), Path(target), compute_type, lambda *_: None))}


def disk(source: str, target: str, write_bytes: int) -> Seconds:
    """Reading the weights, and reading them while writing as much as the conversion does; from the disk, not memory."""
    files = weight_files(Path(source))
    forget(files)
    read_s = timed(lambda: [None for _ in chunks(files)])
    forget(files)
    return {"read_s": read_s, "copy_s": timed(lambda: copy(files, Path(target), write_bytes))}


def copy(files: Sequence[Path], target: Path, write_bytes: int) -> None:
    """Writes after each chunk its share of `write_bytes`, and returns when all of it is on the disk."""
    share = write_bytes / sum(file.stat().st_size for file in files)
    with target.open("wb") as stream:
        for chunk in chunks(files):
            stream.write(chunk[: int(len(chunk) * share)])
        stream.flush()
        os.fsync(stream.fileno())
    target.unlink()


def chunks(files: Sequence[Path]) -> Iterator[memoryview]:
    buffer = memoryview(bytearray(CHUNK))
    for file in files:
        with file.open("rb", buffering=0) as stream:
            while count := stream.readinto(buffer):
                yield buffer[:count]


def weight_files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.iterdir() if file.suffix in (".safetensors", ".bin"))


def forget(files: Sequence[Path]) -> None:
    """Lets the system's cache go of these files, where it can be asked to."""
    os.sync()
    for file in files if hasattr(os, "posix_fadvise") else ():
        with file.open("rb") as stream:
            os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


# The product and plain CTranslate2, with the same ids


def product(folder: str, workload: dict[str, int], keep_passages: bool) -> Seconds:
    """With `keep_passages` false the cache has room for the instruction alone."""
    from engine.models import memory
    from engine.models.generator import Generator, Runtime, Sampling
    from engine.models.manifest import Manifest
    from engine.models.prompts import Prompt
    from engine.types import Stop

    work = Workload(**workload)
    chat = Manifest.load(Path(folder)).chat
    assert chat
    kept = 2 * (work.fixed + work.passages) if keep_passages else work.fixed + work.question  # tokens
    room = (kept + 1) * memory.token_bytes(chat, "cpu")
    generator = Generator.open(Path(folder), Runtime(device="cpu", threads=work.threads, cache_bytes=room))

    def prompt(passages: int, question: int) -> Prompt:
        return Prompt(*work.prompt(passages, question), kept=())

    def run(prompt: Prompt, new: int = 1) -> None:
        last = [*generator.stream(prompt, Sampling(max_new_tokens=new), lambda: False)][-1]
        assert last is Stop.LENGTH, f"the random text ended by itself: {last}"

    def load() -> None:
        generator.load()
        run(Prompt((), (), work.ids(4, 9), ()))

    def prepare(prompt: Prompt) -> None:
        assert generator.prepare(prompt)
        while not generator.is_ready(prompt):
            time.sleep(0.005)

    got = {"load": timed(load)}
    if not keep_passages:
        run(prompt(0, 1))
        return got | {"fixed": timed(lambda: run(prompt(1, 1)))}
    got["cold"] = timed(lambda: run(prompt(0, 1)))
    got["follow"] = timed(lambda: run(prompt(0, 2)))
    got["new"] = (timed(lambda: run(prompt(0, 3), 1 + work.new)) - got["follow"]) / work.new
    got["passages"] = timed(lambda: prepare(prompt(1, 1)))
    got["ahead"] = timed(lambda: run(prompt(1, 1)))
    generator.close()
    return got


def plain(folder: str, workload: dict[str, int], compute_type: str = "default") -> Seconds:
    import ctranslate2

    work = Workload(**workload)
    started = time.perf_counter()
    generator = ctranslate2.Generator(folder, "cpu", compute_type=compute_type, intra_threads=work.threads)

    def run(static: Ids, start: Ids, new: int = 1) -> None:
        generator.generate_batch(
            [[str(id) for id in start]],
            static_prompt=[str(id) for id in static] or None,
            max_length=new,
            min_length=new,
            include_prompt_in_result=False,
            sampling_topk=1,
        )

    run((), work.ids(4, 9))
    got = {"load": time.perf_counter() - started}
    fixed, passages, question = work.prompt(0, 1)
    got["whole"] = timed(lambda: run((), fixed + passages + question))  # as one prompt, with nothing kept
    got["cold"] = timed(lambda: run(fixed + passages, question))
    got["follow"] = timed(lambda: run(fixed + passages, work.prompt(0, 2)[2]))
    got["new"] = (timed(lambda: run(fixed + passages, work.prompt(0, 3)[2], 1 + work.new)) - got["follow"]) / work.new
    other = work.prompt(1, 1)[1]
    got["passages"] = timed(lambda: run(fixed + other, question[:1]))
    got["ahead"] = timed(lambda: run(fixed + other, question))
    run(fixed, question)
    got["fixed"] = timed(lambda: run(fixed, work.prompt(2, 1)[1] + question))
    return got


# The peers


def transformers(folder: str, workload: dict[str, int]) -> Seconds:
    """GlmForCausalLM in bfloat16: a cold prompt, then its key/value cache kept for one question after another."""
    import torch
    from transformers import GlmForCausalLM

    work = Workload(**workload)
    torch.set_num_threads(work.threads)
    started = time.perf_counter()
    model: Any = GlmForCausalLM.from_pretrained(folder, dtype=torch.bfloat16, low_cpu_mem_usage=True)

    @torch.inference_mode()
    def run(ids: Ids, new: int = 1, past: Any = None) -> Any:
        tokens = torch.tensor([ids])
        for _ in range(new):
            output = model(tokens, past_key_values=past, use_cache=True, logits_to_keep=1)
            past = output.past_key_values
            tokens = output.logits.argmax(-1)
        return past

    run(work.ids(4, 9))
    got = {"load": time.perf_counter() - started}
    fixed, passages, question = work.prompt(0, 1)
    got["cold"] = timed(lambda: run(fixed + passages + question))
    past = run(work.ids(32, 8))
    got["new"] = timed(lambda: run(work.ids(1, 7), work.new, past)) / work.new
    return got


# Through the whole program


def assistant(home: str, documents: str, model: str, count: int) -> Any:
    # the whole engine comes with it, which no other run should have in memory
    from tests.benchmarks.generating_assistant import measure

    return measure(Path(home), Path(documents), Path(model), count)


KINDS: dict[str, Callable[..., Any]] = {
    "convert": convert,
    "disk": disk,
    "product": product,
    "plain": plain,
    "transformers": transformers,
    "assistant": assistant,
}

if __name__ == "__main__":
    main()
