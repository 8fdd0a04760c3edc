"""Where the tensors of a `pytorch_model*.bin` lie, found without running anything that the file says.

The file is a zip of raw storages and one pickle that puts them together. A pickle is a program: this one may call
three constructors, ours, which note sizes; whatever else it asks for is refused by its name.
https://docs.pytorch.org/docs/stable/notes/serialization.html
"""

from __future__ import annotations

import io
import math
import pickle
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.models.flaws import Flaw

_MAX_PICKLE_BYTES = 2_000_000  # a 6B model's has 30,000; a byte can make an object of 64
_MAX_DIMENSIONS = 8
_MAX_NUMBER = 1 << 48  # of anything that is counted: more than a disk holds, little enough to be multiplied
_LOCAL_HEADER = struct.Struct("<4s22xHH")  # a zip entry's: signature, ..., length of its name and of its extra field


@dataclass(frozen=True, slots=True)
class Entry:
    """One tensor's place in its file, its values row after row without gaps."""

    name: str
    dtype: str  # "float16", "bfloat16", "float32", or another that is not read
    shape: tuple[int, ...]
    offset: int  # bytes from the file's start


def entries(path: Path) -> list[Entry]:
    """Every tensor of the file. Raises Flaw or OSError."""
    with path.open("rb") as stream:
        start = stream.read(4)
    try:
        with zipfile.ZipFile(path) as archive:
            return _entries(archive, path)
    except zipfile.BadZipFile as error:
        raise Flaw("old_torch_file" if start[:1] == b"\x80" else "no_torch_file") from error


def _entries(archive: zipfile.ZipFile, path: Path) -> list[Entry]:
    places = {info.filename: info for info in archive.infolist()}
    root = next((name[: -len("data.pkl")] for name in places if name.endswith("/data.pkl")), None)
    if root is None:
        raise Flaw("no_pickle")
    order = places.get(root + "byteorder")
    if order and _small(archive, order) != b"little":
        raise Flaw("big_endian")
    tensors = _run(_small(archive, places[root + "data.pkl"]))
    with path.open("rb") as stream:
        size = path.stat().st_size
        return [
            _entry(name, tensor, _data_offset(stream, places.get(f"{root}data/{tensor.storage.key}"), tensor, size))
            for name, tensor in tensors.items()
        ]


def _small(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    if info.compress_type != zipfile.ZIP_STORED or info.file_size > _MAX_PICKLE_BYTES:
        raise Flaw("large_part", name=info.filename)
    try:
        return archive.read(info)
    except (EOFError, RuntimeError) as error:  # cut short, or encrypted
        raise Flaw("cut_or_encrypted") from error


# --- the pickle --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Storage:
    dtype: str
    item_bytes: int
    key: str
    values: int


@dataclass(frozen=True, slots=True)
class _Tensor:
    storage: _Storage
    offset: int  # values from the storage's start
    shape: tuple[int, ...]
    stride: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _DType:
    name: str
    item_bytes: int


_STORAGES = {
    "HalfStorage": _DType("float16", 2),
    "BFloat16Storage": _DType("bfloat16", 2),
    "FloatStorage": _DType("float32", 4),
    "DoubleStorage": _DType("float64", 8),
    "LongStorage": _DType("int64", 8),
    "IntStorage": _DType("int32", 4),
    "ShortStorage": _DType("int16", 2),
    "CharStorage": _DType("int8", 1),
    "ByteStorage": _DType("uint8", 1),
    "BoolStorage": _DType("bool", 1),
}


def _mapping(*items: object) -> dict[object, object]:
    if items:
        raise Flaw("strange_pickle")
    return {}


def _tensor(storage: object, offset: object, shape: object, stride: object, *_: object) -> _Tensor:
    if not isinstance(storage, _Storage) or not isinstance(shape, tuple) or not isinstance(stride, tuple):
        raise Flaw("strange_pickle")
    if len(shape) > _MAX_DIMENSIONS or not all(map(_is_count, (offset, *shape, *stride))):
        raise Flaw("impossible_tensor")
    assert isinstance(offset, int)
    return _Tensor(storage, offset, shape, stride)


def _is_count(number: object) -> bool:
    return type(number) is int and 0 <= number <= _MAX_NUMBER  # not isinstance: True is an int


def _parameter(tensor: object, *_: object) -> object:
    return tensor


_MAKERS: dict[tuple[str, str], Callable[..., object]] = {
    ("collections", "OrderedDict"): _mapping,
    ("torch._utils", "_rebuild_tensor_v2"): _tensor,
    ("torch._utils", "_rebuild_parameter"): _parameter,
}


# What torch.save writes. The rest makes what no model has: sets, byte arrays, numbers of a megabyte, other protocols.
_CODES = (
    *(pickle.PROTO, pickle.STOP, pickle.MARK, pickle.POP, pickle.POP_MARK),
    *(pickle.BINPUT, pickle.LONG_BINPUT, pickle.BINGET, pickle.LONG_BINGET, pickle.MEMOIZE, pickle.FRAME),
    *(pickle.NONE, pickle.NEWTRUE, pickle.NEWFALSE, pickle.BINFLOAT),
    *(pickle.BININT, pickle.BININT1, pickle.BININT2, pickle.LONG1),
    *(pickle.BINUNICODE, pickle.SHORT_BINUNICODE, pickle.UNICODE),
    *(pickle.EMPTY_TUPLE, pickle.TUPLE, pickle.TUPLE1, pickle.TUPLE2, pickle.TUPLE3),
    *(pickle.EMPTY_LIST, pickle.APPEND, pickle.APPENDS, pickle.EMPTY_DICT),
    *(pickle.GLOBAL, pickle.STACK_GLOBAL, pickle.REDUCE, pickle.BINPERSID),
)


class _Reader(pickle._Unpickler):
    """The unpickler in Python: unlike the one in C it sets no memory aside because a number in the file says so."""

    def find_class(self, module: str, name: str) -> object:
        if module == "torch" and name in _STORAGES:
            return _STORAGES[name]
        if (module, name) in _MAKERS:
            return _MAKERS[module, name]
        raise Flaw("forbidden_call", name=f"{module}.{name}")

    def persistent_load(self, pid: Any) -> _Storage:
        kind, dtype, key, _, values = pid
        if kind != "storage" or not isinstance(dtype, _DType) or not isinstance(key, str) or not _is_count(values):
            raise Flaw("strange_pickle")
        return _Storage(dtype.name, dtype.item_bytes, key, values)

    def load_build(self) -> None:
        """Drops what is to be set on an object (a dictionary's version notes): nothing of ours is ever changed."""
        self.stack.pop()  # type: ignore[attr-defined]

    def load_setitem(self) -> None:
        self._check_key(self.stack[-2])  # type: ignore[attr-defined]
        super().load_setitem()  # type: ignore[misc]

    def load_setitems(self) -> None:
        for key in self.stack[::2]:  # type: ignore[attr-defined]
            self._check_key(key)
        super().load_setitems()  # type: ignore[misc]

    def _check_key(self, key: object) -> None:
        """Tuples that hold each other twice, forty deep, would take years to hash."""
        if not isinstance(key, str):
            raise Flaw("strange_pickle")

    dispatch = {  # noqa: RUF012 (the base class has it so)
        **{code[0]: pickle._Unpickler.dispatch[code[0]] for code in _CODES},
        pickle.BUILD[0]: load_build,  # type: ignore[dict-item]
        pickle.SETITEM[0]: load_setitem,  # type: ignore[dict-item]
        pickle.SETITEMS[0]: load_setitems,  # type: ignore[dict-item]
    }


# What the unpickler may meet in a damaged file.
_DAMAGE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    RuntimeError,
    TypeError,
    ValueError,
    pickle.UnpicklingError,
    struct.error,
)


def _run(program: bytes) -> dict[str, _Tensor]:
    try:
        result = _Reader(io.BytesIO(program)).load()
    except Flaw:
        raise
    except _DAMAGE as error:
        raise Flaw("damaged_pickle") from error
    if not isinstance(result, dict) or not all(isinstance(value, _Tensor) for value in result.values()):
        raise Flaw("no_tensors")
    return {str(name): tensor for name, tensor in result.items()}


# --- places ------------------------------------------------------------------------------------------------------


def _entry(name: str, tensor: _Tensor, data_offset: int) -> Entry:
    values = math.prod(tensor.shape)
    if tensor.offset + values > tensor.storage.values:
        raise Flaw("impossible_sizes", name=name)
    if not _is_row_after_row(tensor):
        raise Flaw("with_gaps", name=name)
    offset = data_offset + tensor.offset * tensor.storage.item_bytes
    return Entry(name, tensor.storage.dtype, tensor.shape, offset)


def _is_row_after_row(tensor: _Tensor) -> bool:
    if len(tensor.shape) != len(tensor.stride):
        return False
    step = 1
    for size, stride in zip(reversed(tensor.shape), reversed(tensor.stride), strict=True):
        if size != 1 and stride != step:
            return False
        step *= size
    return True


def _data_offset(stream: io.BufferedReader, info: zipfile.ZipInfo | None, tensor: _Tensor, size: int) -> int:
    """Where the tensor's storage begins in the file."""
    wanted = tensor.storage.values * tensor.storage.item_bytes
    if info is None:
        raise Flaw("missing_values", name=f"data/{tensor.storage.key}")
    if info.compress_type != zipfile.ZIP_STORED or info.flag_bits & 1:
        raise Flaw("compressed")
    stream.seek(info.header_offset)
    header = stream.read(_LOCAL_HEADER.size)
    if len(header) < _LOCAL_HEADER.size or header[:4] != b"PK\x03\x04":
        raise Flaw("damaged_file")
    _, name_bytes, extra_bytes = _LOCAL_HEADER.unpack(header)
    start = info.header_offset + _LOCAL_HEADER.size + int(name_bytes) + int(extra_bytes)
    if info.file_size != wanted or start + wanted > size:
        raise Flaw("other_size", name=f"data/{tensor.storage.key}")
    return start
