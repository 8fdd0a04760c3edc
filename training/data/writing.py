"""The files of one side: triplets, and chat samples where they are wanted, with what there is to report of them."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from training.data.chats import Style, sample
from training.data.report import SideReport
from training.data.triplets import Block, Triplet, line, named


class Files:
    """Open for writing as a context manager."""

    def __init__(self, folder: Path, side: str, negatives: int, style: Style | None) -> None:
        """`negatives` are wanted in each triplet; `style` None: no chat samples."""
        self.report = SideReport()
        self.dropped: Counter[str] = Counter()  # reasons why questions made no chat sample
        self._folder = folder
        self._side = side
        self._negatives = negatives
        self._style = style
        self._open = ExitStack()

    def __enter__(self) -> Files:
        self._triplets = self._opened("triplets")
        self._chats = self._opened("chats") if self._style else None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def write(self, triplet: Triplet, block: Block) -> None:
        collection = block.collection
        if triplet.positives:
            made = line(triplet, block, named(collection.passage(triplet.row.home)))
            _write(self._triplets, made)
            self.report.triplet(made, self._negatives)
        if self._chats is None or self._style is None:
            return
        chat = sample(triplet, collection, self._style)
        if isinstance(chat, str):
            self.dropped[f"no chat sample: {chat}"] += 1
            return
        _write(self._chats, chat)
        self.report.chat(chat)

    def _opened(self, kind: str) -> TextIO:
        path = self._folder / f"{kind}.{self._side}.jsonl"
        return self._open.enter_context(path.open("w", encoding="utf-8", newline="\n"))


def _write(file: TextIO, made: dict[str, Any]) -> None:
    file.write(json.dumps(made, ensure_ascii=False) + "\n")
