"""Models are at hand completely or not at all, and a broken one never hides the others."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from chatglm_folders import make_folder
from refusing import reason

from engine.config import SHIPPED_MODELS
from engine.errors import BrokenInstallation, Code, UsageError
from engine.models.catalog import Models
from engine.models.manifest import Calibration, Manifest


@pytest.fixture
def models(tmp_path: Path) -> Models:
    return Models(SHIPPED_MODELS, tmp_path / "models")


def names(models: Models) -> list[str]:
    return [model.manifest.name for model in models.list()]


def test_shipped_model_is_at_hand_and_sound(models):
    (shipped,) = models.list()
    assert (shipped.manifest.name, shipped.shipped) == ("inkstone-embed-small", True)
    assert 20e6 < shipped.size_bytes < 45e6
    assert models.folder("inkstone-embed-small") == shipped.folder
    assert models.check("inkstone-embed-small") == shipped.manifest


def test_imported_model_is_listed_and_works(models, make_model, tmp_path):
    source = make_model()
    (source / "notes.txt").write_text("not the model's", "utf-8")
    manifest = models.add(source)
    shutil.rmtree(source)
    imported = models.list()[1]
    assert (imported.manifest, imported.folder, imported.shipped) == (manifest, tmp_path / "models" / "tiny", False)
    assert imported.size_bytes == sum(path.stat().st_size for path in imported.folder.iterdir())
    assert sorted(path.name for path in imported.folder.iterdir()) == ["model.json", "model.onnx", "tokenizer.json"]
    assert models.check("tiny") == manifest


def test_files_in_folders_are_imported(models, make_model):
    source = make_model(kind="reader", reading=Calibration())
    (source / "parts").mkdir()
    (source / "tokenizer.json").rename(source / "parts" / "tokenizer.json")
    text = (source / "model.json").read_text("utf-8").replace('"tokenizer.json"', '"parts/tokenizer.json"')
    (source / "model.json").write_text(text, "utf-8")
    models.add(source)
    folder = models.folder("tiny")
    manifest = Manifest.load(folder)
    manifest.verify(folder)
    assert manifest.files[1].name == "parts/tokenizer.json"


def test_unknown_name_is_told(models):
    for name in ("nothing", "../models", ""):
        with pytest.raises(UsageError) as caught:
            models.folder(name)
        assert (caught.value.code, caught.value.facts) == (Code.NO_SUCH_MODEL, {"name": name})


def test_missing_source_is_told(models, tmp_path):
    with pytest.raises(UsageError) as caught:
        models.add(tmp_path / "nowhere")
    assert caught.value.code == Code.NO_SUCH_PATH


def test_existing_name_is_refused(models, make_model, tmp_path):
    source = make_model()
    models.add(source)
    with pytest.raises(UsageError) as caught:
        models.add(source)
    assert caught.value.code == Code.MODEL_EXISTS
    assert caught.value.facts == {"name": "tiny", "path": str(tmp_path / "models" / "tiny")}


def test_shipped_name_is_refused(models):
    with pytest.raises(UsageError) as caught:
        models.add(SHIPPED_MODELS / "inkstone-embed-small")
    assert caught.value.code == Code.MODEL_EXISTS


def test_damaged_source_is_refused_and_leaves_nothing(models, make_model, tmp_path):
    source = make_model()
    (source / "model.onnx").write_bytes(b"damaged")
    with pytest.raises(BrokenInstallation) as caught:
        models.add(source)
    assert caught.value.code == Code.BAD_MODEL
    assert not (tmp_path / "models").exists()


def test_broken_model_hides_no_other_and_is_explained(models, make_model, tmp_path):
    models.add(make_model("broken"))
    models.add(make_model("sound"))
    (tmp_path / "models" / "broken" / "model.json").write_text("{", "utf-8")
    assert names(models) == ["inkstone-embed-small", "sound"]
    with pytest.raises(BrokenInstallation) as caught:
        models.folder("broken")
    assert caught.value.code == Code.BAD_MODEL


def test_model_that_lost_a_file_fails_its_check(models, make_model, tmp_path):
    models.add(make_model())
    (tmp_path / "models" / "tiny" / "tokenizer.json").unlink()
    assert names(models) == ["inkstone-embed-small", "tiny"]
    with pytest.raises(BrokenInstallation) as caught:
        models.check("tiny")
    assert reason(caught.value) == "tokenizer.json is missing"


def test_model_without_sense_fails_its_check(models, make_model):
    models.add(make_model(table=np.full((9, 3), np.nan, np.float32)))
    with pytest.raises(BrokenInstallation) as caught:
        models.check("tiny")
    assert caught.value.code == Code.BAD_MODEL


@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.ENOSPC, Code.NO_SPACE), (errno.EDQUOT, Code.NO_SPACE), (errno.EACCES, Code.CANNOT_WRITE)],
)
def test_failed_import_leaves_nothing_half_made(models, make_model, tmp_path, monkeypatch, number, code):
    def fail_on_second_file(source: Path, target: Path, tell) -> int:
        if source.name == "tokenizer.json":
            raise OSError(number, os.strerror(number))
        return target.write_bytes(source.read_bytes())

    monkeypatch.setattr("engine.models.catalog._copy_file", fail_on_second_file)
    with pytest.raises(BrokenInstallation) as caught:
        models.add(make_model())
    assert caught.value.code == code
    assert list((tmp_path / "models").iterdir()) == []


def test_removed_model_is_gone_and_may_come_again(models, make_model, tmp_path):
    source = make_model()
    models.add(source)
    models.remove("tiny")
    assert list((tmp_path / "models").iterdir()) == []
    with pytest.raises(UsageError) as caught:
        models.remove("tiny")
    assert caught.value.code is Code.NO_SUCH_MODEL
    told: list[tuple[int, int]] = []
    models.add(source, tell=lambda *at: told.append(at))
    assert told[-1][0] == told[-1][1] > 0


def test_import_that_was_killed_is_not_listed_and_can_be_repeated(models, make_model, tmp_path):
    source = make_model()
    left = tmp_path / "models" / ".importing-tiny"
    left.mkdir(parents=True)
    for name in ("model.json", "leftover.bin"):
        (left / name).write_bytes((source / "model.json").read_bytes())
    assert names(models) == ["inkstone-embed-small"]
    models.add(source)
    assert sorted(path.name for path in (tmp_path / "models").iterdir()) == ["tiny"]
    assert not (tmp_path / "models" / "tiny" / "leftover.bin").exists()


def test_next_import_removes_what_killed_ones_left(models, make_model, tmp_path):
    (tmp_path / "models" / ".importing-another" / "deep").mkdir(parents=True)
    models.add(make_model())
    assert sorted(path.name for path in (tmp_path / "models").iterdir()) == ["tiny"]


def test_chatglm3_folder_is_converted_and_named_after_itself(models, tmp_path):
    told: list[tuple[int, int]] = []
    source = make_folder(tmp_path / "My ChatGLM3 (new)")
    manifest = models.add(source, tell=lambda *bytes_: told.append(bytes_))
    shutil.rmtree(source)
    assert (manifest.name, manifest.kind, manifest.precision) == ("my-chatglm3-new", "generator", "int8")
    assert models.check("my-chatglm3-new") == manifest
    assert names(models)[1:] == ["my-chatglm3-new"]
    assert told[-1][0] == told[-1][1] == manifest.chat.weight_bytes
    assert told == sorted(told)
    again = models.add(tmp_path / "models" / "my-chatglm3-new", name="second")  # converted already: copied
    assert (again.name, again.files) == ("second", manifest.files)
    assert models.check("second") == again


def test_precision_and_name_can_be_chosen(models, tmp_path):
    source = make_folder(tmp_path / "chatglm3-6b")
    assert models.add(source, "float16", "precise").precision == "float16"
    assert models.add(source, "int8_bfloat16").name == "chatglm3-6b"
    with pytest.raises(UsageError) as caught:
        models.add(source)
    assert caught.value.code == Code.MODEL_EXISTS


def test_wrong_choices_are_told(models, make_model, tmp_path):
    source = make_folder(tmp_path / "chatglm3-6b")
    for arguments, code in ((("int4",), Code.NO_SUCH_COMPUTE_TYPE), ((None, "../a"), Code.BAD_MODEL_NAME)):
        with pytest.raises(UsageError) as caught:
            models.add(source, *arguments)
        assert caught.value.code == code
    with pytest.raises(UsageError) as caught:
        models.add(make_model(), "int8")
    assert caught.value.code == Code.ALREADY_CONVERTED
    assert names(models) == ["inkstone-embed-small"]


def test_folder_of_another_model_is_refused(models, tmp_path):
    folder = tmp_path / "llama"
    folder.mkdir()
    (folder / "config.json").write_text('{"architectures": ["LlamaForCausalLM"], "model_type": "llama"}', "utf-8")
    with pytest.raises(BrokenInstallation) as caught:
        models.add(folder)
    assert caught.value.code == Code.NOT_CHATGLM3
    assert reason(caught.value) == "config.json describes LlamaForCausalLM"
