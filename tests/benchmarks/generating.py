"""How fast a ChatGLM3 is converted and answers here, beside plain CTranslate2, transformers and llama.cpp.

    python -m tests.benchmarks.random_models chatglm3 SOURCE --hub HUB     # and glm GLM, for transformers
    python -m tests.benchmarks.generating SOURCE --target MODEL            # convert SOURCE into MODEL
    python -m tests.benchmarks.generating --target MODEL                   # measure a model that is there already
        [--rounds 3] [--transformers GLM] [--llama-python PYTHON --gguf FILE.gguf ...]
        [--overhead 8] [--assistant FOLDER_OF_DOCUMENTS] [--json FILE]

Everything is measured in a process of its own, one at a time; the product and plain CTranslate2 take turns, with the
same ids, and medians count. A prompt is `--fixed` + `--passages` + `--question` tokens: the instruction, the passages,
the question. Memory is the most that a process and its children held at once, without and with the files that are
mapped. `--overhead` loads the product and plain CTranslate2 at once and compares them call by call, which a machine
whose speed changes from minute to minute cannot spoil. `--assistant` asks through the whole program: what a person
waits for, typing included.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.generating_runs import Workload, weight_files

ROOT = Path(__file__).parents[2]
LLAMA = Path(__file__).with_name("llama_peer.py")
FLAGS = ("avx2", "avx512f", "avx512_vnni", "avx_vnni", "avx512_bf16", "amx_int8")
STEPS = ("cold", "fixed", "ahead", "follow")


@dataclass(frozen=True, slots=True)
class Measured:
    """What one process said, and the most memory that it and its children held at once."""

    said: Any
    anonymous_bytes: int
    resident_bytes: int  # with the files that are mapped


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path, nargs="?")
    parser.add_argument("--target", type=Path, required=True)
    parser.add_argument("--compute-type", default="int8")
    parser.add_argument("--fixed", type=int, default=60)
    parser.add_argument("--passages", type=int, default=910)
    parser.add_argument("--question", type=int, default=30)
    parser.add_argument("--new", type=int, default=32)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--overhead", type=int, default=0)
    parser.add_argument("--transformers", type=Path)
    parser.add_argument("--llama-python", type=Path)
    parser.add_argument("--gguf", type=Path, nargs="+", default=[])
    parser.add_argument("--assistant", type=Path)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    work = Workload(chosen.fixed, chosen.passages, chosen.question, chosen.new, chosen.threads)
    result: dict[str, Any] = {"machine": machine(), "workload": asdict(work)}
    print("; ".join(f"{name} {value}" for name, value in result["machine"].items()), flush=True)
    if chosen.source:
        result["conversion"] = show(conversion(chosen.source, chosen.target, chosen.compute_type))
    if chosen.rounds:
        result["engines"] = measure_engines(chosen, work)
        print_engines(result["engines"], work)
    if chosen.overhead:
        result["overhead"] = show(overhead(chosen.target, work, chosen.overhead))
    if chosen.assistant:
        result["assistant"] = show(through_the_program(chosen.assistant, chosen.target, chosen.rounds or 1))
    print("load at the end", *(f"{each:.2f}" for each in os.getloadavg()))
    if chosen.json:
        chosen.json.write_text(json.dumps(result, indent=2) + "\n", "utf-8")


def machine() -> dict[str, str]:
    facts = dict(line.split(":", 1) for line in _lines("/proc/cpuinfo") if ":" in line)
    facts = {name.strip(): value.strip() for name, value in facts.items()}
    flags = set(facts.get("flags", "").split())
    memory = dict(line.split(":", 1) for line in _lines("/proc/meminfo"))
    return {
        "CPU": facts.get("model name", platform.processor()),
        "cores": str(os.cpu_count()),
        "has": " ".join(flag for flag in FLAGS if flag in flags),
        "lacks": " ".join(flag for flag in FLAGS if flag not in flags),
        "free memory": memory.get("MemAvailable", "?").strip(),
        "load": " ".join(f"{each:.2f}" for each in os.getloadavg()),
    }


def _lines(path: str) -> list[str]:
    return Path(path).read_text("utf-8").splitlines() if Path(path).exists() else []


def show(facts: dict[str, Any]) -> dict[str, Any]:
    for name, value in facts.items():
        print(f"  {name:40} {value}")
    return facts


# Processes


def run(kind: str, threads: int, **arguments: Any) -> Measured:
    return in_own_process(
        [sys.executable, "-m", "tests.benchmarks.generating_runs", kind, json.dumps(arguments)], threads
    )


def in_own_process(command: Sequence[str], threads: int) -> Measured:
    """Its last line is JSON. What it says else goes to stderr."""
    environment = os.environ | {"OMP_NUM_THREADS": str(threads), "HF_HUB_OFFLINE": "1"}
    anonymous = resident = 0
    with (
        tempfile.TemporaryFile("w+") as output,
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output) as process,
    ):
        while process.poll() is None:
            held = [held_bytes(pid) for pid in _with_children(process.pid)]
            anonymous = max(anonymous, sum(each[0] for each in held))
            resident = max(resident, sum(each[1] for each in held))
            time.sleep(0.05)  # looking more often would slow down what is measured
        output.seek(0)
        lines = output.read().splitlines()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return Measured(json.loads(lines[-1]), anonymous, resident)


def _with_children(pid: int) -> Iterator[int]:
    yield pid
    for tasks in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = tasks.read_text().split()
        except OSError:  # it has just ended
            continue
        for child in children:
            yield from _with_children(int(child))


def held_bytes(pid: int) -> tuple[int, int]:
    """Anonymous and all resident memory; 0 where the system does not say."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0, 0
    kilobytes = {line.split(":")[0]: int(line.split()[1]) for line in lines if line.startswith(("RssAnon", "VmRSS"))}
    return kilobytes.get("RssAnon", 0) * 1024, kilobytes.get("VmRSS", 0) * 1024


# What is measured


def conversion(source: Path, target: Path, compute_type: str) -> dict[str, Any]:
    source_bytes = sum(file.stat().st_size for file in weight_files(source))
    done = run("convert", 1, source=str(source), target=str(target), compute_type=compute_type)
    written = sum(file.stat().st_size for file in target.iterdir())
    beside = target.with_name(target.name + ".copy")
    plain = run("disk", 1, source=str(source), target=str(beside), write_bytes=written).said
    seconds = done.said["seconds"]
    return {
        "converted in, s": round(seconds, 1),
        "read, GB": round(source_bytes / 1e9, 2),
        "written, GB": round(written / 1e9, 2),
        "read, MB/s": round(source_bytes / seconds / 1e6),
        "written, MB/s": round(written / seconds / 1e6),
        "anonymous memory, MB": round(done.anonymous_bytes / 1e6),
        "disk: plain reading, MB/s": round(source_bytes / plain["read_s"] / 1e6),
        "disk: reading and writing as much, s": round(plain["copy_s"], 1),
    }


def measure_engines(chosen: argparse.Namespace, work: Workload) -> dict[str, dict[str, float]]:
    """Median seconds by engine and step, and bytes of memory; for the product and plain CTranslate2 the best, too."""
    runs: dict[str, list[Measured]] = defaultdict(list)
    model = {"folder": str(chosen.target), "workload": asdict(work)}
    for number in range(chosen.rounds):
        runs["Inkstone"].append(run("product", work.threads, keep_passages=True, **model))
        runs["plain CTranslate2"].append(run("plain", work.threads, **model))
        runs["Inkstone, instruction kept"].append(run("product", work.threads, keep_passages=False, **model))
        for file in chosen.gguf:
            runs[f"llama.cpp {file.stem}"].append(in_own_process(llama(chosen.llama_python, file, work), work.threads))
        if chosen.transformers and number == 0:  # slow, and far from the others
            peer = asdict(work) | {"new": min(8, work.new)}
            runs["transformers bf16"].append(
                run("transformers", work.threads, folder=str(chosen.transformers), workload=peer)
            )
        print(f"  round {number + 1}: load {os.getloadavg()[0]:.2f}", file=sys.stderr, flush=True)
    kept = runs.pop("Inkstone, instruction kept")
    measured = {engine: _medians(each) for engine, each in runs.items()}
    measured["Inkstone"]["fixed"] = _medians(kept)["fixed"]
    for engine in ("Inkstone", "plain CTranslate2"):
        measured[f"best of {engine}"] = _best(runs[engine])
    measured["best of Inkstone"]["fixed"] = _best(kept)["fixed"]
    return measured


def llama(python: Path, file: Path, work: Workload) -> list[str]:
    sizes = {"--fixed": work.fixed, "--passages": work.passages, "--question": work.question, "--new": work.new}
    options = [str(word) for pair in sizes.items() for word in pair]
    return [str(python), str(LLAMA), "measure", str(file), *options, "--threads", str(work.threads)]


def _medians(runs: Iterable[Measured]) -> dict[str, float]:
    said: dict[str, list[float]] = defaultdict(list)
    for each in runs:
        for name, value in each.said.items():
            said[name].append(value)
        said["anonymous"].append(each.anonymous_bytes)
        said["resident"].append(each.resident_bytes)
    return {name: statistics.median(values) for name, values in said.items()}


def _best(runs: Iterable[Measured]) -> dict[str, float]:
    told = [each.said for each in runs]
    return {name: min(each[name] for each in told) for name in told[0]}


def print_engines(measured: dict[str, dict[str, float]], work: Workload) -> None:
    prompt = work.fixed + work.passages + work.question
    print(f"\nprompt of {prompt} tokens, of which the instruction {work.fixed}, the question {work.question}; medians")
    titles = f"{'load s':>8}{'prompt/s':>10}{'new/s':>8}{'anon GB':>9}{'GB':>6}   first token s: "
    print(f"{'':26}{titles}{''.join(f'{step:>8}' for step in STEPS)}")
    for engine, got in measured.items():
        if engine.startswith("best of "):
            continue
        cold = got.get("whole", got["cold"])
        steps = "".join(f"{got[step]:8.2f}" if step in got else f"{'-':>8}" for step in STEPS)
        speed = f"{got['load']:8.1f}{prompt / (cold - got['new']):10.1f}{1 / got['new']:8.2f}"
        print(f"{engine:26}{speed}{got['anonymous'] / 1e9:9.2f}{got['resident'] / 1e9:6.2f}   {'':16}{steps}")
    for kind in ("", "best of "):
        ours, theirs = measured[f"{kind}Inkstone"], measured[f"{kind}plain CTranslate2"]
        more = ", ".join(f"{step} {ours[step] / theirs[step] - 1:+.1%}" for step in (*STEPS, "new"))
        print(f"{kind}Inkstone over plain CTranslate2, the same calls: {more}")
        print(f"    cold, over one plain prompt with nothing kept: {ours['cold'] / theirs['whole'] - 1:+.1%}")
        shares = [ours[step] / ours["cold"] for step in ("ahead", "follow")]
        print(f"    ahead takes {shares[0]:.3f} of cold, a follow-up {shares[1]:.3f}")


def overhead(model: Path, work: Workload, rounds: int) -> dict[str, str]:
    """Seconds of each, and the median of what ours took more than plain CTranslate2 in the same pair."""
    folder = {"folder": str(model), "workload": asdict(work)}
    took = run("overhead", work.threads, **folder, rounds=rounds, prompts=min(rounds, 3)).said
    lines = {}
    for name in dict.fromkeys(each.rpartition(", ")[0] for each in took):
        ours, plain = took[f"{name}, ours"], took[f"{name}, plain"]
        more = sorted(mine / other - 1 for mine, other in zip(ours, plain, strict=True))
        medians = f"{statistics.median(ours):.3f} and {statistics.median(plain):.3f} s"
        lines[name] = f"{medians}; {statistics.median(more):+.1%} ({len(more)}: {more[0]:+.1%} to {more[-1]:+.1%})"
    return lines


def through_the_program(documents: Path, model: Path, count: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as home:
        where = {"home": home, "documents": str(documents), "model": str(model)}
        done = run("assistant", os.cpu_count() or 1, **where, count=count)
    return done.said | {"anonymous memory, MB": round(done.anonymous_bytes / 1e6)}


if __name__ == "__main__":
    main()
