"""The weights in a folder, looked at without loading them: safetensors or `pytorch_model*.bin`, in one file or many.

A Tensor says where its values lie in its file; they are read by rows, so that no more than a block of them is in
memory. The files may be links, as in the hub's cache; the names in an index may not lead out of the folder.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.errors import BrokenInstallation
from engine.models import torch_files
from engine.models.flaws import Flaw, refused
from engine.models.quantising import STORED
from engine.models.torch_files import Entry

_SAFETENSORS = {"F16": "float16", "BF16": "bfloat16", "F32": "float32"}
_MAX_HEADER_BYTES = 100_000_000  # safetensors' own limit


@dataclass(frozen=True, slots=True)
class Tensor:
    """Values that lie row after row in a file."""

    path: Path
    entry: Entry

    def rows(self, start: int, stop: int) -> npt.NDArray[Any]:
        """(stop - start, ...) as they are stored, bfloat16 as uint16.

        Raises BrokenInstallation(BAD_MODEL) when the file does not give them.
        """
        shape = self.entry.shape
        width = math.prod(shape[1:])
        stored = np.dtype(STORED[self.entry.dtype]).newbyteorder("<")
        count, offset = (stop - start) * width, self.entry.offset + start * width * stored.itemsize
        try:
            values = np.fromfile(self.path, stored, count, offset=offset)
        except OSError as error:
            raise _not_read(self.path, error) from error
        if len(values) < count:
            raise refused(self.path.parent, "cut_short", file=self.path.name)
        return values.reshape(stop - start, *shape[1:])


READABLE = ("float16", "bfloat16", "float32")


def tensors(folder: Path) -> dict[str, Tensor]:
    """Every tensor of the checkpoint in `folder`, by name; a dtype may be one that cannot be read.

    Raises BrokenInstallation(BAD_MODEL): no weights, a missing or damaged file, a tensor that is in two files.
    """
    found: dict[str, Tensor] = {}
    for path in _files(folder):
        for entry in _entries(path):
            if entry.name in found:
                first = found[entry.name].path.name
                raise refused(folder, "two_files", name=entry.name, first=first, second=path.name)
            found[entry.name] = Tensor(path, entry)
    return found


# --- which files -------------------------------------------------------------------------------------------------


def _files(folder: Path) -> list[Path]:
    """The first complete set of files; of incomplete ones the fullest is what is complained of."""
    found = [names for stem, ending in _KINDS for names in _file_sets(folder, stem, ending)]
    if not found:
        if (folder / "adapter_config.json").exists():
            raise refused(folder, "lone_adapter")
        raise refused(folder, "no_weights")
    missing = [[name for name in names if not (folder / name).is_file()] for names in found]
    best = min(range(len(found)), key=lambda place: len(missing[place]) / len(found[place]))
    if missing[best]:
        raise refused(folder, "missing_file", file=missing[best][0])
    return [folder / name for name in found[best]]


_KINDS = (("model", "safetensors"), ("pytorch_model", "bin"))
_DIGITS = "[0-9]" * 5


def _file_sets(folder: Path, stem: str, ending: str) -> Iterator[list[str]]:
    """The sets of files that could hold the weights: one file, those of an index, or those numbered 1 to n of n."""
    single, index = f"{stem}.{ending}", f"{stem}.{ending}.index.json"
    if (folder / single).exists():
        yield [single]
    if (folder / index).exists():
        yield _indexed(folder / index)
    elif shards := sorted(folder.glob(f"{stem}-{_DIGITS}-of-{_DIGITS}.{ending}")):
        count = max(1, int(shards[0].name.removesuffix(f".{ending}")[-5:]))
        yield [f"{stem}-{number:05}-of-{count:05}.{ending}" for number in range(1, count + 1)]


def _indexed(path: Path) -> list[str]:
    try:
        names = json.loads(path.read_text("utf-8"))["weight_map"].values()
        files = sorted({str(name) for name in names})
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise refused(path.parent, "unreadable_file", file=path.name, words=error) from error
    for name in files:
        # a backslash or a colon is a separator or a drive on Windows
        if name in ("", ".", "..") or set(name) & set("/\\:\0"):
            raise refused(path.parent, "names_outside", file=path.name, name=repr(name))
    if not files:
        raise refused(path.parent, "names_no_files", file=path.name)
    return files


# --- what is in a file -------------------------------------------------------------------------------------------


def _entries(path: Path) -> list[Entry]:
    try:
        return _safetensors(path) if path.suffix == ".safetensors" else torch_files.entries(path)
    except OSError as error:
        raise _not_read(path, error) from error
    except Flaw as flaw:
        raise flaw.of(path.parent, file=path.name) from flaw


def _not_read(path: Path, error: OSError) -> BrokenInstallation:
    return refused(path.parent, "unreadable_file", file=path.name, words=error.strerror or error)


def _safetensors(path: Path) -> list[Entry]:
    """https://huggingface.co/docs/safetensors: the header's length, the header as JSON, the values."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        start = stream.read(8)
        length = struct.unpack("<Q", start)[0] if len(start) == 8 else size
        if length > min(size - 8, _MAX_HEADER_BYTES):
            raise Flaw("no_safetensors")
        text = stream.read(length)
    try:
        header = json.loads(text)
        return [
            _safetensors_entry(name, value, 8 + length, size)
            for name, value in header.items()
            if name != "__metadata__"
        ]
    except Flaw:
        raise
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise Flaw("damaged_header") from error


def _safetensors_entry(name: str, value: dict[str, Any], base: int, size: int) -> Entry:
    first, last = value["data_offsets"]
    dtype = _SAFETENSORS.get(value["dtype"], str(value["dtype"]))
    shape = tuple(value["shape"])
    if not all(type(number) is int and number >= 0 for number in (first, last, *shape)):
        raise Flaw("impossible_sizes", name=name)
    if base + last > size:
        raise Flaw("cut_short")
    if dtype in READABLE and last - first != math.prod(shape) * np.dtype(STORED[dtype]).itemsize:
        raise Flaw("impossible_sizes", name=name)
    return Entry(name, dtype, shape, base + first)
