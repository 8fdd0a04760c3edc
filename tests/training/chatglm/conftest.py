"""What ChatGLM3's training needs of other packages, imported where their own warnings do no harm."""

from __future__ import annotations

import importlib.util
import warnings
from pathlib import Path

import chat_samples
import pytest
from chatglm_folders import Tiny, make_folder

if all(importlib.util.find_spec(name) for name in ("torch", "transformers", "peft", "bitsandbytes")):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import bitsandbytes  # noqa: F401
        import peft  # noqa: F401

        from training.chatglm.base import Base
        from training.chatglm.samples import Encoded, Samples, SampleWriter
else:  # the training extra is not installed
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small ChatGLM3 in the hub's layout, of widths that four-bit blocks divide."""
    return make_folder(tmp_path / "base", Tiny(hidden=64, ffn=128))


@pytest.fixture
def chats(tmp_path: Path) -> Path:
    """Twelve samples, two of which no passage answers."""
    samples = [chat_samples.chat(number, declined=number % 6 == 5) for number in range(12)]
    return chat_samples.write(tmp_path / "chats.jsonl", samples)


@pytest.fixture
def encoded(folder: Path, chats: Path) -> list[Encoded]:
    """The samples of `chats` for `folder`'s tokenizer."""
    with Samples([chats], SampleWriter(Base(folder)), 2000, quiet=True) as samples:
        return [samples[number] for number in range(len(samples))]
