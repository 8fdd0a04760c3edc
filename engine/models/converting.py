"""A ChatGLM3 folder becomes a model of ours, run by CTranslate2: one weight at a time, without torch.

CTranslate2 has no converter for ChatGLM3, but its decoder is the same model: RMS norms before each part, gated SiLU,
a rotation of the first half of each head in interleaved pairs, shared key/value heads, biases on q, k and v alone.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from ctranslate2.specs import TransformerDecoderModelSpec, common_spec

from engine.errors import BrokenInstallation, Code, UsageError
from engine.hashing import sha256_of
from engine.models import chatglm, sentencepieces
from engine.models.arriving import arriving
from engine.models.chatglm import END_OF_TEXT, SPECIALS, Shape
from engine.models.flaws import Flaw, refused
from engine.models.lazy_weights import Floats, Quantised, Tell, Writer, match
from engine.models.manifest import Chat, Manifest, ModelFile
from engine.models.weights import Layer, Weight

COMPUTE_TYPES = {  # name: what matrices become, what the rest becomes
    "int8": ("int8", "float32"),
    "int8_float16": ("int8", "float16"),
    "int8_bfloat16": ("int8", "bfloat16"),
    "float16": ("float16", "float16"),
    "bfloat16": ("bfloat16", "bfloat16"),
    "float32": ("float32", "float32"),
}

_ENDS = ("<|user|>", "<|observation|>")

_SPARE_BYTES = 64 << 20  # beside the weights: tokenizer, vocabulary, and some room


def convert(folder: Path, target: Path, compute_type: str = "int8", tell: Tell = lambda *_: None) -> Manifest:
    """Converts the ChatGLM3 in `folder` into the new folder `target`, whose name is the model's.

    Raises UsageError(NO_SUCH_COMPUTE_TYPE, MODEL_EXISTS) or BrokenInstallation(BAD_MODEL, NOT_CHATGLM3,
    NO_SPACE_FOR_MODEL before anything is written, NO_SPACE, CANNOT_WRITE).
    """
    if compute_type not in COMPUTE_TYPES:
        raise UsageError(Code.NO_SUCH_COMPUTE_TYPE, name=compute_type, known=", ".join(COMPUTE_TYPES))
    if target.exists():
        raise UsageError(Code.MODEL_EXISTS, name=target.name, path=str(target))
    shape = chatglm.read(folder)
    tokenizer, specials = read_tokenizer(folder, shape)
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1), "converting") as pool:
        writer = Writer(match(folder, shape), COMPUTE_TYPES[compute_type], pool, tell)
        spec = _spec(shape, writer)
        _check_room(target, writer.total_bytes)
        with arriving(target) as temporary:
            (temporary / "tokenizer.json").write_text(tokenizer, "utf-8", newline="\n")
            digest = _save(spec, temporary)
            chat = Chat(specials, end_ids(specials), shape.cache_values, writer.total_bytes)
            manifest = Manifest(
                name=target.name,
                kind="generator",
                files=(ModelFile("model.bin", digest), *_hashed(temporary)),
                max_tokens=shape.max_tokens,
                prompt_version=shape.prompt_version,
                languages=("zh", "en"),
                base_model="ChatGLM3",
                precision=compute_type,
                chat=chat,
            )
            manifest.save(temporary)
    return manifest


# --- the tokenizer -----------------------------------------------------------------------------------------------


def read_tokenizer(folder: Path, shape: Shape) -> tuple[str, dict[str, int]]:
    """tokenizer.json's text, and the ids of the special tokens. Raises BrokenInstallation(BAD_MODEL)."""
    name = chatglm.TOKENIZER
    try:
        model = (folder / name).read_bytes()
        text, count = sentencepieces.tokenizer_json(model), sentencepieces.piece_count(model)
    except FileNotFoundError:
        raise refused(folder, "no_file", file=name) from None
    except OSError as error:
        raise refused(folder, "unreadable_file", file=name, words=error.strerror or error) from error
    except Flaw as flaw:
        raise flaw.of(folder, file=name) from flaw
    if count + len(SPECIALS) > shape.vocabulary:
        specials, rows = len(SPECIALS), shape.vocabulary
        raise refused(folder, "few_rows", file=name, pieces=count, specials=specials, rows=rows)
    return text, {special: count + place for place, special in enumerate(SPECIALS)}


def end_ids(specials: dict[str, int]) -> tuple[int, ...]:
    """Any of them ends an answer; the first is what fine-tunes learn to end with, </s>."""
    return (END_OF_TEXT, *(specials[name] for name in _ENDS))


# --- the spec ----------------------------------------------------------------------------------------------------


def _spec(shape: Shape, writer: Writer) -> Any:
    spec = TransformerDecoderModelSpec.from_config(
        shape.layers,
        shape.heads,
        activation=common_spec.Activation.SWISH,
        pre_norm=True,
        ffn_glu=True,
        rms_norm=True,
        rotary_dim=shape.head_dim // 2,
        rotary_interleave=True,
        rotary_base=shape.rope_base,
        num_heads_kv=shape.groups,
        head_dim=shape.head_dim,
    )
    places, decoder = writer.source.places, spec.decoder
    decoder.scale_embeddings = False
    _set_matrix(decoder.embeddings, writer, places.embedding)
    for layer, place in zip(decoder.layer, places.layers, strict=True):
        _set_layer(layer, writer, place)
    decoder.layer_norm.gamma = Floats(writer, places.final_norm, writer.vector_dtype)
    _set_matrix(decoder.projection, writer, places.output)
    # The runtime is given and gives ids; words are tokenizer.json's work alone.
    spec.register_vocabulary([str(number) for number in range(shape.vocabulary)])
    spec.config.unk_token, spec.config.bos_token, spec.config.eos_token = "0", "1", str(END_OF_TEXT)
    spec.config.layer_norm_epsilon = shape.norm_epsilon
    spec.validate()
    return spec


def _set_layer(layer: Any, writer: Writer, place: Layer) -> None:
    attention, ffn = layer.self_attention, layer.ffn
    attention.layer_norm.gamma = Floats(writer, place.attention_norm, writer.vector_dtype)
    _set_matrix(attention.linear[0], writer, place.qkv)
    if place.qkv_bias:
        attention.linear[0].bias = Floats(writer, place.qkv_bias, writer.vector_dtype)
    _set_matrix(attention.linear[1], writer, place.attention_out)
    ffn.layer_norm.gamma = Floats(writer, place.ffn_norm, writer.vector_dtype)
    _set_matrix(ffn.linear_0, writer, place.gate)
    _set_matrix(ffn.linear_0_noact, writer, place.up)
    _set_matrix(ffn.linear_1, writer, place.down)


def _set_matrix(linear: Any, writer: Writer, weight: Weight) -> None:
    if writer.matrix_dtype == "int8":
        linear.weight = Quantised(writer, weight)
        linear.weight_scale = linear.weight.scale
    else:
        linear.weight = Floats(writer, weight, writer.matrix_dtype)


# --- the disk ----------------------------------------------------------------------------------------------------


def _check_room(target: Path, weight_bytes: int) -> None:
    needed = weight_bytes + _SPARE_BYTES
    there = next(folder for folder in target.absolute().parents if folder.exists())
    free = shutil.disk_usage(there).free
    if free < needed:
        facts = {"needed": f"{needed / 1e9:.1f}", "free": f"{free / 1e9:.1f}"}
        raise BrokenInstallation(Code.NO_SPACE_FOR_MODEL, path=str(target.parent), **facts)


def _save(spec: Any, folder: Path) -> str:
    """Writes CTranslate2's files; the sha256 of model.bin."""
    path, written = folder / "model.bin", threading.Event()
    path.touch()
    # The event is set before the pool waits for its thread, and whatever happens: Ctrl+C may strike while that thread
    # is being started, and it would then follow the file for ever.
    with ThreadPoolExecutor(1, "hashing") as pool, ExitStack() as before_waiting:
        before_waiting.callback(written.set)
        digest: Future[str] = pool.submit(_hash_while_written, path, written)
        spec.save(str(folder))
    return digest.result()


def _hash_while_written(path: Path, written: threading.Event) -> str:
    """Follows a growing file to its end: hashing 6 GB afterwards would take as long as half of the conversion."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while True:
            complete = written.is_set()  # asked before reading: what is read then is the rest
            if block := stream.read(1 << 20):
                digest.update(block)
            elif complete:
                return digest.hexdigest()
            else:
                written.wait(0.05)


def _hashed(folder: Path) -> Iterator[ModelFile]:
    for name in ("config.json", "vocabulary.json", "tokenizer.json"):
        yield ModelFile(name, sha256_of(folder / name))
