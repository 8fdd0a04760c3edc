"""The warm-up learns from text alone, can be stopped, and gives a model that the fine-tune takes."""

from __future__ import annotations

import json
import random
import warnings
from pathlib import Path

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # inside these packages, at their import
    torch = pytest.importorskip("torch", reason="torch comes with the training extra")
    pytest.importorskip("transformers", reason="transformers comes with the training extra")
    from transformers import BertForMaskedLM

    from tests.small_encoders import SPECIAL, SUBJECTS, WORDS, write_bert, write_lines
    from training.embedding import stepping, warm_up
    from training.embedding.blocks import write_blocks
    from training.embedding.encoder import Encoder
    from training.embedding.folders import open_tokenizer, word_pieces
    from training.embedding.retromae import MaskedLearner, Tokens
    from training.embedding.vocabulary import adopt
from training.errors import TrainingError


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    write_bert(folder / "bert")
    drawn = random.Random(0)
    texts = [
        " ".join([subject, *(f"the {subject} is {drawn.choice(WORDS)}" for _ in range(30))]) for subject in SUBJECTS
    ]
    write_lines(folder / "text.jsonl", [{"text": text, "lang": "en"} for text in texts])
    return folder


def words(data: Path, out: Path, *more: str) -> list[str]:
    given = ["--model", str(data / "bert"), "--texts", str(data), "--out", str(out), "--max-tokens", "32"]
    return [*given, "--batch", "8", "--steps", "12", "--rate", "3e-3", "--log-every", "1", "--save-every", "3", *more]


def losses(run: Path) -> list[float]:
    return [json.loads(line)["loss"] for line in (run / "log.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("method", ["retromae", "mlm"])
def test_loss_falls_and_the_model_opens(data: Path, tmp_path: Path, method: str) -> None:
    assert warm_up.main(words(data, tmp_path, "--method", method, "--steps", "60")) == 0
    found = losses(tmp_path)
    assert sum(found[-5:]) < 0.75 * sum(found[:5])
    before, after = Encoder.open(str(data / "bert")), Encoder.open(str(tmp_path / "model"))
    assert after.pooling == "cls"
    changed = {name for name, each in after.state_dict().items() if not torch.equal(each, before.state_dict()[name])}
    assert "model.encoder.layer.0.attention.self.query.weight" in changed


def test_stopped_and_resumed_run_ends_with_the_same_bits(data: Path, tmp_path: Path, monkeypatch) -> None:
    freeze = ("--freeze-body", "4")
    assert warm_up.main(words(data, tmp_path / "whole", *freeze)) == 0
    done: list[int] = []

    def killed(*given: object) -> float:
        done.append(1)
        if len(done) == 8:
            raise SystemExit(137)
        return stepping.descend(*given)

    monkeypatch.setattr(warm_up, "descend", killed)
    with pytest.raises(SystemExit):
        warm_up.main(words(data, tmp_path / "cut", *freeze))
    monkeypatch.undo()
    assert warm_up.main(words(data, tmp_path / "cut", *freeze, "--resume")) == 0
    assert losses(tmp_path / "cut") == losses(tmp_path / "whole")
    whole, cut = (torch.load(tmp_path / run / "checkpoint" / "state.pt")["state"]["model"] for run in ("whole", "cut"))
    assert all(torch.equal(cut[name], value) for name, value in whole.items())


def test_body_stays_as_it_was_while_it_is_frozen(data: Path, tmp_path: Path) -> None:
    assert warm_up.main(words(data, tmp_path, "--freeze-body", "12")) == 0
    before, after = (Encoder.open(str(folder)).state_dict() for folder in (data / "bert", tmp_path / "model"))
    changed = {name for name in before if not torch.equal(before[name], after[name]) and "pooler" not in name}
    assert changed
    assert all(name.startswith("model.embeddings.") for name in changed)


def test_new_vocabulary_keeps_what_was_known(data: Path, tmp_path: Path) -> None:
    known = open_tokenizer(data / "bert")
    tokens = [*SPECIAL, "river", "katanlodor", "z", "##z", "漢"]
    (tmp_path / "vocab.txt").write_text("\n".join(tokens) + "\n", "utf-8")
    wanted = word_pieces(tmp_path / "vocab.txt", lower=True)
    model = BertForMaskedLM.from_pretrained(data / "bert").eval()
    old = model.get_input_embeddings().weight.detach().clone()
    assert adopt(model, known, wanted) == 2
    vectors = model.get_input_embeddings().weight
    assert torch.equal(vectors[tokens.index("river")], old[known.token_to_id("river")])
    pieces = known.encode("katanlodor", add_special_tokens=False).ids
    assert len(pieces) > 1
    torch.testing.assert_close(vectors[tokens.index("katanlodor")], old[pieces].mean(dim=0))
    torch.testing.assert_close(vectors[tokens.index("漢")], old.mean(dim=0))
    assert model(torch.tensor([[2, 5, 3]])).logits.shape == (1, 3, len(tokens))
    assert model.cls.predictions.decoder.weight is vectors  # still shared


def test_run_with_a_new_vocabulary(data: Path, tmp_path: Path) -> None:
    (tmp_path / "vocab.txt").write_text("\n".join([*SPECIAL, *WORDS[:3], *SUBJECTS, "##a", "a"]) + "\n", "utf-8")
    assert warm_up.main(words(data, tmp_path / "run", "--vocabulary", str(tmp_path / "vocab.txt"))) == 0
    encoder = Encoder.open(str(tmp_path / "run" / "model"))
    assert encoder.tokenizer.get_vocab_size() == encoder.model.config.vocab_size == 34
    assert encoder.tokenise(["katan the katan"], 32)[0][1:-1] == [8 + 0, 7, 8 + 0]


def test_special_tokens_are_never_masked(data: Path) -> None:
    model = BertForMaskedLM.from_pretrained(data / "bert")
    learner = MaskedLearner(model, Tokens(pad=0, mask=4, special=(2, 3)), 1.0, 0.0)
    _, count, _ = learner(torch.tensor([[2, 9, 10, 3, 0, 0]]))
    assert count.item() == 2


def test_blocks_hold_whole_documents_in_order(data: Path, tmp_path: Path) -> None:
    tokenizer = open_tokenizer(data / "bert")
    path = write_lines(tmp_path / "t.jsonl", [{"text": "the river " * 40}, {"text": "year"}])
    blocks = write_blocks([path], tokenizer, 32, tmp_path)
    ids = tokenizer.encode("the river " * 40).ids
    assert blocks.shape == (3, 32)  # 30 + 30 + 20 tokens; one word alone is no text
    assert [int(id) for block in blocks for id in block if id not in (0, 2, 3)] == ids[1:-1]
    assert blocks[2].tolist()[-10:] == [0] * 10
    assert write_blocks([path], tokenizer, 32, tmp_path, limit=2).shape == (2, 32)


def test_what_a_person_got_wrong_is_one_sentence(data: Path, tmp_path: Path, capsys) -> None:
    (tmp_path / "bad.jsonl").write_text('{"text": 1}\n', "utf-8")
    (tmp_path / "empty").mkdir()
    for more, sentence in (
        (["--texts", str(tmp_path / "bad.jsonl")], "bad.jsonl, line 1: it has no text as 'text'."),
        (["--texts", str(tmp_path / "empty")], "There is no *.jsonl or *.jsonl.zst in"),
        (["--batch", "100000"], "fewer than a batch of 100000."),
        (["--vocabulary", str(tmp_path / "none.txt")], "There is no file"),
        (["--max-tokens", "65"], "--max-tokens must lie between 3 and the model's 64."),
    ):
        assert warm_up.main(words(data, tmp_path / "run", *more)) == 2
        assert sentence in capsys.readouterr().err
    with pytest.raises(TrainingError, match="no block"):
        write_blocks([write_lines(tmp_path / "t.jsonl", [{"text": "is"}])], open_tokenizer(data / "bert"), 32, tmp_path)
