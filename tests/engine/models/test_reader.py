"""A reader by a table whose answers can be worked out by hand."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from refusing import reason
from small_readers import NEEDED, write_network, write_reader

from engine.errors import BrokenInstallation, Code
from engine.models.manifest import Calibration, Manifest
from engine.models.reader import LONGEST_ANSWER, Reader, Source, best_span

LOGS = "Audit logs are retained for seven years."
WATER = "Water boils at a hundred."


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_reader(tmp_path_factory.mktemp("made") / "table")


@pytest.fixture(scope="module")
def reader(folder: Path) -> Reader:
    return Reader.open(folder, threads=2)


def test_relevance_and_words_are_those_of_the_network(reader: Reader):
    logs, water = reader.read("how long are audit logs retained?", [Source(LOGS), Source(WATER)])
    assert (logs.relevance, water.relevance) == (3 - NEEDED, -NEEDED)
    assert LOGS[logs.start : logs.end] == "seven years"
    assert WATER[water.start : water.end] == "hundred"
    assert logs.certainty > 0.2


def test_confidence_is_calibrated(reader: Reader):
    (logs,) = reader.read("how long are audit logs retained?", [Source(LOGS)])
    assert logs.confidence == pytest.approx(1 / (1 + np.exp(-4 * 1.5)))
    assert Calibration(1.0, 0.0, 0.5, 0.5).confidence(0) == 0.5
    assert 0 < Calibration(scale=1e9).confidence(-1e9) < Calibration(scale=1e9).confidence(1e9) <= 1


def test_chinese_words_keep_their_characters(reader: Reader):
    text = "审计日志的保留期限为七年。"
    (found,) = reader.read("审计日志要保留多久？", [Source(text)])
    assert text[found.start : found.end] == "七年"


def test_a_heading_is_read_and_is_no_answer(reader: Reader):
    heading = "Seven audit logs\n"
    (found,) = reader.read("how long are audit logs retained?", [Source(heading + "for ninety days", len(heading))])
    assert found.relevance == 2 - NEEDED
    assert (heading + "for ninety days")[found.start : found.end] == "ninety days"


def test_a_source_that_is_all_heading_answers_with_nothing(reader: Reader):
    (found,) = reader.read("how long?", [Source("Audit logs\n", 11)])
    assert (found.start, found.end, found.certainty) == (11, 11, 0.0)


def test_the_best_row_of_a_long_passage_counts(reader: Reader):
    filler = "the file and then the record " * 12
    text = filler + LOGS
    (found,) = reader.read("how long are audit logs retained?", [Source(text)])
    assert found.relevance == 3 - NEEDED
    assert text[found.start : found.end] == "seven years"


def test_readings_do_not_depend_on_neighbours_or_cores(folder: Path, reader: Reader):
    sources = [Source(text) for text in (LOGS, WATER, "", LOGS * 9)]
    together = reader.read("how long are audit logs retained?", sources)
    alone = [Reader.open(folder, threads=1).read("how long are audit logs retained?", [each])[0] for each in sources]
    assert [*together] == alone


def test_nothing_to_read_gives_nothing(reader: Reader):
    assert reader.read("how long?", []) == ()


def test_what_the_vocabulary_lacks_is_unknown(reader: Reader):
    assert reader.known_share("how long are logs kept") == 1.0
    assert reader.known_share("zebra crossing") == 0.0


# ---- the likeliest words


def test_an_answer_ends_after_it_starts():
    start, end, _ = best_span(np.array([0, 0, 9, 0], np.float32), np.array([9, 0, 0, 5], np.float32))
    assert (start, end) == (2, 3)


def test_an_answer_is_never_too_long():
    starts, ends = np.zeros(200, np.float32), np.zeros(200, np.float32)
    starts[0] = ends[199] = 9
    ends[100] = 5
    start, end, _ = best_span(starts, ends)
    assert end - start < LONGEST_ANSWER


def test_certainty_is_a_share():
    even = np.zeros(10, np.float32)
    assert best_span(even, even) == (0, 0, pytest.approx(0.01))
    sharp = np.array([50, 0, 0], np.float32)
    assert best_span(sharp, sharp)[2] == pytest.approx(1.0)


# ---- folders


def refusal(folder: Path) -> str:
    with pytest.raises(BrokenInstallation) as caught:
        Reader.open(folder, threads=1).check_limits()
    assert caught.value.code is Code.BAD_MODEL
    return reason(caught.value)


def test_a_sound_folder_is_checked_to_its_limits(reader: Reader):
    reader.check_limits()
    reader.rest()


def test_manifest_comes_back_as_it_was_saved(folder: Path, tmp_path: Path):
    manifest = Manifest.load(folder)
    manifest.save(tmp_path)
    assert Manifest.load(tmp_path) == manifest
    assert manifest.reading == Calibration(4.0, 0.0, 0.5, 0.6)


def test_an_embedder_is_no_reader(tmp_path: Path):
    folder = write_reader(tmp_path / "other", kind="embedder", dimension=3, pooling="cls")
    assert refusal(folder) == "it is of the kind 'embedder', not 'reader'"


def test_a_network_with_other_columns_is_refused(tmp_path: Path):
    folder = write_reader(tmp_path / "nan", score=float("nan"))
    assert "is right" in refusal(folder)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("scale", 0),
        ("scale", "1"),
        ("shift", None),
        ("shift", True),
        ("bound", 1.5),
        ("weight", -0.1),
        ("bound", 1e999),
    ],
)
def test_impossible_calibrations_are_refused(tmp_path: Path, key: str, value: object):
    folder = write_reader(tmp_path / "table")
    card = json.loads((folder / "model.json").read_text("utf-8"))
    card["reading"][key] = value
    (folder / "model.json").write_text(json.dumps(card), "utf-8")
    assert f"reading.{key}" in refusal(folder)


def test_a_reader_without_calibration_is_refused(tmp_path: Path):
    assert refusal(write_reader(tmp_path / "table", reading=None)) == "model.json lacks 'reading'"


def test_a_damaged_network_is_refused(tmp_path: Path):
    folder = write_reader(tmp_path / "table")
    write_network(folder / "model.onnx", np.zeros((3, 3), np.float32))
    assert "sha256" in refusal(folder)
