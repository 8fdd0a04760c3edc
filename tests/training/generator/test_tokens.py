"""Token files: what a document becomes, which side it is on, and what is left out."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import sentencepiece
from plain_texts import rows, text, write

from training.generator.tokens import main


def documents(folder: Path, side: str) -> list[list[int]]:
    """The ids of each document, </s> taken away."""
    ids = np.fromfile(folder / f"{side}.bin", np.uint16)
    return [part.tolist() for part in np.split(ids, np.flatnonzero(ids == 2) + 1) if len(part)]


def made(tmp_path: Path, vocabulary: Path, some: list[object], *more: str) -> Path:
    path = write(tmp_path / "some.jsonl", some)
    folder = tmp_path / "made"
    words = [str(path), "--vocabulary", str(vocabulary), "--out", str(folder), "--dev-share", "0.4", *more]
    assert main(words) == 0
    return folder


def report(folder: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((folder / "tokens.json").read_text("utf-8"))
    return found


def test_a_document_begins_as_a_prompt_and_ends_as_an_answer(tokens: Path, vocabulary: Path) -> None:
    processor = sentencepiece.SentencePieceProcessor(model_file=str(vocabulary / "tokenizer.model"))
    first, *_ = documents(tokens, "train")
    assert first[:2] == [420 + 1, 420 + 3]  # [gMASK], sop
    assert first[-1] == 2
    assert processor.decode(first[2:-1]) in {row["text"] for row in rows(30)}


def test_documents_are_parted_whole_and_all_are_there(tokens: Path) -> None:
    train, dev = (documents(tokens, side) for side in ("train", "dev"))
    assert len(train) + len(dev) == 60
    assert 3 <= len(dev) <= 24
    assert not {*map(tuple, train)} & {*map(tuple, dev)}


def test_the_report_counts_tokens_and_licences(tokens: Path) -> None:
    found = report(tokens)
    assert found["tokens"] == {side: (tokens / f"{side}.bin").stat().st_size // 2 for side in ("train", "dev")}
    assert {*found["licences"]} == {"made up (zh)", "made up (en)"}
    assert 2 < found["unigram_nats"] < np.log(found["rows"])


def test_what_is_held_out_is_left_out_by_its_text(tmp_path: Path, vocabulary: Path) -> None:
    """A passage that is only a part of the document, and spaced in another way."""
    some = [{"text": text("en", number)} for number in range(20)]
    part = text("en", 3).split("\n")[1][:200].upper().replace(" ", "  ")
    held = write(tmp_path / "held.jsonl", [{"question": "Who?", "context": part}])
    folder = made(tmp_path, vocabulary, some, "--hold-out", str(held))
    assert report(folder)["left_out"] == {"holds what is held out": 1}
    assert len(documents(folder, "train")) + len(documents(folder, "dev")) == 19


def test_documents_twice_or_nearly_empty_are_left_out(tmp_path: Path, vocabulary: Path) -> None:
    some = [*({"text": text("zh", number)} for number in range(12)), {"text": text("zh", 4)}, {"text": "Contents"}]
    folder = made(tmp_path, vocabulary, some)
    assert report(folder)["left_out"] == {"as an earlier one": 1, "too short": 1}


def test_the_same_arguments_give_the_same_bytes(tmp_path: Path, tokens: Path, texts: Path, vocabulary: Path) -> None:
    words = [str(texts), "--vocabulary", str(vocabulary), "--out", str(tmp_path / "again"), "--dev-share", "0.2"]
    assert main(words) == 0
    for name in ("train.bin", "dev.bin", "tokens.json", "tokenizer.model"):
        assert (tmp_path / "again" / name).read_bytes() == (tokens / name).read_bytes()


def test_what_people_get_wrong(tmp_path: Path, vocabulary: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = write(tmp_path / "broken.jsonl", [{"title": "no text"}])
    words = ["--vocabulary", str(vocabulary), "--out", str(tmp_path / "out")]
    assert main([str(broken), *words]) == 2
    assert "line 1: it has no text" in capsys.readouterr().err
    assert main([str(broken), "--vocabulary", str(tmp_path), "--out", str(tmp_path / "out")]) == 2
    assert "tokenizer.model" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
