"""Which side every row and every passage of a collection is on, and which passages are mined together."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from training.data.collection import Collection, Row
from training.data.records import Tally
from training.data.splitting import dev_groups
from training.data.triplets import BLOCK, Answered

TRAIN, DEV = "train", "dev"
SIDES = (TRAIN, DEV)


class Split:
    """Train and dev. In memory are 8 bytes for a row and, while a side is mined, about 100 for each of its passages."""

    def __init__(self, collection: Collection, tally: Tally, dev_share: float, seed: int) -> None:
        """Rows that are left out are counted in `tally`. Raises TrainingError when a side would be empty."""
        self.collection = collection
        self.answered = Answered(collection.rows())
        self._kept = array("q", (number for number, row in enumerate(collection.rows()) if self._is_kept(row, tally)))
        self.rows_of = Counter(self._group(self.row(number)) for number in self._kept)
        dev = dev_groups(self.rows_of, dev_share, seed)
        self.sides = SIDES if dev else (TRAIN,)
        self._side_of = {group: DEV if group in dev else TRAIN for group in self.rows_of}
        for number in self._kept:  # passages that answer nothing go where they are first given
            row = self.row(number)
            for passage in row.negatives:
                self._side_of.setdefault(collection.group_of(passage), self.side(row))

    def row(self, number: int) -> Row:
        row = self.collection.row(number)
        right = tuple(passage for passage in row.positives if not self.collection.is_everywhere(passage))
        return replace(row, positives=right)

    def side(self, row: Row) -> str:
        return self._side_of[self._group(row)]

    def side_of_passage(self, passage: int) -> str | None:
        """None for one that is not to be used."""
        group = self.collection.group_of(passage)
        if group in self.collection.held or self.collection.is_everywhere(passage):
            return None
        return self._side_of.get(group)

    def count(self, side: str) -> int:
        return sum(count for group, count in self.rows_of.items() if self._side_of[group] == side)

    def blocks(self, side: str) -> Iterator[tuple[list[int], list[int]]]:
        """The side's passages in blocks, and the numbers of the rows that belong to each."""
        passages = array(
            "q", (number for number in range(self.collection.passage_count) if self.side_of_passage(number) == side)
        )
        place = dict(zip(passages, range(len(passages)), strict=True))
        rows: dict[int, list[int]] = {}
        for number in self._kept:
            row = self.row(number)
            if self.side(row) == side:
                rows.setdefault(place[row.home] // BLOCK, []).append(number)
        for block, numbers in sorted(rows.items()):
            yield list(passages[block * BLOCK : (block + 1) * BLOCK]), numbers

    def _group(self, row: Row) -> int:
        return self.collection.groups.of(row.document)

    def _is_kept(self, row: Row, tally: Tally) -> bool:
        if self._group(row) in self.collection.held:
            tally.dropped["a document that is held out"] += 1
        elif all(map(self.collection.is_everywhere, row.positives or row.negatives[:1])):
            tally.dropped["a passage that stands in many documents"] += 1
        else:
            return True
        return False
