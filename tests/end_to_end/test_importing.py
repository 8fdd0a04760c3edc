"""`inkstone models import` of a ChatGLM3 folder: a model that is in use at once, or nothing at all."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from chatglm_folders import make_folder

ROOT = Path(__file__).resolve().parents[2]
INKSTONE = "from engine.cli import main; main()"


# The same, but it stands still once half of the weights are written: an import that ends first cannot be interrupted.
# Ctrl+C is heard also where the tests themselves run in the background, which do not hear it.
HALFWAY = """
import signal
import time
signal.signal(signal.SIGINT, signal.default_int_handler)
from engine.models.lazy_weights import Writer
wrote = Writer.wrote
def wrote_and_waits(self, size_bytes):
    wrote(self, size_bytes)
    if self._done_bytes * 2 > self.total_bytes:
        print("halfway", flush=True)
        time.sleep(600)
Writer.wrote = wrote_and_waits
from engine.cli import main; main()
"""


def start(home: Path, *words: str | Path, program: str = INKSTONE) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", program, "--home", str(home), "models", *map(str, words)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")


def run(home: Path, *words: str | Path) -> tuple[int, str, str]:
    process = start(home, *words)
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def test_first_generator_is_in_use_at_once(tmp_path):
    home, source = tmp_path / "home", make_folder(tmp_path / "ChatGLM3-6B")
    assert run(home, "import", source) == (0, "Imported chatglm3-6b. It writes the answers from now on.\n", "")
    assert 'generator = "chatglm3-6b"' in (home / "settings.toml").read_text("utf-8")
    code, out, _ = run(home, "import", source, "--compute-type", "float16", "--name", "precise", "--json")
    assert (code, json.loads(out)) == (0, {"imported": "precise"})
    assert 'generator = "chatglm3-6b"' in (home / "settings.toml").read_text("utf-8")


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX's")
@pytest.mark.parametrize("how", ["SIGINT", "SIGKILL"])
def test_interrupted_import_leaves_no_model(tmp_path, how):
    home, source = tmp_path / "home", make_folder(tmp_path / "chatglm3-6b")
    models = home / "models"
    with start(home, "import", source, program=HALFWAY) as process:
        try:
            assert process.stdout.readline() == "halfway\n"
            assert [*models.glob(".importing-*/*/model.bin")]
            process.send_signal(getattr(signal, how))
            _, said = process.communicate(timeout=60)
        finally:
            process.kill()
    assert [path.name for path in models.iterdir() if not path.name.startswith(".")] == []
    if how == "SIGKILL":  # which leaves no time to clean up: the next import does
        assert process.returncode == -signal.SIGKILL
    else:
        assert (process.returncode, said.strip()) == (130, "Stopped. Nothing was imported, and nothing is left of it.")
        assert [*models.iterdir()] == []
    assert run(home, "import", source, "--name", "again")[0] == 0
    assert [path.name for path in models.iterdir()] == ["again"]
