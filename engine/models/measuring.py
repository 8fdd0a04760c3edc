"""How quick a model is on this computer: some seconds of the work that it is there for, on texts as long as usual."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil

from engine.models.embedder import Embedder
from engine.models.generator import Generator, Sampling
from engine.models.manifest import Manifest
from engine.models.prompts import Prompt
from engine.models.reader import Reader, Source
from engine.types import Speed

SECONDS = 3.0  # of work: on two cores the figure then repeats within a few percent
LEAST = 3  # turns, however long they take

PROMPT_TOKENS = 256  # a model takes these in,
NEW_TOKENS = 24  # and writes so many

# Passages are cut to about 250 tokens; these have as many, in the language of most of their words.
_ENGLISH = (
    "The workshop keeps a book of every bicycle that comes in, with its number, what was found and what was mended. "
    "A chain that has stretched by more than half a percent is replaced together with the sprockets that it ran on. "
    "Bearings are cleaned, looked at under a lamp and packed with fresh grease before the wheel is put back. "
    "Whoever closes the shop writes the last number of the day on the board and takes the cash box to the office. "
) * 3
_CHINESE = (
    "车间为每一辆送来的自行车建立记录，写明编号、检查结果和维修内容。链条伸长超过千分之五时，应与配套的飞轮一并更换。"
    "轴承清洗后在灯下检查，重新填充润滑脂，再装回车轮。当天最后离开的人把最后一个编号写在黑板上，并把钱箱送到办公室。"
) * 2
_QUESTION = {"en": "When is a chain replaced?", "zh": "链条什么时候应当更换？"}


def measure(folder: Path, threads: int, seconds: float = SECONDS) -> Speed:
    """Passages a second of the embedder or reader in `folder`, and what it takes of memory.

    Raises BrokenInstallation(BAD_MODEL).
    """
    own = psutil.Process()
    before, began = own.memory_info().rss, time.monotonic()
    manifest = Manifest.load(folder)
    work = _reading(folder, threads, manifest) if manifest.kind == "reader" else _embedding(folder, threads, manifest)
    next(work)  # loads it, and warms it up
    loaded = time.monotonic()
    count = turns = 0
    while turns < LEAST or time.monotonic() - loaded < seconds:
        count += next(work)
        turns += 1
    spent = time.monotonic() - loaded
    return Speed(
        per_second=count / spent,
        load_s=loaded - began,
        memory_bytes=max(0, own.memory_info().rss - before),
        measured_ms=_now_ms(),
    )


def measure_generator(generator: Generator, stop: Callable[[], bool]) -> Speed | None:
    """Tokens a second that it writes and takes in; None when it was stopped.

    Raises as `Generator.stream` does.
    """
    ids = generator.tokens.encode(_CHINESE + _ENGLISH)
    length = min(PROMPT_TOKENS, generator.manifest.max_tokens // 2)
    prompt = Prompt((), (), tuple(itertools.islice(itertools.cycle(ids), length)), ())
    began = time.monotonic()
    for _ in generator.stream(prompt, Sampling(max_new_tokens=NEW_TOKENS), stop):
        pass
    if stop():
        return None
    pace = generator.pace
    return Speed(
        per_second=1 / pace.token_s if pace.token_s else 0.0,
        taken_in_per_second=pace.prompt_tokens_per_s or 0.0,
        load_s=pace.load_s or time.monotonic() - began,
        memory_bytes=0,
        device=pace.last.device if pace.last else "cpu",
        measured_ms=_now_ms(),
    )


def _embedding(folder: Path, threads: int, manifest: Manifest) -> Iterator[int]:
    embedder = Embedder.open(folder, threads)
    for text in itertools.cycle(_texts(manifest)):
        embedder.embed_passages([text])
        yield 1


def _reading(folder: Path, threads: int, manifest: Manifest) -> Iterator[int]:
    reader = Reader.open(folder, threads)
    question = _QUESTION["zh" if manifest.languages[:1] == ("zh",) else "en"]
    sources = [Source(text) for text in itertools.islice(itertools.cycle(_texts(manifest)), max(2, threads))]
    while True:
        reader.read(question, sources)
        yield len(sources)


def _texts(manifest: Manifest) -> list[str]:
    """In the languages that it says it knows: what it does not know becomes other tokens, and more or fewer."""
    known = [text for code, text in (("en", _ENGLISH), ("zh", _CHINESE)) if code in manifest.languages]
    return known or [_ENGLISH]


def _now_ms() -> int:
    return round(time.time() * 1000)
