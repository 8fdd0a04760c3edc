"""What the generator's training needs of other packages, a vocabulary and token files."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from plain_texts import rows, write

if not all(importlib.util.find_spec(name) for name in ("torch", "transformers", "sentencepiece")):
    collect_ignore_glob = ["test_*.py"]  # the training extra is not installed


@pytest.fixture(scope="session")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty documents, half of them in each language."""
    return write(tmp_path_factory.mktemp("texts") / "texts.jsonl", [*rows(30)])


@pytest.fixture(scope="session")
def vocabulary(texts: Path) -> Path:
    """The folder of a vocabulary learnt from `texts`."""
    from training.generator import vocabulary as command

    folder = texts.parent / "vocabulary"
    assert command.main([str(texts), "--out", str(folder), "--pieces", "420", "--characters", "80"]) == 0
    return folder


@pytest.fixture(scope="session")
def tokens(texts: Path, vocabulary: Path) -> Path:
    """The folder of token files of `texts`."""
    from training.generator import tokens as command

    folder = texts.parent / "tokens"
    assert command.main([str(texts), "--vocabulary", str(vocabulary), "--out", str(folder), "--dev-share", "0.2"]) == 0
    return folder
