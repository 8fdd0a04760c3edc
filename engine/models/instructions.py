"""What a BGE model wants before a question, by language: what it was trained with is what it is asked with.

The two texts are those of the models' cards (BAAI/bge-*-zh and bge-*-en, both versions 1 and 1.5). Passages get none.
"""

from __future__ import annotations

from typing import Literal

BGE_QUERY_PREFIX: dict[Literal["zh", "en"], str] = {
    "zh": "为这个句子生成表示以用于检索相关文章：",
    "en": "Represent this sentence for searching relevant passages: ",
}
