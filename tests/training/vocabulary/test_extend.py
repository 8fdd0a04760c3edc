"""The command: an English encoder gets Chinese words, and its English stays what it was."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # inside these packages, at their import
    torch = pytest.importorskip("torch", reason="torch comes with the training extra")
    pytest.importorskip("opencc", reason="OpenCC comes with the training extra")
    from tests.small_encoders import write_bert, write_lines
    from training.embedding.encoder import Encoder
    from training.vocabulary import extend, tokenizing

ENTRIES = "".join(
    f"{word} {word} [x1] /{english}/\n"
    for word, english in {"河流": "river", "城市": "city", "大河": "big river"}.items()
)
TEXTS = ["河流與城市。" * 3, "城市在河流边，河流很大。" * 2]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_bert(tmp_path_factory.mktemp("base") / "bert")


@pytest.fixture(scope="module")
def out(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("extended")
    (folder / "cedict.txt").write_text(ENTRIES, "utf-8")
    texts = write_lines(folder / "texts.jsonl", [{"text": text} for text in TEXTS])
    given = ["--model", str(base), "--texts", str(texts), "--dictionary", str(folder / "cedict.txt")]
    assert extend.main([*given, "--words", "2", "--common", "3", "--max-tokens", "64", "--out", str(folder)]) == 0
    return folder


def vectors(encoder: Encoder, *texts: str) -> torch.Tensor:
    with torch.inference_mode():
        return torch.cat([encoder.eval()(encoder.tokenise([text], 64)) for text in texts])


def test_english_has_the_vectors_that_it_had(base: Path, out: Path) -> None:
    before, after = Encoder.open(str(base), "mean"), Encoder.open(str(out / "model"), "mean")
    text = "what is the old city in the river?"
    assert torch.equal(vectors(before, text), vectors(after, text))


def test_word_begins_at_its_meaning_in_both_scripts_and_places(out: Path) -> None:
    encoder = Encoder.open(str(out / "model"), "mean")
    rows = encoder.model.get_input_embeddings().weight
    ids = encoder.tokenizer.get_vocab()
    assert all(torch.equal(rows[first], rows[within]) for first, within in tokenizing.twins(encoder.tokenizer))
    old = [id for token, id in ids.items() if not tokenizing.is_chinese(token.removeprefix("##"))]
    middle = rows.mean(dim=0)
    cosines = torch.nn.functional.cosine_similarity(rows[ids["河流"]] - middle, rows[old] - middle)
    assert encoder.tokenizer.id_to_token(old[int(cosines.argmax())]) == "river"
    simplified, traditional = encoder.tokenise(["河流与城市", "河流與城市"], 64)
    assert simplified == traditional


def test_only_common_words_and_characters_are_known(out: Path) -> None:
    tokenizer = Encoder.open(str(out / "model"), "mean").tokenizer
    tokens = tokenizer.encode("城市河流大河边", add_special_tokens=False).tokens
    assert tokens == ["城市", "##河流", "[UNK]", "河", "[UNK]"]


def test_glosses_stand_beside_their_english(out: Path) -> None:
    rows = [json.loads(line) for line in (out / "glosses.jsonl").read_text("utf-8").splitlines()]
    assert {"text": "河流", "teacher": "river"} in rows
    assert all("大" not in row["text"] for row in rows)  # a character that is not known


def test_texts_without_chinese_are_refused(base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "cedict.txt").write_text(ENTRIES, "utf-8")
    texts = write_lines(tmp_path / "texts.jsonl", [{"text": "no Chinese here"}])
    given = ["--model", str(base), "--texts", str(texts), "--dictionary", str(tmp_path / "cedict.txt")]
    assert extend.main([*given, "--out", str(tmp_path / "out")]) == 2
    assert "no Chinese character often enough" in capsys.readouterr().err
