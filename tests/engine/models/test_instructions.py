"""A BGE is asked in the words that it was trained with, any other model without."""

from __future__ import annotations

import pytest

from engine.models.instructions import BGE_QUERY_PREFIX, is_bge, query_prefix

ZH, EN = BGE_QUERY_PREFIX["zh"], BGE_QUERY_PREFIX["en"]


def test_the_texts_are_those_of_the_cards():
    assert ZH == "为这个句子生成表示以用于检索相关文章："
    assert EN == "Represent this sentence for searching relevant passages: "


@pytest.mark.parametrize(
    ("names", "languages", "chinese_share", "prefix"),
    [
        (["bge-base-zh-v1.5"], (), 0.0, ZH),
        (["bge-small-en"], (), 0.9, EN),
        (["BAAI/bge-large-zh"], ("en",), 0.0, ZH),  # the name counts most
        (["law", "BAAI/bge-base-en-v1.5"], ("zh",), 0.9, EN),
        (["bge-law"], ("zh",), 0.0, ZH),
        (["bge-law"], ("en-US",), 0.9, EN),
        (["bge-law"], ("zh", "en"), 0.69, ZH),
        (["my-bge"], ("fr",), 0.016, EN),
        (["bge-m3"], ("zh",), 0.5, ""),
        (["bge-reranker-base"], (), 0.5, ""),
        (["inkstone-embed-small", ""], ("en",), 0.016, ""),
        (["gbge-zh", "bgezh"], ("zh",), 0.9, ""),
    ],
)
def test_query_prefix_by_name_card_and_words(names, languages, chinese_share, prefix):
    assert query_prefix(names, languages, chinese_share) == prefix


def test_no_name_is_no_bge():
    assert not is_bge(["", "model"])
