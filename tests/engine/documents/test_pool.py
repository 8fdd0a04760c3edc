from __future__ import annotations

import threading
from pathlib import Path

import pytest

from engine.documents.pool import ReaderPool
from engine.documents.reading import Interrupted


@pytest.fixture
def pool():
    made = ReaderPool(2)
    yield made
    made.close()


def test_two_documents_are_read_side_by_side(pool: ReaderPool, hanging_pdf: Path, make_pdf, wait_for) -> None:
    outcome: list[BaseException] = []

    def hang() -> None:
        try:
            pool.read(hanging_pdf)
        except Interrupted as error:
            outcome.append(error)

    thread = threading.Thread(target=hang)
    thread.start()
    wait_for(lambda: any(reader.child_pid for reader in pool._readers))
    assert pool.read(make_pdf(["meanwhile"])).chunks[0].text == "meanwhile"
    pool.interrupt()
    thread.join(20)
    assert isinstance(outcome[0], Interrupted)
    assert pool.read(make_pdf(["afterwards"])).chunks[0].text == "afterwards"


def test_one_after_the_other_needs_one_child_and_rest_ends_it(pool: ReaderPool, make_pdf) -> None:
    for _ in range(3):
        pool.read(make_pdf(["words"]))
    assert sum(reader.child_pid is not None for reader in pool._readers) == 1
    assert pool.peak_child_bytes > 0
    pool.rest()
    assert all(reader.child_pid is None for reader in pool._readers)
    assert pool.read(make_pdf(["again"])).chunks[0].text == "again"
