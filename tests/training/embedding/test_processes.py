"""Processes that share a batch find the gradient that one process finds of all of it."""

from __future__ import annotations

import multiprocessing
import warnings
from pathlib import Path

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # inside these packages, at their import
    torch = pytest.importorskip("torch", reason="torch comes with the training extra")
    pytest.importorskip("transformers", reason="transformers comes with the training extra")
    from tests.gradient_workers import gradients, work
    from tests.small_encoders import SUBJECTS, triplet, write_bert, write_lines


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("joined")
    write_bert(folder / "bert")
    rows = [triplet(subject, number) for number, subject in enumerate(SUBJECTS[:8])]
    rows[1]["neg"], rows[5]["neg"] = [], rows[5]["neg"][:1]  # so that processes have different numbers of passages
    rows[3]["neg"] = [rows[6]["pos"][0]]  # what is right for one stands among the others' negatives, in another process
    write_lines(folder / "triplets.jsonl", rows)
    return folder


@pytest.mark.parametrize("count", [2, 4])
def test_joined_gradients_equal_those_of_one_process(folder: Path, count: int) -> None:
    wanted = gradients(folder)
    assert len(wanted) > 30
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.gradient_workers"])  # torch is imported once
    started = [context.Process(target=work, args=(folder, rank, count)) for rank in range(count)]
    for each in started:
        each.start()
    for each in started:
        each.join(60)
    assert [each.exitcode for each in started] == [0] * count
    for rank in range(count):
        found = torch.load(folder / f"gradients-{count}-{rank}.pt")
        assert found.keys() == wanted.keys()
        for name, value in wanted.items():
            torch.testing.assert_close(
                found[name], value, atol=1e-5, rtol=1e-5, msg=lambda text, name=name: f"{name}: {text}"
            )
