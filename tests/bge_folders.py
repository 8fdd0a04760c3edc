"""BGE folders as the hub has them, with networks small enough to be made in no time.

The network is no transformer: a table of vectors and one of positions, added and multiplied with a matrix. It takes
and gives what an exported BERT does.
"""

from __future__ import annotations

import json
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # inside onnx, at its import
    import onnx
    from onnx import TensorProto, helper, numpy_helper

WORDS = (
    *"[PAD] [UNK] [CLS] [SEP] [MASK]".split(),
    *"abcdefghijklmnopqrstuvwxyz0123456789.,?",
    *(f"##{letter}" for letter in "abcdefghijklmnopqrstuvwxyz0123456789"),
    *"水在时沸腾字的文检索",
    *"water boils word find the".split(),
)


@dataclass(frozen=True)
class Network:
    """What the ONNX file is to be."""

    rows: int = len(WORDS)  # of the table of vectors
    positions: int = 64
    width: int = 8
    output: str = "last_hidden_state"
    pooled: bool = False  # the states' mean comes out instead of the states
    ids: int = TensorProto.INT64
    dtype: str = "float32"
    beside: str = ""  # the file that holds the weights
    domain: str = ""  # of an operation that nobody knows
    value: float | None = None  # of every number in the matrix


def make_folder(folder: Path, network: Network | None = Network(), where: str = "onnx/model.onnx") -> Path:
    """A sound BGE: CLS pooling, unit length, 64 tokens, `vocab.txt`. `network` None: torch weights alone."""
    folder.mkdir(parents=True)
    (folder / "vocab.txt").write_text("\n".join(WORDS) + "\n", "utf-8")
    write(folder / "tokenizer_config.json", {"do_lower_case": True, "tokenizer_class": "BertTokenizer"})
    write(folder / "special_tokens_map.json", {"cls_token": "[CLS]", "unk_token": {"content": "[UNK]"}})
    write(folder / "config.json", {"model_type": "bert", "max_position_embeddings": 64, "vocab_size": len(WORDS)})
    write(folder / "sentence_bert_config.json", {"max_seq_length": 64, "do_lower_case": True})
    kinds = {"": "Transformer", "1_Pooling": "Pooling", "2_Normalize": "Normalize"}
    modules = [
        {"idx": place, "name": str(place), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for place, (path, kind) in enumerate(kinds.items())
    ]
    write(folder / "modules.json", modules)
    write(folder / "1_Pooling" / "config.json", {"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False})
    if network is None:
        (folder / "model.safetensors").write_bytes(b"\0" * 100)
    else:
        write_network(folder / where, network)
    return folder


def write(path: Path, value: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False), "utf-8")


def write_network(path: Path, network: Network) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(0)
    shapes = {"table": (network.rows, network.width), "places": (network.positions, network.width)}
    weights = {name: random.normal(size=shape) for name, shape in shapes.items()}
    weights["matrix"] = random.normal(size=(network.width, network.width))
    if network.value is not None:
        weights["matrix"][:] = network.value
    numbers = {"zero": [0], "one": [1], "two": [2]}
    nodes = [
        helper.make_node("Cast", ["input_ids"], ["ids"], to=TensorProto.INT64),
        helper.make_node("Gather", ["table", "ids"], ["words"]),
        helper.make_node("Shape", ["ids"], ["shape"]),
        helper.make_node("Slice", ["shape", "one", "two"], ["count"]),
        helper.make_node("Slice", ["places", "zero", "count", "zero"], ["some"]),
        helper.make_node("Add", ["words", "some"], ["sum"]),
        helper.make_node("MatMul", ["sum", "matrix"], ["states"], name="multiply"),
        helper.make_node("Identity", ["attention_mask"], ["mask"]),
        helper.make_node("Identity", ["token_type_ids"], ["types"]),
    ]
    if network.pooled:
        nodes.append(helper.make_node("ReduceMean", ["states"], [network.output], axes=[1], keepdims=0))
    else:
        nodes.append(helper.make_node("Identity", ["states"], [network.output], domain=network.domain))
    kind = helper.np_dtype_to_tensor_dtype(np.dtype(network.dtype))
    inputs = [
        helper.make_tensor_value_info(name, network.ids, ["batch", "tokens"])
        for name in ("input_ids", "attention_mask", "token_type_ids")
    ]
    shape = ["batch", network.width] if network.pooled else ["batch", "tokens", network.width]
    outputs = [helper.make_tensor_value_info(network.output, kind, shape)]
    held = [numpy_helper.from_array(value.astype(network.dtype), name) for name, value in weights.items()]
    held += [numpy_helper.from_array(np.array(value, np.int64), name) for name, value in numbers.items()]
    graph = helper.make_graph(nodes, "tiny", inputs, outputs, held)
    domains = [helper.make_opsetid("", 17), *([helper.make_opsetid(network.domain, 1)] if network.domain else [])]
    model = helper.make_model(graph, opset_imports=domains, ir_version=8)
    if network.beside:
        onnx.save(model, path, save_as_external_data=True, location=network.beside, size_threshold=200)
    else:
        onnx.save(model, path)


def point_elsewhere(path: Path, location: str) -> None:
    """Lets every tensor that is kept in another file be looked for at `location`."""
    model = onnx.load(path, load_external_data=False)
    for tensor in model.graph.initializer:
        for entry in tensor.external_data:
            if entry.key == "location":
                entry.value = location
    path.write_bytes(model.SerializeToString())
