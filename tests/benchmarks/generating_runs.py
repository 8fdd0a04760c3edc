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


class Product:
    """Its cache has room for the passages of so many prompts; for 0, the instruction alone."""

    def __init__(self, folder: Path, work: Workload, kept_prompts: int = 2) -> None:
        from engine.models import memory
        from engine.models.generator import Generator, Runtime
        from engine.models.manifest import Manifest

        chat = Manifest.load(folder).chat
        assert chat
        kept = kept_prompts * (work.fixed + work.passages) or work.fixed + work.question  # tokens
        room = (kept + 1) * memory.token_bytes(chat, "cpu")
        self._generator = Generator.open(folder, Runtime(device="cpu", threads=work.threads, cache_bytes=room))
        self._work = work
        self._generator.load()
        self._run((), (), work.ids(4, 9))

    def run(self, passages: int, question: int, new: int = 1) -> None:
        self._run(*self._work.prompt(passages, question), new)

    def prepare(self, passages: int, question: int) -> None:
        from engine.models.prompts import Prompt

        prompt = Prompt(*self._work.prompt(passages, question), kept=())
        assert self._generator.prepare(prompt)
        while not self._generator.is_ready(prompt):
            time.sleep(0.005)

    def close(self) -> None:
        self._generator.close()

    def _run(self, fixed: Ids, passages: Ids, question: Ids, new: int = 1) -> None:
        from engine.models.generator import Sampling
        from engine.models.prompts import Prompt
        from engine.types import Stop

        prompt = Prompt(fixed, passages, question, kept=())
        last = [*self._generator.stream(prompt, Sampling(max_new_tokens=new), lambda: False)][-1]
        assert last is Stop.LENGTH, f"the random text ended by itself: {last}"


class Plain:
    """CTranslate2 itself, which keeps each beginning of a prompt that it is given as static, and never lets go."""

    def __init__(self, folder: Path, work: Workload, compute_type: str = "default") -> None:
        import ctranslate2

        self._generator = ctranslate2.Generator(
            str(folder), "cpu", compute_type=compute_type, intra_threads=work.threads
        )
        self.run((), work.ids(4, 9))

    def run(self, static: Ids, start: Ids, new: int = 1) -> None:
        self._generator.generate_batch(
            [[str(id) for id in start]],
            static_prompt=[str(id) for id in static] or None,
            max_length=new,
            min_length=new,
            include_prompt_in_result=False,
            sampling_topk=1,
        )


def product(folder: str, workload: dict[str, int], keep_passages: bool) -> Seconds:
    work = Workload(**workload)
    started = time.perf_counter()
    ours = Product(Path(folder), work, 2 if keep_passages else 0)
    got = {"load": time.perf_counter() - started}
    if not keep_passages:
        ours.run(0, 1)
        return got | {"fixed": timed(lambda: ours.run(1, 1))}
    got["cold"] = timed(lambda: ours.run(0, 1))
    got["follow"] = timed(lambda: ours.run(0, 2))
    got["new"] = (timed(lambda: ours.run(0, 3, 1 + work.new)) - got["follow"]) / work.new
    got["passages"] = timed(lambda: ours.prepare(1, 1))
    got["ahead"] = timed(lambda: ours.run(1, 1))
    ours.close()
    return got


def plain(folder: str, workload: dict[str, int], compute_type: str = "default") -> Seconds:
    work = Workload(**workload)
    started = time.perf_counter()
    theirs = Plain(Path(folder), work, compute_type)
    got = {"load": time.perf_counter() - started}
    fixed, passages, question = work.prompt(0, 1)
    got["whole"] = timed(lambda: theirs.run((), fixed + passages + question))  # as one prompt, with nothing kept
    got["cold"] = timed(lambda: theirs.run(fixed + passages, question))
    got["follow"] = timed(lambda: theirs.run(fixed + passages, work.prompt(0, 2)[2]))
    took_s = timed(lambda: theirs.run(fixed + passages, work.prompt(0, 3)[2], 1 + work.new))
    got["new"] = (took_s - got["follow"]) / work.new
    other = work.prompt(1, 1)[1]
    got["passages"] = timed(lambda: theirs.run(fixed + other, question[:1]))
    got["ahead"] = timed(lambda: theirs.run(fixed + other, question))
    theirs.run(fixed, question)
    got["fixed"] = timed(lambda: theirs.run(fixed, work.prompt(2, 1)[1] + question))
    return got


def overhead(folder: str, workload: dict[str, int], rounds: int, prompts: int) -> dict[str, list[float]]:
    """Both loaded at once, call by call in turns: seconds of each call, in pairs. Needs twice the memory."""
    work = Workload(**workload)
    # room for all, or the product would load itself anew, to forget, while the other is being measured
    ours, theirs = Product(Path(folder), work, kept_prompts=prompts), Plain(Path(folder), work)
    took: dict[str, list[float]] = {}

    def pair(name: str, first: bool, mine: Callable[[], None], other: Callable[[], None]) -> None:
        for kind, call in (("ours", mine), ("plain", other))[:: 1 if first else -1]:
            time.sleep(0.3)  # the threads of the one before wait busily for a moment
            took.setdefault(f"{name}, {kind}", []).append(timed(call))

    for number in range(prompts):
        fixed, passages, question = work.prompt(number, 1)
        pair(
            "cold",
            number % 2 == 0,
            lambda number=number: ours.run(number, 1),  # type: ignore[misc]
            lambda static=fixed + passages, question=question: theirs.run(static, question),  # type: ignore[misc]
        )
    last, static = prompts - 1, sum(work.prompt(prompts - 1, 1)[:2], ())
    for number in range(rounds):
        question = work.prompt(last, 2 + number)[2]
        pair(
            f"question and {work.new} new",
            number % 2 == 0,
            lambda number=number: ours.run(last, 2 + number, work.new),  # type: ignore[misc]
            lambda question=question: theirs.run(static, question, work.new),  # type: ignore[misc]
        )
    ours.close()
    return took


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
    "overhead": overhead,
    "transformers": transformers,
    "assistant": assistant,
}

if __name__ == "__main__":
    main()
