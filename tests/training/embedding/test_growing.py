"""Chinese words' vectors learn alone, and a word's two tokens keep one vector."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # inside these packages, at their import
    torch = pytest.importorskip("torch", reason="torch comes with the training extra")
    pytest.importorskip("opencc", reason="OpenCC comes with the training extra")
    from tests.small_encoders import write_bert
    from training.embedding.encoder import Encoder
    from training.embedding.growing import confine
    from training.embedding.stepping import adamw, descend
    from training.errors import TrainingError
    from training.vocabulary.tokenizing import twins

TEXTS = ("what is the river 句子", "检索文章")


@pytest.fixture
def encoder(tmp_path: Path) -> Encoder:
    return Encoder.open(str(write_bert(tmp_path / "bert")), "mean").eval()


def step(encoder: Encoder) -> torch.Tensor:
    """One step of words alone; what it changed in each vector."""
    words = confine(encoder)
    with torch.no_grad():
        for first, within in twins(encoder.tokenizer):
            words[within] = words[first]
    before = words.detach().clone()
    optimiser = adamw(encoder, apart=(words, 10.0))
    encoder(encoder.tokenise(TEXTS, 32))[:, 0].sum().backward()
    descend(optimiser, rate=1e-3, clip=1.0)
    return words.detach() - before


def test_only_chinese_words_learn(encoder: Encoder) -> None:
    changed = step(encoder).abs().sum(dim=1) > 0
    tokens = {encoder.tokenizer.id_to_token(int(id)) for id in changed.nonzero().flatten()}
    assert tokens == {f"{mark}{character}" for character in "句子检索文章" for mark in ("", "##")}


def test_both_tokens_of_a_word_stay_equal(encoder: Encoder) -> None:
    step(encoder)
    words = encoder.model.get_input_embeddings().weight
    assert all(torch.equal(words[first], words[within]) for first, within in twins(encoder.tokenizer))


def test_words_learn_at_a_rate_of_their_own(encoder: Encoder) -> None:
    largest = step(encoder).abs().max().item()
    assert largest == pytest.approx(10 * 1e-3, rel=0.01)  # Adam's first step is the rate itself


def test_vocabulary_without_chinese_is_refused(encoder: Encoder) -> None:
    encoder.tokenizer = encoder.tokenizer.from_str(encoder.tokenizer.to_str())
    words = {token: id for token, id in encoder.tokenizer.get_vocab().items() if token.isascii()}
    encoder.tokenizer.model = type(encoder.tokenizer.model)(words, unk_token="[UNK]")
    with pytest.raises(TrainingError, match="extend"):
        confine(encoder)
