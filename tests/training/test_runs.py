"""Every step from raw questions to the imported model, as the runs' scripts take them, with tiny shapes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="the extra `training` is not installed")

ROOT = Path(__file__).resolve().parents[2]
BASH = shutil.which("bash")

pytestmark = pytest.mark.skipif(BASH is None, reason="the runs are shell scripts, and there is no bash")


def smoke(script: str, out: Path) -> str:
    """What it printed. Fails with that when it failed."""
    assert BASH
    environment = os.environ | {"OUT": str(out), "PYTHON": sys.executable}
    done = subprocess.run(
        [BASH, str(ROOT / "training" / "runs" / script), "--smoke"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=1200,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def inkstone(home: Path, *words: str) -> str:
    command = [sys.executable, "-c", "from engine.cli import main; main()", "--home", str(home), *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True).stdout


def test_bge_comes_out_of_raw_questions(tmp_path: Path) -> None:
    out = tmp_path / "bge run"
    smoke("bge.sh", out)
    steps = [json.loads(line)["step"] for line in (out / "run" / "log.jsonl").read_text("utf-8").splitlines()]
    assert max(steps) == 8
    assert "recall@10" in (out / "run" / "table.md").read_text("utf-8")
    assert (out / "run" / "curves.png").stat().st_size > 5000
    models = json.loads(inkstone(out / "home", "models", "list", "--json"))["models"]
    assert [model["name"] for model in models if model["in_use"]] == ["bge-inkstone"]
    card = json.loads((out / "home" / "models" / "bge-inkstone" / "model.json").read_text("utf-8"))
    assert (card["pooling"], card["dimension"]) == ("cls", 64)
    assert any(name.endswith("recall@10") for name in card["scores"])


def test_chatglm3_comes_out_of_raw_questions(tmp_path: Path) -> None:
    out = tmp_path / "chatglm3 run"
    smoke("chatglm3.sh", out)
    assert "f1" in (out / "run" / "table.md").read_text("utf-8").lower()
    assert (out / "run" / "curves.png").stat().st_size > 5000
    facts = json.loads((out / "run" / "adapter" / "training.json").read_text("utf-8"))
    assert (facts["method"], facts["steps"]) == ("qlora", 6)
    models = json.loads(inkstone(out / "home", "models", "list", "--json"))["models"]
    assert {"chatglm3-inkstone", "inkstone-embed-small"} <= {model["name"] for model in models if model["in_use"]}
    assert (out / "run" / "said.jsonl").read_text("utf-8").count("\n") == 4


def test_small_embedder_comes_out_of_raw_text(tmp_path: Path) -> None:
    pytest.importorskip("opencc", reason="OpenCC comes with the training extra")
    out = tmp_path / "embedder run"
    smoke("embed_small.sh", out)
    models = json.loads(inkstone(out / "home", "models", "list", "--json"))["models"]
    assert [model["name"] for model in models if model["in_use"]] == ["embed-small-anew"]
    folder = out / "home" / "models" / "embed-small-anew"
    card = json.loads((folder / "model.json").read_text("utf-8"))
    assert (card["query_prefix"], card["languages"]) == ("", ["zh", "en"])
    assert "CC-CEDICT" in (folder / "NOTICE").read_text("utf-8")


def test_a_reader_comes_out_of_raw_questions(tmp_path: Path) -> None:
    out = tmp_path / "reader run"
    smoke("reader_small.sh", out)
    assert json.loads((out / "run" / "log.jsonl").read_text("utf-8").splitlines()[-1])["step"] == 8
    assert "refusal" in (out / "run" / "table.md").read_text("utf-8")
    models = json.loads(inkstone(out / "home", "models", "list", "--json"))["models"]
    assert {"inkstone-reader-small"} == {
        model["name"] for model in models if model["kind"] == "reader" and model["in_use"]
    }
    card = json.loads((out / "home" / "models" / "inkstone-reader-small" / "model.json").read_text("utf-8"))
    assert {*card["reading"]} == {"scale", "shift", "bound", "weight"}
    assert any(name.endswith("f1") for name in card["scores"])
    assert "## Limits" in (out / "home" / "models" / "inkstone-reader-small" / "README.md").read_text("utf-8")


def test_a_generator_comes_out_of_raw_text(tmp_path: Path) -> None:
    out = tmp_path / "generator run"
    smoke("chat_small.sh", out)
    assert json.loads((out / "base" / "log.jsonl").read_text("utf-8").splitlines()[-1])["step"] == 6
    facts = json.loads((out / "run" / "model" / "training.json").read_text("utf-8"))
    assert (facts["method"], facts["steps"]) == ("full", 4)
    assert (out / "run" / "said.jsonl").read_text("utf-8").count("\n") == 2
    models = json.loads(inkstone(out / "home", "models", "list", "--json"))["models"]
    assert "inkstone-chat-small" in {model["name"] for model in models if model["in_use"]}
    card = json.loads((out / "home" / "models" / "inkstone-chat-small" / "model.json").read_text("utf-8"))
    assert (card["kind"], card["prompt_version"]) == ("generator", "1")
    assert card["chat"]["special_ids"]["[MASK]"] == 600
