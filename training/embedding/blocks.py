"""Plain text as blocks of token ids on disk: for training on more text than memory holds."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from training.errors import TrainingError
from training.lines import Lines
from training.progress import Progress

Blocks = npt.NDArray[np.int32]

_TOGETHER = 64  # documents tokenised at once
_FEWEST = 16  # tokens; what a document's end leaves below that is dropped


def write_blocks(
    paths: Sequence[Path], tokenizer: Tokenizer, length: int, scratch: Path, limit: int | None = None
) -> Blocks:
    """(blocks, length) int32, on disk: [CLS] tokens [SEP], padded with [PAD]; no block holds two documents.

    `paths`: {"text": str} a line, *.jsonl or *.jsonl.zst; `limit` blocks are enough. The file has no name and goes
    with the process. Raises TrainingError for a broken line, or when no text is long enough.
    """
    first, last, pad = (tokenizer.token_to_id(token) for token in ("[CLS]", "[SEP]", "[PAD]"))
    lines = Lines(paths, scratch)
    count = 0
    with tempfile.TemporaryFile(dir=scratch) as file, Progress(len(lines), "Tokenising") as progress:
        for ids in _documents(lines, tokenizer, progress):
            for start in range(0, len(ids), length - 2):
                part = ids[start : start + length - 2]
                if len(part) < min(_FEWEST, length - 2) or count == limit:
                    break
                block = [first, *part, last]
                file.write(np.array(block + [pad] * (length - len(block)), np.int32).tobytes())
                count += 1
            if count == limit:
                break
        if not count:
            raise TrainingError(f"The texts make no block of {_FEWEST} tokens.")
        file.flush()
        return np.memmap(file, np.int32, "r", shape=(count, length))


def _documents(lines: Lines, tokenizer: Tokenizer, progress: Progress) -> Iterator[list[int]]:
    for start in range(0, len(lines), _TOGETHER):
        rows = range(start, min(start + _TOGETHER, len(lines)))
        for encoding in tokenizer.encode_batch([_text(lines, row) for row in rows], add_special_tokens=False):
            yield encoding.ids
        progress.step(len(rows))


def _text(lines: Lines, row: int) -> str:
    text = lines[row].get("text")
    if not isinstance(text, str):
        raise lines.broken(row, "it has no text as 'text'")
    return text
