"""A ChatGLM3 folder written anew: exact in its own layout and through the other one, or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from chatglm_folders import DType, Layout, Tiny, make_folder
from safetensors.torch import load_file
from transformers import GlmForCausalLM

from engine.models import chatglm
from training.chatglm import merge, writing
from training.chatglm.base import Base
from training.chatglm.loading import load

TINY = Tiny(groups=1, channels=12, rope_ratio=50.0, ffn=80)


def weights(folder: Path) -> dict[str, torch.Tensor]:
    return {name: value for path in folder.glob("*.safetensors") for name, value in load_file(path).items()}


@pytest.mark.parametrize("layout", ["chatglm", "glm"])
@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_there_and_back_is_exact(tmp_path: Path, layout: Layout, dtype: DType) -> None:
    tiny = Tiny(groups=1, channels=12, rope_ratio=50.0, ffn=80, dtype=dtype)
    start = make_folder(tmp_path / "start", tiny, layout=layout, shards=2)
    other = "glm" if layout == "chatglm" else "chatglm"
    for source, target in ((start, other), (tmp_path / other, layout)):
        words = ["--base", str(source), "--out", str(tmp_path / target), "--layout", target]
        assert merge.main(words) == 0
    before, after = weights(start), weights(tmp_path / layout)
    assert before.keys() == after.keys()
    for name, value in before.items():
        assert after[name].dtype == value.dtype
        assert torch.equal(after[name].view(torch.int16), value.view(torch.int16)), name
    found, middle = chatglm.read(tmp_path / layout), chatglm.read(tmp_path / other)
    assert found == chatglm.read(start)
    assert (middle.rope_base, middle.norm_epsilon, middle.groups) == (500000.0, 1e-5, 1)


def test_transformers_opens_its_own_layout(tmp_path: Path) -> None:
    start = make_folder(tmp_path / "start", TINY)
    assert merge.main(["--base", str(start), "--out", str(tmp_path / "glm"), "--layout", "glm"]) == 0
    model = GlmForCausalLM.from_pretrained(tmp_path / "glm", dtype=torch.float32)
    ours = load(Base(start), torch.float32, quiet=True)
    ids = torch.tensor([[5, 300, 17, 260]])
    with torch.no_grad():
        torch.testing.assert_close(model(ids).logits, ours(ids).logits, atol=1e-6, rtol=1e-6)


def test_large_models_are_written_in_shards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "SHARD_BYTES", 50_000)
    start = make_folder(tmp_path / "start", TINY)
    assert merge.main(["--base", str(start), "--out", str(tmp_path / "out")]) == 0
    index = json.loads((tmp_path / "out" / "model.safetensors.index.json").read_text())
    assert len({*index["weight_map"].values()}) > 2
    assert {*index["weight_map"]} == weights(start).keys()
    base, again = Base(start), Base(tmp_path / "out")
    assert all(torch.equal(again.tensor(name, torch.float32), base.tensor(name, torch.float32)) for name in base.names)


def test_code_and_its_names_stay_behind(tmp_path: Path) -> None:
    start = make_folder(tmp_path / "start", TINY)
    (start / "modeling_chatglm.py").write_text("raise SystemExit")
    assert merge.main(["--base", str(start), "--out", str(tmp_path / "out")]) == 0
    assert not [*(tmp_path / "out").glob("*.py")]
    assert "auto_map" not in json.loads((tmp_path / "out" / "config.json").read_text())
    assert (tmp_path / "out" / "tokenizer.model").read_bytes() == (start / "tokenizer.model").read_bytes()


def test_folder_that_exists_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    start = make_folder(tmp_path / "start", TINY)
    (tmp_path / "out").mkdir()
    assert merge.main(["--base", str(start), "--out", str(tmp_path / "out")]) == 2
    assert "exists already" in capsys.readouterr().err
    assert not [*(tmp_path / "out").iterdir()]


def test_no_room_is_said_before_anything_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    start = make_folder(tmp_path / "start", TINY)
    usage = type("Usage", (), {"free": 1000})
    monkeypatch.setattr(writing.shutil, "disk_usage", lambda _: usage)
    assert merge.main(["--base", str(start), "--out", str(tmp_path / "out")]) == 3
    assert "only 0.0 GB of the disk are free" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_disk_that_fills_up_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    start = make_folder(tmp_path / "start", TINY)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing, "_write_shard", full)
    assert merge.main(["--base", str(start), "--out", str(tmp_path / "out")]) == 3
    assert capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["start"]
