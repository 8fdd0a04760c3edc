"""The weights of a folder by GLM's names, whichever its layout is, some rows at a time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

import pytest
import torch
from chatglm_folders import DType, Layout, Tiny, as_glm, make_folder, random_weights

from training.chatglm import base as base_module
from training.chatglm.base import Base
from training.errors import TrainingError


@pytest.mark.parametrize("layout", ["chatglm", "glm"])
@pytest.mark.parametrize(("files", "shards"), [("safetensors", 1), ("safetensors", 3), ("bin", 2)])
@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_every_tensor_is_that_of_the_folder(
    tmp_path: Path, layout: Layout, files: Literal["safetensors", "bin"], shards: int, dtype: DType
) -> None:
    tiny = Tiny(dtype=dtype)
    base = Base(make_folder(tmp_path / "model", tiny, layout=layout, files=files, shards=shards))
    wanted = as_glm(random_weights(tiny), tiny)
    assert {*base.names} == wanted.keys()
    for name, value in wanted.items():
        assert base.dtype(name) == getattr(torch, dtype)
        assert base.size(name) == value.shape
        assert torch.equal(base.tensor(name, torch.float32), torch.from_numpy(value)), name


def test_blocks_follow_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base_module, "_BLOCK_VALUES", 100)
    base = Base(make_folder(tmp_path / "model"))
    name = "model.layers.1.mlp.gate_up_proj.weight"  # its two halves are apart in the places of weights
    blocks = [*base.blocks(name)]
    assert [start for start, _ in blocks] == [0, 64, 128]
    assert torch.equal(torch.cat([rows for _, rows in blocks]).float(), base.tensor(name, torch.float32))


def test_rows_lie_across_two_tensors(tmp_path: Path) -> None:
    base = Base(make_folder(tmp_path / "model"))
    name = "model.layers.0.mlp.gate_up_proj.weight"
    assert torch.equal(base.rows(name, 90, 100).float(), base.tensor(name, torch.float32)[90:100])


def test_another_model_is_refused(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "model")
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"architectures": ["LlamaForCausalLM"]}))
    with pytest.raises(TrainingError, match="LlamaForCausalLM"):
        Base(folder)


def test_folder_without_weights_is_refused(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "model")
    (folder / "model.safetensors").unlink()
    with pytest.raises(TrainingError, match="no weights"):
        Base(folder)


def test_file_that_shrank_is_refused(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "model")
    base = Base(folder)
    with (folder / "model.safetensors").open("rb+") as file:
        file.truncate(20_000)
    with pytest.raises(TrainingError, match="cut short"):
        [base.tensor(name, torch.float32) for name in base.names]
