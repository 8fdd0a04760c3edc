"""A converted ChatGLM3 computes what the original does, and what cannot be converted is named."""

from __future__ import annotations

import json
import shutil
import threading
from collections import namedtuple
from dataclasses import replace
from pathlib import Path
from typing import Any

import chatglm_reference
import ctranslate2
import numpy as np
import pytest
from chatglm_folders import Tiny, make_folder, pieces, random_weights, write_weights
from refusing import reason
from tokenizers import Tokenizer

from engine.errors import BrokenInstallation, Code, UsageError
from engine.models import converting
from engine.models.converting import COMPUTE_TYPES, convert
from engine.models.manifest import Manifest

SIZES = {
    "two groups": Tiny(),
    "one group": Tiny(groups=1, seed=1),
    "every head its own": Tiny(groups=4, seed=2),
    "stretched rotation": Tiny(rope_ratio=50, seed=3),
    "heads wider than the state": Tiny(hidden=48, heads=4, channels=32, ffn=80, layers=3, seed=4),
    "bfloat16": Tiny(dtype="bfloat16", seed=5),
    "wide": Tiny(layers=1, hidden=256, heads=8, groups=2, channels=32, ffn=700, dtype="float32", seed=6),
}


def ids_for(tiny: Tiny, count: int) -> list[int]:
    return [int(number) for number in np.random.default_rng(7).integers(3, tiny.padded, count)]


def open_model(folder: Path) -> ctranslate2.Generator:
    return ctranslate2.Generator(str(folder), compute_type="float32", intra_threads=1)


def our_logits(folder: Path, ids: list[int]) -> np.ndarray:
    return np.array(open_model(folder).forward_batch([[str(id) for id in ids]]))[0]


def glm(folder: Path, tiny: Tiny) -> Any:
    """transformers' own model of the same weights, written in its layout."""
    torch = pytest.importorskip("torch")
    from transformers import GlmForCausalLM

    make_folder(folder, tiny, layout="glm")
    return GlmForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()


def glm_logits(model: Any, ids: list[int]) -> np.ndarray:
    import torch

    with torch.no_grad():
        return model(torch.tensor([ids])).logits[0].numpy()


@pytest.mark.parametrize("tiny", SIZES.values(), ids=SIZES)
def test_logits_and_greedy_text_are_those_of_transformers(tmp_path, tiny):
    ids = ids_for(tiny, 50)
    convert(make_folder(tmp_path / "hub", tiny), tmp_path / "ours", "float32")
    model = glm(tmp_path / "glm", tiny)
    theirs = glm_logits(model, ids)
    assert np.abs(theirs).max() > 3  # there is something to compare
    np.testing.assert_allclose(our_logits(tmp_path / "ours", ids), theirs, rtol=0, atol=1e-4)
    import torch

    torch_text = model.generate(
        torch.tensor([ids]), max_new_tokens=40, do_sample=False, eos_token_id=tiny.padded + 1, pad_token_id=0
    )
    (result,) = open_model(tmp_path / "ours").generate_batch(
        [[str(id) for id in ids]], max_length=40, end_token=[], include_prompt_in_result=False
    )
    assert result.sequences_ids[0] == torch_text[0, len(ids) :].tolist()


def test_long_input_agrees(tmp_path):
    tiny = Tiny(layers=1, rope_ratio=50, seq_length=8192)
    ids = ids_for(tiny, 2000)
    convert(make_folder(tmp_path / "hub", tiny), tmp_path / "ours", "float32")
    theirs = glm_logits(glm(tmp_path / "glm", tiny), ids)
    np.testing.assert_allclose(our_logits(tmp_path / "ours", ids), theirs, rtol=0, atol=1e-4)


@pytest.mark.parametrize("name", ["two groups", "one group", "stretched rotation", "heads wider than the state"])
def test_logits_are_those_of_an_independent_reading(tmp_path, name):
    tiny = SIZES[name]
    ids = ids_for(tiny, 30)
    convert(make_folder(tmp_path / "hub", tiny), tmp_path / "ours", "float32")
    theirs = chatglm_reference.logits(random_weights(tiny), tiny, ids)
    np.testing.assert_allclose(our_logits(tmp_path / "ours", ids), theirs, rtol=0, atol=1e-4)


def test_every_form_of_one_model_becomes_the_same_file(tmp_path):
    pytest.importorskip("torch")
    weights = []
    for layout in ("chatglm", "glm"):
        for files in ("safetensors", "bin"):
            for shards in (1, 3):
                name = f"{layout}-{files}-{shards}"
                folder = make_folder(tmp_path / name, layout=layout, files=files, shards=shards)
                weights.append(convert(folder, tmp_path / f"ours-{name}").files[0].sha256)
    assert len(weights) == 8
    assert len({*weights}) == 1


@pytest.mark.parametrize("compute_type", COMPUTE_TYPES)
def test_precision_is_what_was_asked_for(tmp_path, compute_type):
    told: list[tuple[int, int]] = []
    source = make_folder(tmp_path / "hub", files="safetensors")
    manifest = convert(source, tmp_path / "ours", compute_type, lambda *bytes_: told.append(bytes_))
    assert manifest.precision == compute_type
    assert told[-1] == (manifest.chat.weight_bytes, manifest.chat.weight_bytes)
    in_file = (tmp_path / "ours" / "model.bin").stat().st_size
    assert 0 <= in_file - manifest.chat.weight_bytes < 10_000
    ids = ids_for(Tiny(), 40)
    exact = chatglm_reference.logits(random_weights(Tiny()), Tiny(), ids)
    close = {"float32": 1e-4, "float16": 0.05, "bfloat16": 0.4}.get(compute_type, 0.6)
    assert np.abs(our_logits(tmp_path / "ours", ids) - exact).max() < close


@pytest.mark.parametrize("compute_type", ["int8_float16", "int8_bfloat16", "float16", "bfloat16", "float32"])
def test_file_is_the_one_that_ctranslate2_would_write(tmp_path, compute_type):
    """Its own optimisation of a float32 spec, all in memory, against ours, lazily and by blocks."""
    if "bfloat16" in compute_type:
        pytest.importorskip("torch")
    folder = make_folder(tmp_path / "hub", Tiny(dtype="float32", hidden=640, ffn=900))
    convert(folder, tmp_path / "ours", compute_type)
    saved: list[Any] = []

    def save_theirs(spec: Any, target: Path) -> str:
        for variable, value in spec.variables().items():
            if hasattr(value, "to_bytes") and not value.is_scalar():
                parent, name = variable.rsplit("/", 1)
                array = np.frombuffer(value.to_bytes(), np.float32).reshape(value.shape)
                place = spec
                for part in parent.split("/"):
                    stem, _, number = part.rpartition("_")
                    is_item = number.isdigit() and not hasattr(place, part)
                    place = getattr(place, stem)[int(number)] if is_item else getattr(place, part)
                setattr(place, name, array.copy())
        spec.validate()
        spec.optimize(compute_type)
        spec.save(str(target))
        saved.append(target)
        return "0" * 64

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(converting, "_save", save_theirs)
        convert(folder, tmp_path / "theirs", "float32")
    assert saved
    for name in ("model.bin", "config.json", "vocabulary.json"):
        assert (tmp_path / "ours" / name).read_bytes() == (tmp_path / "theirs" / name).read_bytes(), name


def test_tied_output_is_the_embedding(tmp_path):
    weights = random_weights(Tiny())
    weights["transformer.output_layer.weight"] = weights["transformer.embedding.word_embeddings.weight"]
    untied = make_folder(tmp_path / "untied", weights=weights)
    tied = make_folder(tmp_path / "tied", weights=weights)
    del weights["transformer.output_layer.weight"]
    write_weights(tied, weights, "safetensors", 1, "float16")
    config = json.loads((tied / "config.json").read_text("utf-8")) | {"tie_word_embeddings": True}
    (tied / "config.json").write_text(json.dumps(config), "utf-8")
    assert convert(tied, tmp_path / "a").files[0] == convert(untied, tmp_path / "b").files[0]


def test_folder_is_a_model_of_ours(tmp_path):
    tiny = Tiny(seq_length=4096)
    manifest = convert(make_folder(tmp_path / "hub", tiny), tmp_path / "chatglm3-6b")
    manifest.verify(tmp_path / "chatglm3-6b")
    assert Manifest.load(tmp_path / "chatglm3-6b") == manifest
    assert (manifest.name, manifest.kind, manifest.max_tokens) == ("chatglm3-6b", "generator", 4096)
    assert manifest.prompt_version is None
    count, ids = len(pieces()), manifest.chat.special_ids
    assert (ids["[gMASK]"], ids["sop"], ids["<|system|>"]) == (count + 1, count + 3, count + 5)
    assert (ids["<|user|>"], ids["<|assistant|>"], ids["<|observation|>"]) == (count + 6, count + 7, count + 8)
    assert manifest.chat.end_ids == (2, ids["<|user|>"], ids["<|observation|>"])
    assert manifest.chat.cache_values == 2 * 2 * 4 * 16
    vocabulary = json.loads((tmp_path / "chatglm3-6b" / "vocabulary.json").read_text("utf-8"))
    assert vocabulary == [str(number) for number in range(tiny.padded)]
    tokenizer = Tokenizer.from_file(str(tmp_path / "chatglm3-6b" / "tokenizer.json"))
    assert tokenizer.encode("the red fox").tokens == ["▁the", "▁red", "▁fox"]


def test_spare_tensors_do_no_harm(tmp_path):
    weights = random_weights(Tiny()) | {"transformer.rotary_pos_emb.inv_freq": np.ones(4, np.float32)}
    assert convert(make_folder(tmp_path / "hub", weights=weights), tmp_path / "ours")


# --- what is refused ---------------------------------------------------------------------------------------------

QKV = "transformer.encoder.layers.1.self_attention.query_key_value.weight"
DOWN = "transformer.encoder.layers.0.mlp.dense_4h_to_h.weight"


def refusal(folder: Path, target: Path, compute_type: str = "int8") -> str:
    with pytest.raises(BrokenInstallation) as caught:
        convert(folder, target / "models" / "ours", compute_type)
    assert (caught.value.code, caught.value.facts["path"]) == (Code.BAD_MODEL, str(folder))
    assert not (target / "models").exists() or [*(target / "models").iterdir()] == []
    return reason(caught.value)


def test_missing_tensor_is_named(tmp_path):
    weights = random_weights(Tiny())
    del weights[QKV]
    assert refusal(make_folder(tmp_path / "hub", weights=weights), tmp_path) == f"the tensor {QKV} is missing"


def test_wrong_shape_is_named(tmp_path):
    weights = random_weights(Tiny())
    weights[DOWN] = weights[DOWN].T.copy()
    why = refusal(make_folder(tmp_path / "hub", weights=weights), tmp_path)
    assert why == f"{DOWN} has the shape (96, 64) instead of (64, 96)"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("base_model.model.transformer.encoder.layers.0.lora_A.weight", "a LoRA adapter that is not merged"),
        ("transformer.prefix_encoder.embedding.weight", "a P-Tuning prefix"),
        (f"{QKV}_scale", "quantised already"),
        (f"{QKV}.absmax", "quantised already"),
        ("vision.weight", "a tensor that ChatGLM3 does not have: vision.weight"),
    ],
)
def test_foreign_tensor_is_explained(tmp_path, name, words):
    weights = random_weights(Tiny()) | {name: np.ones(3, np.float32)}
    assert words in refusal(make_folder(tmp_path / "hub", weights=weights), tmp_path)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("compute_type", ["int8", "float16", "float32"])
def test_values_that_are_no_numbers_are_named(tmp_path, bad, compute_type):
    weights = random_weights(Tiny())
    weights[QKV][100, 7] = bad
    why = refusal(make_folder(tmp_path / "hub", weights=weights), tmp_path, compute_type)
    assert why == f"{QKV} in model.safetensors holds values that are infinite or no numbers"


def test_values_too_large_for_float16_are_named(tmp_path):
    weights = random_weights(Tiny())
    weights[DOWN][0, 0] = 70_000
    folder = make_folder(tmp_path / "hub", Tiny(dtype="float32"), weights=weights)
    assert refusal(folder, tmp_path, "float16").startswith(f"{DOWN} holds values too large for float16")


def test_whole_numbers_are_refused(tmp_path):
    folder = make_folder(tmp_path / "hub")
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes().replace(b'"F16"', b'"I16"'))
    assert refusal(folder, tmp_path).endswith("is stored as I16; float16, bfloat16 and float32 can be read")


def test_tokenizer_must_be_there_and_fit(tmp_path):
    folder = make_folder(tmp_path / "hub")
    whole = (folder / "tokenizer.model").read_bytes()
    (folder / "tokenizer.model").write_bytes(whole[: len(whole) // 2])
    assert refusal(folder, tmp_path).startswith("tokenizer.model ")
    (folder / "tokenizer.model").unlink()
    assert refusal(folder, tmp_path) == "there is no tokenizer.model in it"
    small = replace(Tiny(), vocabulary=len(pieces()) + 8)
    assert "but the weights only" in refusal(make_folder(tmp_path / "small", small), tmp_path)


def test_hostile_weights_are_not_run(tmp_path):
    torch = pytest.importorskip("torch")
    folder = make_folder(tmp_path / "hub")
    (folder / "model.safetensors").unlink()

    class Hostile:
        def __reduce__(self) -> object:
            return eval, (f"open({str(tmp_path / 'was-run')!r}, 'w')",)

    torch.save({"a": Hostile()}, folder / "pytorch_model.bin")
    assert "eval, which is not run" in refusal(folder, tmp_path)
    assert not (tmp_path / "was-run").exists()


def test_full_disk_is_told_before_it_starts(tmp_path, monkeypatch):
    usage = namedtuple("usage", "total used free")(10**9, 10**9, 10**6)
    monkeypatch.setattr("engine.models.converting.shutil.disk_usage", lambda path: usage)
    with pytest.raises(BrokenInstallation) as caught:
        convert(make_folder(tmp_path / "hub"), tmp_path / "models" / "ours")
    assert caught.value.code == Code.NO_SPACE_FOR_MODEL
    assert caught.value.facts == {"path": str(tmp_path / "models"), "needed": "0.1", "free": "0.0"}
    assert not (tmp_path / "models").exists()


def test_interrupted_conversion_leaves_nothing(tmp_path):
    def interrupt(done: int, total: int) -> None:
        if done > total / 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        convert(make_folder(tmp_path / "hub"), tmp_path / "models" / "ours", tell=interrupt)
    assert [*(tmp_path / "models").iterdir()] == []


def test_interruption_while_the_hashing_thread_starts_leaves_no_thread(tmp_path, monkeypatch):
    class Interrupted(converting.ThreadPoolExecutor):
        def submit(self, *work):
            task = super().submit(*work)
            if self._thread_name_prefix == "hashing":
                self._threads.clear()  # as when Ctrl+C strikes between the start of the thread and the note of it
                raise KeyboardInterrupt
            return task

    monkeypatch.setattr(converting, "ThreadPoolExecutor", Interrupted)
    with pytest.raises(KeyboardInterrupt):
        convert(make_folder(tmp_path / "hub"), tmp_path / "models" / "ours")
    for thread in threading.enumerate():
        if thread.name.startswith("hashing"):
            thread.join(10)
            assert not thread.is_alive()


def test_shard_that_vanishes_meanwhile_leaves_nothing(tmp_path):
    folder = make_folder(tmp_path / "hub", shards=2)

    def vanish(done: int, total: int) -> None:
        shutil.rmtree(folder, ignore_errors=True)

    with pytest.raises(BrokenInstallation) as caught:
        convert(folder, tmp_path / "models" / "ours", tell=vanish)
    assert caught.value.code == Code.BAD_MODEL
    assert [*(tmp_path / "models").iterdir()] == []


def test_unknown_precision_and_existing_target_are_told(tmp_path):
    folder = make_folder(tmp_path / "hub")
    with pytest.raises(UsageError) as caught:
        convert(folder, tmp_path / "ours", "int4")
    assert caught.value.code == Code.NO_SUCH_COMPUTE_TYPE
    with pytest.raises(UsageError) as caught:
        convert(folder, folder)
    assert caught.value.code == Code.MODEL_EXISTS
