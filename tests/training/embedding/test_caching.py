"""Gradient caching changes the memory, not the gradient: dropout included."""

from __future__ import annotations

import warnings

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # inside these packages, at their import
    torch = pytest.importorskip("torch", reason="torch comes with the training extra")
    pytest.importorskip("transformers", reason="transformers comes with the training extra")
    from tests.small_encoders import SUBJECTS, triplet, write_bert
    from training.embedding.caching import Loss, cached_backward, plain_backward
    from training.embedding.encoder import Encoder
    from training.embedding.loss import joined_loss

COUNT = 8


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    return Encoder.open(str(write_bert(tmp_path_factory.mktemp("model"))), "mean").train()


def loss_of(vectors: torch.Tensor) -> torch.Tensor:
    return joined_loss(vectors[:COUNT], vectors[COUNT:], torch.arange(len(vectors) - COUNT), 0.1)


def gradients(encoder: Encoder, backward, size: int, loss: Loss = loss_of) -> tuple[float, dict[str, torch.Tensor]]:
    rows = [triplet(subject, number) for number, subject in enumerate(SUBJECTS[:COUNT])]
    texts = [row["query"] for row in rows] + [row["pos"][0] for row in rows] + [row["neg"][0] for row in rows]
    torch.manual_seed(4)
    encoder.zero_grad()
    found = backward(encoder, encoder.tokenise(texts, 64), size, loss)
    return found, {name: each.grad.clone() for name, each in encoder.named_parameters() if each.grad is not None}


@pytest.mark.parametrize("size", [1, 5, 24])
def test_cached_gradient_equals_the_plain_one(encoder: Encoder, size: int) -> None:
    plain_loss, plain = gradients(encoder, plain_backward, size)
    plain_end = torch.get_rng_state()
    cached_loss, cached = gradients(encoder, cached_backward, size)
    assert cached_loss == pytest.approx(plain_loss, abs=1e-6)
    assert cached.keys() == plain.keys()
    for name, value in plain.items():
        torch.testing.assert_close(cached[name], value, atol=1e-5, rtol=0)
    assert torch.equal(torch.get_rng_state(), plain_end)  # what comes after is as random as it was


def test_dropout_matters_to_this_test(encoder: Encoder) -> None:
    """Were it off, the test above would say nothing about it."""
    _, once = gradients(encoder, plain_backward, 5)
    encoder.eval()
    _, without = gradients(encoder, plain_backward, 5)
    encoder.train()
    assert max((once[name] - without[name]).abs().max() for name in once) > 1e-3


def test_cached_step_never_holds_more_than_a_chunk(encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    forward = Encoder.forward
    monkeypatch.setattr(Encoder, "forward", lambda self, ids: seen.append(len(ids)) or forward(self, ids))
    gradients(encoder, cached_backward, 5)
    assert seen == [5, 5, 5, 5, 4] * 2
