"""What an adapter has learnt becomes part of the matrices: as peft merges it, and as CTranslate2 runs it."""

from __future__ import annotations

import json
from pathlib import Path

import ctranslate2
import numpy as np
import pytest
import torch
from chatglm_folders import Tiny, make_folder
from peft import PeftModel
from safetensors.torch import load_file, save_file

from engine.models.converting import convert
from engine.models.manifest import Manifest
from engine.models.prompts import PROMPT_VERSION
from training.chatglm import merge, train
from training.chatglm.base import Base
from training.chatglm.loading import load

IDS = [5, 300, 17, 260, 261, 400, 2, 33]


def trained(folder: Path, chats: Path, method: str) -> Path:
    """An adapter after two large steps."""
    out = folder.parent / f"run-{method}"
    words = f"--base {folder} --chats {chats} --out {out} --method {method} --rank 4 --virtual-tokens 4 --dropout 0"
    assert train.main([*words.split(), *"--steps 2 --batch 1 --rate 0.03 --max-tokens 300".split()]) == 0
    return out / "adapter"


def merged(folder: Path, adapter: Path, *more: str) -> Path:
    out = folder.parent / "merged"
    assert merge.main(["--base", str(folder), "--adapter", str(adapter), "--out", str(out), *more]) == 0
    return out


def logits(folder: Path) -> torch.Tensor:
    with torch.no_grad():
        return load(Base(folder), torch.float32, quiet=True)(torch.tensor([IDS])).logits[0]


@pytest.mark.parametrize("layout", ["glm", "chatglm"])
@pytest.mark.parametrize("method", ["lora", "ia3"])
def test_merged_computes_what_base_and_adapter_do(folder: Path, chats: Path, method: str, layout: str) -> None:
    adapter = trained(folder, chats, method)
    beside = PeftModel.from_pretrained(load(Base(folder), torch.float32, quiet=True), adapter).eval()
    with torch.no_grad():
        wanted = beside(torch.tensor([IDS])).logits[0]
    assert (wanted - logits(folder)).abs().max() > 0.1  # it has learnt something
    found = logits(merged(folder, adapter, "--dtype", "float32", "--layout", layout))
    torch.testing.assert_close(found, wanted, atol=1e-4, rtol=1e-4)


def test_qlora_merges_into_the_exact_base_or_into_what_it_was_trained_above(folder: Path, chats: Path) -> None:
    adapter = trained(folder, chats, "qlora")
    for onto, quantise in (("exact", False), ("quantised", True)):
        beside = PeftModel.from_pretrained(load(Base(folder), torch.float32, quantise=quantise, quiet=True), adapter)
        with torch.no_grad():
            wanted = beside.eval()(torch.tensor([IDS])).logits[0]
        out = folder.parent / f"merged-{onto}"
        words = ["--base", str(folder), "--adapter", str(adapter), "--out", str(out), "--dtype", "float32"]
        assert merge.main([*words, "--onto", onto]) == 0
        torch.testing.assert_close(logits(out), wanted, atol=1e-4, rtol=1e-4)


def test_merged_model_is_converted_and_runs(folder: Path, chats: Path) -> None:
    out = merged(folder, trained(folder, chats, "qlora"))
    convert(out, folder.parent / "converted", "float32")
    assert Manifest.load(folder.parent / "converted").prompt_version == PROMPT_VERSION
    runtime = ctranslate2.Generator(str(folder.parent / "converted"), compute_type="float32")
    found = np.array(runtime.forward_batch([[str(id) for id in IDS]]).to_device(ctranslate2.Device.cpu))[0]
    np.testing.assert_allclose(found, logits(out).numpy(), atol=1e-3, rtol=1e-3)


@pytest.mark.parametrize("method", ["prompt", "prefix", "p-tuning-v2"])
def test_what_cannot_become_part_of_matrices_is_refused(
    folder: Path, chats: Path, capsys: pytest.CaptureFixture[str], method: str
) -> None:
    adapter = trained(folder, chats, method)
    words = ["--base", str(folder), "--adapter", str(adapter), "--out", str(folder.parent / "merged")]
    assert merge.main(words) == 2
    assert "cannot be merged" in capsys.readouterr().err
    assert not (folder.parent / "merged").exists()


# --- what people get wrong ---------------------------------------------------------------------------------------


def refusal(folder: Path, adapter: Path, capsys: pytest.CaptureFixture[str]) -> str:
    words = ["--base", str(folder), "--adapter", str(adapter), "--out", str(folder.parent / "refused")]
    assert merge.main(words) in (2, 3)
    assert not (folder.parent / "refused").exists()
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    return said


def test_adapter_of_another_shape_is_refused(
    folder: Path, chats: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    adapter = trained(folder, chats, "lora")
    capsys.readouterr()
    wider = make_folder(tmp_path / "wider", Tiny(hidden=96))
    assert "belongs to another model: its model.layers.0" in refusal(wider, adapter, capsys)
    shorter = make_folder(tmp_path / "shorter", Tiny(layers=1, hidden=64, ffn=128))
    assert "this one has no model.layers.1" in refusal(shorter, adapter, capsys)


def test_folder_without_an_adapter_is_refused(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "there is no adapter_config.json in it" in refusal(folder, tmp_path, capsys)


def test_variants_that_compute_something_else_are_refused(
    folder: Path, chats: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    adapter = trained(folder, chats, "lora")
    config = json.loads((adapter / "adapter_config.json").read_text())
    (adapter / "adapter_config.json").write_text(json.dumps(config | {"use_dora": True}))
    capsys.readouterr()
    assert "use_dora True" in refusal(folder, adapter, capsys)


def test_damaged_adapter_is_refused(folder: Path, chats: Path, capsys: pytest.CaptureFixture[str]) -> None:
    adapter = trained(folder, chats, "lora")
    capsys.readouterr()
    whole = load_file(adapter / "adapter_model.safetensors")
    save_file(
        {name: value for name, value in whole.items() if "lora_B" not in name}, adapter / "adapter_model.safetensors"
    )
    assert "belongs to another model" in refusal(folder, adapter, capsys)
    (adapter / "adapter_model.safetensors").write_bytes(b"no tensors")
    assert "is damaged" in refusal(folder, adapter, capsys)


def test_base_alone_is_written_without_an_adapter(folder: Path) -> None:
    assert merge.main(["--base", str(folder), "--out", str(folder.parent / "copy"), "--layout", "glm"]) == 0
    torch.testing.assert_close(logits(folder.parent / "copy"), logits(folder), atol=0, rtol=0)
