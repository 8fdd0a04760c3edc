"""Weights are found in every form that a checkpoint has, and what is damaged is named."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import numpy as np
import pytest
from chatglm_folders import Tiny, as_bytes, random_weights, write_safetensors, write_weights
from refusing import reason

from engine.errors import BrokenInstallation, Code
from engine.models import checkpoints
from engine.models.quantising import to_float32


def refusal(folder: Path) -> str:
    with pytest.raises(BrokenInstallation) as caught:
        read_all(folder)
    assert (caught.value.code, caught.value.facts["path"]) == (Code.BAD_MODEL, str(folder))
    return reason(caught.value)


def read_all(folder: Path) -> dict[str, np.ndarray]:
    found = checkpoints.tensors(folder)
    return {name: to_float32(tensor.rows(0, tensor.entry.shape[0])) for name, tensor in found.items()}


@pytest.mark.parametrize("shards", [1, 3])
@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32"])
@pytest.mark.parametrize("files", ["safetensors", "bin"])
def test_weights_come_back_bit_for_bit(tmp_path, files, dtype, shards):
    if files == "bin":
        pytest.importorskip("torch")
    weights = random_weights(Tiny(dtype=dtype))
    write_weights(tmp_path, weights, files, shards, dtype)
    found = read_all(tmp_path)
    assert found.keys() == weights.keys()
    for name, values in weights.items():
        np.testing.assert_array_equal(found[name], values)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32"])
def test_rows_are_read_alone(tmp_path, dtype):
    values = np.arange(24, dtype=np.float32).reshape(6, 4)
    write_safetensors(tmp_path / "model.safetensors", {"first": np.zeros(3), "table": values}, dtype)
    rows = checkpoints.tensors(tmp_path)["table"].rows(2, 5)
    np.testing.assert_array_equal(to_float32(rows), values[2:5])
    assert rows.tobytes() == as_bytes(values[2:5], dtype)


def test_safetensors_of_the_library_itself_are_read(tmp_path):
    from safetensors.numpy import save_file

    weights = random_weights(Tiny())
    save_file(weights, tmp_path / "model.safetensors")
    assert all((values == weights[name]).all() for name, values in read_all(tmp_path).items())


def test_shards_without_an_index_are_read(tmp_path):
    weights = random_weights(Tiny())
    write_weights(tmp_path, weights, "safetensors", 3, "float16")
    (tmp_path / "model.safetensors.index.json").unlink()
    assert read_all(tmp_path).keys() == weights.keys()
    (tmp_path / "model-00002-of-00003.safetensors").unlink()
    assert refusal(tmp_path) == "model-00002-of-00003.safetensors is missing"


def test_complete_files_come_before_a_lone_index(tmp_path):
    pytest.importorskip("torch")
    weights = random_weights(Tiny())
    write_weights(tmp_path, weights, "safetensors", 2, "float16")
    for path in tmp_path.glob("*.safetensors"):
        path.unlink()
    write_weights(tmp_path, weights, "bin", 2, "float16")
    assert read_all(tmp_path).keys() == weights.keys()


def test_links_as_in_the_hubs_cache_are_followed(tmp_path):
    write_safetensors(tmp_path / "blob", {"a": np.ones(3)})
    (tmp_path / "snapshot").mkdir()
    (tmp_path / "snapshot" / "model.safetensors").symlink_to(tmp_path / "blob")
    assert read_all(tmp_path / "snapshot").keys() == {"a"}


def test_missing_shard_is_named(tmp_path):
    write_weights(tmp_path, random_weights(Tiny()), "safetensors", 3, "float16")
    (tmp_path / "model-00003-of-00003.safetensors").unlink()
    assert refusal(tmp_path) == "model-00003-of-00003.safetensors is missing"


def test_folder_without_weights_is_refused(tmp_path):
    assert refusal(tmp_path).startswith("there are no weights in it")
    (tmp_path / "adapter_config.json").write_text("{}", "utf-8")
    assert refusal(tmp_path).startswith("it holds only a LoRA adapter")


def test_tensor_in_two_files_is_refused(tmp_path):
    for number in (1, 2):
        write_safetensors(tmp_path / f"model-0000{number}-of-00002.safetensors", {"a": np.ones(3)})
    assert refusal(tmp_path).startswith("a is in two files, model-00001-of-00002.safetensors and")


@pytest.mark.parametrize("name", ["../model.safetensors", "/etc/passwd", "a/b", "..", "", "c:x", "a\\b", "a\0"])
def test_index_leads_nowhere_else(tmp_path, name):
    index = {"weight_map": {"a": name}}
    (tmp_path / "model.safetensors.index.json").write_text(json.dumps(index), "utf-8")
    assert refusal(tmp_path).endswith("which is not inside the folder")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"weight_map": 3}', '{"weight_map": {}}', "[" * 100_000])
def test_index_that_is_none_is_refused(tmp_path, text):
    (tmp_path / "model.safetensors.index.json").write_text(text, "utf-8")
    assert refusal(tmp_path).startswith("model.safetensors.index.json ")


def header(**values: object) -> bytes:
    text = json.dumps(values).encode()
    return struct.pack("<Q", len(text)) + text


ENTRY = {"dtype": "F16", "shape": [2, 2], "data_offsets": [0, 8]}


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is cut short or no safetensors file"),
        (b"\x08\0\0", "is cut short or no safetensors file"),
        (struct.pack("<Q", 1 << 62) + b"{}", "is cut short or no safetensors file"),
        (header(a=ENTRY)[:-5], "is cut short or no safetensors file"),
        (struct.pack("<Q", 2) + b"[]", "has a damaged header"),
        (struct.pack("<Q", 2) + b"\xff\xff", "has a damaged header"),
        (header(a=3), "has a damaged header"),
        (header(a={"dtype": "F16", "shape": [2, 2]}), "has a damaged header"),
        (header(a=ENTRY) + b"1234567", "is cut short"),
        (header(a=ENTRY | {"shape": [2, -2]}) + bytes(8), "has impossible sizes for a"),
        (header(a=ENTRY | {"shape": [2, 3]}) + bytes(8), "has impossible sizes for a"),
        (header(a=ENTRY | {"shape": [True, 4]}) + bytes(8), "has impossible sizes for a"),
        (header(a=ENTRY | {"data_offsets": [8, 0]}) + bytes(8), "has impossible sizes for a"),
    ],
)
def test_damaged_safetensors_are_named(tmp_path, data, why):
    (tmp_path / "model.safetensors").write_bytes(data)
    assert refusal(tmp_path) == f"model.safetensors {why}"


def test_file_that_shrinks_meanwhile_is_named(tmp_path):
    path = tmp_path / "model.safetensors"
    write_safetensors(path, {"a": np.ones((4, 4))})
    tensor = checkpoints.tensors(tmp_path)["a"]
    path.write_bytes(path.read_bytes()[:-2])
    with pytest.raises(BrokenInstallation) as caught:
        tensor.rows(0, 4)
    assert reason(caught.value) == "model.safetensors is cut short"
