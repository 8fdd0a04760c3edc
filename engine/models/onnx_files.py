"""An ONNX file, looked at without running it, and one whose weights become 8-bit integers.

The door of `onnx`, and the second one of onnxruntime: its quantiser is no part of the runtime.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import onnx
from onnxruntime.quantization import QuantType, quantize_dynamic

from engine.models.flaws import Flaw

_PRECISIONS = {
    onnx.TensorProto.FLOAT: "float32",
    onnx.TensorProto.FLOAT16: "float16",
    onnx.TensorProto.BFLOAT16: "bfloat16",
    onnx.TensorProto.INT8: "int8",
    onnx.TensorProto.UINT8: "int8",
}


@dataclass(frozen=True, slots=True)
class OnnxFile:
    """What the file says of its weights."""

    beside: tuple[str, ...]  # files that hold weights of it, relative to its folder, largest first
    precision: str  # of most weights
    size_bytes: int  # with the files beside it


def examine(path: Path) -> OnnxFile:
    """Reads the graph; weights that are kept in other files are not looked at.

    Raises Flaw: damaged, a file beside it is missing or would lie outside of its folder.
    """
    try:
        model = onnx.load(path, load_external_data=False)
    except OSError as error:
        raise Flaw("unreadable_file", words=error) from error
    except Exception as error:  # protobuf's, whose door is not ours
        raise Flaw("damaged_file") from error
    if not model.graph.node:
        raise Flaw("damaged_file")
    sizes: Counter[str] = Counter()  # numbers stored in each precision
    beside: dict[str, int] = {}  # bytes of each file
    for tensor in _tensors(model):
        if tensor.data_type in _PRECISIONS:
            sizes[_PRECISIONS[tensor.data_type]] += _count(tensor.dims)
        for name in (entry.value for entry in tensor.external_data if entry.key == "location"):
            beside[name] = _size_inside(path.parent, name)
    precision = sizes.most_common(1)[0][0] if sizes else "float32"
    largest_first = tuple(sorted(beside, key=lambda name: (-beside[name], name)))
    return OnnxFile(largest_first, precision, path.stat().st_size + sum(beside.values()))


def quantise(source: Path, target: Path) -> None:
    """Dynamic int8: weights of matrices per channel, activations as they come. `source`'s folder is written to.

    Seven bits of a weight's eight: processors without VNNI add pairs of 8-bit products in 16 bits, which overflow.
    There the worst cosine of MiniLM on 300 passages is 0.987 instead of 0.984, and with VNNI little should be lost,
    which was not measured.

    Raises Flaw when the quantiser cannot.
    """
    try:
        quantize_dynamic(source, target, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
    except OSError:
        raise  # a full disk
    except Exception as error:  # the quantiser's, and onnx's, share no narrower base
        raise Flaw("not_quantised", words=error) from error


def _size_inside(folder: Path, name: str) -> int:
    parts = PurePosixPath(name).parts
    # a backslash or a colon is a separator or a drive on Windows
    if not parts or name.startswith("/") or ".." in parts or set(name) & set("\\:\0"):
        raise Flaw("names_outside", name=repr(name))
    if not (folder / name).is_file():
        raise Flaw("missing_file", file=name)
    return (folder / name).stat().st_size


def _tensors(model: Any) -> Iterator[Any]:
    yield from _of_graph(model.graph)
    for function in model.functions:
        yield from _of_nodes(function.node)


def _of_graph(graph: Any) -> Iterator[Any]:
    yield from graph.initializer
    for sparse in graph.sparse_initializer:
        yield from (sparse.values, sparse.indices)
    yield from _of_nodes(graph.node)


def _of_nodes(nodes: Iterable[Any]) -> Iterator[Any]:
    for attribute in (attribute for node in nodes for attribute in node.attribute):
        yield from (attribute.t, *attribute.tensors)
        for sparse in (attribute.sparse_tensor, *attribute.sparse_tensors):
            yield from (sparse.values, sparse.indices)
        for graph in (attribute.g, *attribute.graphs):
            yield from _of_graph(graph)


def _count(dims: Iterable[int]) -> int:
    count = 1
    for size in dims:
        count *= max(0, size)
    return count
