"""What was prepared, in numbers: for people as text, for programs as report.json.

In memory are 4 bytes for each length, and a counter for each language, licence and source.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

PERCENTILES = (0, 5, 50, 95, 100)


@dataclass(slots=True)
class SideReport:
    """One split."""

    counts: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    licences: Counter[str] = field(default_factory=Counter)
    sources: Counter[str] = field(default_factory=Counter)
    lengths: dict[str, array[int]] = field(default_factory=dict)  # characters

    def triplet(self, line: dict[str, Any], wanted: int) -> None:
        self.counts["triplets"] += 1
        self.counts["negatives"] += len(line["neg"])
        self.counts["triplets with fewer negatives than wanted"] += len(line["neg"]) < wanted
        self.languages[line["lang"]] += 1
        self.licences[line["license"]] += 1
        self.sources[line["source"]] += 1
        self._measure("question", [line["query"]])
        self._measure("right passage", line["pos"])
        self._measure("negative", line["neg"])

    def chat(self, line: dict[str, Any]) -> None:
        self.counts["chat samples"] += 1
        self.counts["chat samples that decline"] += not line["cited"]
        self.counts["passages in chat samples"] += len(line["passages"])
        self._measure("answer", [line["answer"]])

    def as_object(self) -> dict[str, Any]:
        return {
            "counts": dict(self.counts),
            "languages": dict(self.languages.most_common()),
            "licences": dict(self.licences.most_common()),
            "sources": dict(self.sources.most_common()),
            "characters": {name: _percentiles(found) for name, found in self.lengths.items()},
        }

    def _measure(self, name: str, texts: Iterable[str]) -> None:
        self.lengths.setdefault(name, array("I")).extend(map(len, texts))


def as_text(report: dict[str, Any]) -> str:
    """The report as it is printed; `report` is what report.json holds."""
    lines = [f"read: {report['read']} rows, kept {report['kept']} in {report['groups']} groups of documents"]
    lines += [f"  left out, {count:>6}: {why}" for why, count in report["dropped"].items()]
    for name, side in report["splits"].items():
        lines.append(f"{name}: " + ", ".join(f"{count} {what}" for what, count in side["counts"].items() if count))
        for what in ("languages", "sources", "licences"):
            lines.append(f"  {what}: " + ", ".join(f"{key} {count}" for key, count in side[what].items()))
        for what, found in side["characters"].items():
            lines.append(f"  characters of a {what}: " + ", ".join(f"{name} {count}" for name, count in found.items()))
    lines.append(f"checked: {report['checked']}")
    return "\n".join(lines)


def _percentiles(lengths: array[int]) -> dict[str, int]:
    if not lengths:
        return {}
    values = np.percentile(np.frombuffer(lengths, np.uint32), PERCENTILES)
    return {f"p{percent}": round(value) for percent, value in zip(PERCENTILES, values, strict=True)}
