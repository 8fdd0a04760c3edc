"""Work on models in a process of its own: it comes to an end, fails with its reason, and can be stopped at any time."""

from __future__ import annotations

import pytest
from small_readers import write_reader

from engine.errors import BrokenInstallation, Code, UsageError
from engine.models import measuring
from engine.models.catalog import Models
from engine.models.errands import Import, Measure, Stopped, import_apart, measure_apart


@pytest.fixture
def errand(tmp_path):
    """A function that makes the import of a folder."""
    return lambda folder: Import(folder, tmp_path / "shipped", tmp_path / "models")


def test_model_arrives_and_tells_how_far_it_is(tmp_path, errand):
    told = []
    name = import_apart(errand(write_reader(tmp_path / "tiny")), lambda *at: told.append(at), lambda: False)
    assert [model.manifest.name for model in Models(tmp_path / "shipped", tmp_path / "models").list()] == [name]
    done, total = told[-1]
    assert done == total > 0


def test_refusal_comes_back_as_it_was_raised(tmp_path, errand):
    (tmp_path / "letters").mkdir()
    with pytest.raises(BrokenInstallation) as raised:
        import_apart(errand(tmp_path / "letters"), print, lambda: False)
    assert (raised.value.code, raised.value.facts["why"]) == (Code.BAD_MODEL, "no_file")
    with pytest.raises(UsageError) as wrong:
        import_apart(errand(tmp_path / "nothing"), print, lambda: False)
    assert wrong.value.code is Code.NO_SUCH_PATH


def test_stopped_import_leaves_nothing(tmp_path, errand):
    with pytest.raises(Stopped):
        import_apart(errand(write_reader(tmp_path / "tiny")), print, lambda: True)
    assert not (tmp_path / "models").exists() or [*(tmp_path / "models").iterdir()] == []


def test_embedder_is_measured_apart(make_model):
    speed = measure_apart(Measure(make_model(max_tokens=300), threads=1), lambda: False)
    assert speed.per_second > 0
    assert speed.memory_bytes > 0
    assert speed.measured_ms > 0


def test_child_that_dies_is_told_of(make_model, monkeypatch):
    monkeypatch.setattr("engine.models.errands.child_command", lambda: ["false"])
    with pytest.raises(BrokenInstallation) as raised:
        measure_apart(Measure(make_model(), threads=1), lambda: False)
    assert raised.value.code is Code.MODEL_WORK_ENDED


def test_measuring_takes_as_long_as_it_is_told(make_model):
    assert measuring.measure(make_model(max_tokens=300), threads=1, seconds=0.01).per_second > 0
