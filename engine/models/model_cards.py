"""What the front matter of a model's README says: licence, languages, the model that it was trained from.

The hub's cards begin with a block of YAML (https://huggingface.co/docs/hub/model-cards); of YAML only plain values and
lists of them are read, which is how those fields are written.
"""

from __future__ import annotations

import re
from pathlib import Path

_LONGEST = 100_000  # characters that are looked at
_SPDX = {  # the hub's ids: SPDX's
    "mit": "MIT",
    "apache-2.0": "Apache-2.0",
    "bsd-3-clause": "BSD-3-Clause",
    "cc-by-4.0": "CC-BY-4.0",
    "cc-by-sa-4.0": "CC-BY-SA-4.0",
    "cc-by-nc-4.0": "CC-BY-NC-4.0",
}

Card = dict[str, tuple[str, ...]]


def read(folder: Path) -> Card:
    """Every plain value and list of plain values; none without a card, and what is not understood is passed over."""
    try:
        with (folder / "README.md").open(encoding="utf-8", errors="replace") as stream:
            text = stream.read(_LONGEST)
    except OSError:
        return {}
    block = re.match(r"\ufeff?---[ \t]*\n(.*?\n)---[ \t]*(\n|$)", text, re.DOTALL)
    return _fields(block.group(1)) if block else {}


def licence(card: Card) -> str:
    """The licence as SPDX names it, where that is known."""
    name = next(iter(card.get("license", ())), "")
    return _SPDX.get(name.lower(), name)


def _fields(block: str) -> Card:
    fields: Card = {}
    name = ""
    for line in block.splitlines():
        if item := re.fullmatch(r"\s*-\s+([^:]+)", line):
            if name:
                fields[name] += (_plain(item.group(1)),)
        elif field := re.fullmatch(r"([A-Za-z_]+):\s*(.*)", line):
            name, value = field.group(1), field.group(2).strip()
            listed = value[1:-1].split(",") if value.startswith("[") and value.endswith("]") else [value]
            fields[name] = tuple(_plain(each) for each in listed if each.strip())
        elif line.strip():
            name = ""  # deeper than a list
    return fields


def _plain(value: str) -> str:
    return value.strip().strip("\"'")
