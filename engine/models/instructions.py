"""What a BGE model wants before a question, by language: what it was trained with is what it is asked with.

The two texts are those of the models' cards (BAAI/bge-*-zh and bge-*-en, both versions 1 and 1.5). Passages get none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

BGE_QUERY_PREFIX: dict[Literal["zh", "en"], str] = {
    "zh": "为这个句子生成表示以用于检索相关文章：",
    "en": "Represent this sentence for searching relevant passages: ",
}

_BGE = re.compile(r"(^|[-_./])bge([-_.]|$)")
_WITHOUT = re.compile(r"bge[-_.](m3|multilingual|reranker|code|vl|icl|en-icl)")  # later ones, trained otherwise
_LANGUAGE = re.compile(r"[-_.](zh|en)(?=[-_.]|$)")


def is_bge(names: Sequence[str]) -> bool:
    """Whether one of a model's names (its folder's, that of the model it was trained from) is a BGE's."""
    return any(_BGE.search(name.lower()) for name in names)


def language(names: Sequence[str], languages: Sequence[str], chinese_share: float) -> Literal["zh", "en"]:
    """Which of the two a BGE speaks: as its names say, else as its card, else by the share of Chinese in its words."""
    for name in names:
        if (found := _LANGUAGE.search(name.lower())) and is_bge([name]):
            return "zh" if found.group(1) == "zh" else "en"
    spoken = {"zh" if each.lower().startswith("zh") else "en" for each in languages if each[:2].lower() in ("zh", "en")}
    if len(spoken) == 1:
        return "zh" if "zh" in spoken else "en"
    return "zh" if chinese_share > 0.2 else "en"  # BERT-Chinese has 0.69, BERT-uncased 0.016


def query_prefix(names: Sequence[str], languages: Sequence[str], chinese_share: float) -> str:
    """BGE's own instruction for the model's language; nothing for a model that was trained without one."""
    if not is_bge(names) or any(_WITHOUT.search(name.lower()) for name in names):
        return ""
    return BGE_QUERY_PREFIX[language(names, languages, chinese_share)]
