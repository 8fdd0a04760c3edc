import sqlite3

import pytest

from engine.library.keywords import match_expression, query_terms, stem, terms


def found(text: str, query: str) -> bool:
    with sqlite3.connect(":memory:") as connection:
        connection.execute("CREATE VIRTUAL TABLE k USING fts5(t, tokenize='porter unicode61')")
        connection.execute("INSERT INTO k VALUES (?)", [" ".join(terms(text))])
        rows = connection.execute("SELECT 1 FROM k WHERE k MATCH ?", [match_expression(query_terms(query))])
        result = bool(rows.fetchall())
    connection.close()
    return result


def test_chinese_becomes_overlapping_pairs_and_its_last_character():
    assert terms("审计日志") == ["审计", "计日", "日志", "志"]


def test_words_fold_case_and_width():
    assert terms("ＧＰＵ Größe") == ["gpu", "grösse"]


@pytest.mark.parametrize("query", ["知识", "识库", "知识库", "知", "库", "资料"])
def test_chinese_words_of_any_length_are_found(query: str):
    assert found("一个资料知识库", query)


def test_a_word_across_two_runs_is_not_found():
    assert not found("知，识", "知识")


def test_english_words_are_found_by_their_stems():
    assert found("Audit logs are retained for seven years.", "How long is an audit log retained?")


def test_the_words_of_asking_are_left_out():
    assert query_terms("What is the retention period?") == ["retention", "period"]
    assert query_terms("审计日志保留多少年？") == ["审计", "计日", "日志", "志保", "保留", "年"]


def test_a_question_of_nothing_but_asking_keeps_its_words():
    assert query_terms("Who is he?") == ["who", "is", "he"]


@pytest.mark.parametrize("query", ['"', "a OR b) NEAR", "'; DROP TABLE k; --", "*", '年*"', "^x:y"])
def test_no_query_is_an_fts_expression(query: str):
    wanted = query_terms(query)
    if wanted:
        found("some text", query)  # raises if FTS5 reads syntax in it


def test_stem_joins_the_forms_of_a_word():
    assert {stem(word) for word in ("retain", "retains", "retained", "retaining")} == {"retain"}
    assert stem("日志") == "日志"
