"""`inkstone models import` of a BGE folder, `use` and `index`: the library is searched with it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from bge_folders import make_folder

ROOT = Path(__file__).resolve().parents[2]
INKSTONE = (sys.executable, "-c", "from engine.cli import main; main()")


def run(home: Path, *words: str | Path) -> tuple[int, str, str]:
    command = [*INKSTONE, "--home", str(home), *map(str, words)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=120)
    return done.returncode, done.stdout, done.stderr


def test_embedder_is_imported_chosen_and_used(tmp_path):
    home, source = tmp_path / "home", make_folder(tmp_path / "bge-tiny-zh")
    (tmp_path / "note.txt").write_text("水在 100 时沸腾。", "utf-8")
    assert run(home, "add", tmp_path / "note.txt")[0] == 0
    code, out, _ = run(home, "models", "import", source, "--compute-type", "int8")
    assert code == 0
    assert out == (
        "Imported bge-tiny-zh. `inkstone models use bge-tiny-zh` makes it the one in use.\n"
        "Before every question it gets: 为这个句子生成表示以用于检索相关文章：\n"
    )
    assert run(home, "models", "use", "bge-tiny-zh")[0] == 0
    assert run(home, "index")[0] == 0
    code, out, _ = run(home, "search", "沸腾", "--json")
    assert (code, json.loads(out)["hits"][0]["text"]) == (0, "水在 100 时沸腾。")


def test_refused_embedder_is_one_sentence_and_leaves_nothing(tmp_path):
    home, source = tmp_path / "home", make_folder(tmp_path / "bge-torch", None)
    code, out, err = run(home, "models", "import", source)
    assert (code, out, err.count("\n")) == (3, "", 1)
    assert "training.export_embedder" in err
    assert not (home / "models").exists()
