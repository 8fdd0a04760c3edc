"""`inkstone models import` of a ChatGLM3 folder: a model that is in use at once, or nothing at all."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from chatglm_folders import Tiny, make_folder

ROOT = Path(__file__).resolve().parents[2]
INKSTONE = (sys.executable, "-c", "from engine.cli import main; main()")


def start(home: Path, *words: str | Path) -> subprocess.Popen[str]:
    command = [*INKSTONE, "--home", str(home), "models", *map(str, words)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")


def run(home: Path, *words: str | Path) -> tuple[int, str, str]:
    process = start(home, *words)
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose conversion takes long enough to be interrupted."""
    tiny = Tiny(hidden=512, ffn=3000, layers=4, dtype="float32")
    return make_folder(tmp_path_factory.mktemp("large") / "chatglm3-6b", tiny)


def test_first_generator_is_in_use_at_once(tmp_path):
    home, source = tmp_path / "home", make_folder(tmp_path / "ChatGLM3-6B")
    assert run(home, "import", source) == (0, "Imported chatglm3-6b. It writes the answers from now on.\n", "")
    assert 'generator = "chatglm3-6b"' in (home / "settings.toml").read_text("utf-8")
    code, out, _ = run(home, "import", source, "--compute-type", "float16", "--name", "precise", "--json")
    assert (code, json.loads(out)) == (0, {"imported": "precise"})
    assert 'generator = "chatglm3-6b"' in (home / "settings.toml").read_text("utf-8")


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX's")
@pytest.mark.parametrize("how", ["SIGINT", "SIGKILL"])
def test_interrupted_import_leaves_no_model(tmp_path, large, how):
    home = tmp_path / "home"
    models = home / "models"
    process = start(home, "import", large)
    while process.poll() is None and not [*models.glob(".importing-*/model.bin")]:
        time.sleep(0.001)
    process.send_signal(getattr(signal, how))
    try:
        process.communicate(timeout=60)
    finally:
        process.kill()
    if process.returncode == 0:
        pytest.skip("it had ended before it could be interrupted")
    assert [path.name for path in models.iterdir() if not path.name.startswith(".")] == []
    if how != "SIGKILL":  # which leaves no time to clean up: the next import does
        assert [*models.iterdir()] == []
    assert run(home, "import", large, "--name", "again")[0] == 0
    assert [path.name for path in models.iterdir()] == ["again"]
