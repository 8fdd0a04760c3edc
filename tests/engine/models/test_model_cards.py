"""Licence and languages are read from a card; whatever else stands there does no harm."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.models import model_cards


def card(folder: Path, text: str) -> model_cards.Card:
    (folder / "README.md").write_text(text, "utf-8")
    return model_cards.read(folder)


def test_values_and_lists_are_read(tmp_path):
    text = """---
license: mit
language: [en, 'zh']
tags:
- sentence-transformers
-  "mteb"
base_model:
  - BAAI/bge-base-zh
model-index:
- name: bge-base
  results:
  - task:
      type: STS
    metrics:
    - type: cos
      value: 1.5
---
# bge
license: none
"""
    found = card(tmp_path, text)
    assert found["license"] == ("mit",)
    assert found["language"] == ("en", "zh")
    assert found["tags"] == ("sentence-transformers", "mteb")
    assert found["base_model"] == ("BAAI/bge-base-zh",)
    assert model_cards.licence(found) == "MIT"


@pytest.mark.parametrize(
    "text", ["", "# No front matter\nlicense: mit", "---\nlicense: mit", "---\n---\n", "---\n- a\n---\n"]
)
def test_no_card_says_nothing(tmp_path, text):
    assert model_cards.licence(card(tmp_path, text)) == ""


def test_unknown_licence_keeps_its_name(tmp_path):
    assert model_cards.licence(card(tmp_path, "---\nlicense: gemma\n---\n")) == "gemma"


def test_missing_and_unreadable_card(tmp_path):
    assert model_cards.read(tmp_path) == {}
    (tmp_path / "README.md").write_bytes(b"---\nlicense: \xff\n---\n")
    assert model_cards.read(tmp_path)["license"] == ("\ufffd",)
