"""An embedding model to be measured, as training left it or as the engine serves it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from engine.models.embedder import Embedder
from engine.models.manifest import FILE_NAME, Manifest
from training.data.normalising import language_of
from training.errors import TrainingError
from training.evaluating.results import engine_errors_said

Vectors = npt.NDArray[np.float32]


class Encoder(Protocol):
    """Texts to vectors (n, dimension) float32 of unit length, in their order."""

    name: str
    prefixes: dict[str, str]  # what stands before a question, by its language
    max_tokens: int

    def queries(self, texts: Sequence[str]) -> Vectors: ...

    def passages(self, texts: Sequence[str]) -> Vectors: ...


def open_encoder(model: str, query_prefix: str | None, max_tokens: int | None = None) -> Encoder:
    """`model`: an exported folder (model.json), one of sentence-transformers (modules.json), or minilm.

    `query_prefix` None is the model's own. Raises TrainingError.
    """
    if (Path(model) / FILE_NAME).exists():
        if query_prefix is not None or max_tokens is not None:
            raise TrainingError(f"{model} says itself how it is used: leave out --query-prefix and --max-tokens.")
        return _Exported(Path(model))
    from training.embedding.folders import model_folder  # transformers take seconds, and exported models do without

    folder = model_folder(model)
    if not (folder / "modules.json").exists():
        raise TrainingError(f"{model} is no embedding model: it has neither {FILE_NAME} nor modules.json.")
    return _SentenceTransformer(folder, model, query_prefix, max_tokens)


class _Exported:
    def __init__(self, folder: Path) -> None:
        with engine_errors_said():
            self._embedder = Embedder.open(
                folder, threads=int(os.environ.get("OMP_NUM_THREADS") or os.cpu_count() or 1)
            )
            self.prefixes = dict.fromkeys(("en", "zh"), Manifest.load(folder).query_prefix)
        self.name = self._embedder.id
        self.max_tokens = self._embedder.max_tokens

    def queries(self, texts: Sequence[str]) -> Vectors:
        with engine_errors_said():
            return np.stack([self._embedder.embed_query(text) for text in texts])

    def passages(self, texts: Sequence[str]) -> Vectors:
        with engine_errors_said():
            return self._embedder.embed_passages(texts)


class _SentenceTransformer:
    """Pooling and prompts are the folder's own; what exceeds `max_tokens` is cut off."""

    def __init__(self, folder: Path, name: str, query_prefix: str | None, max_tokens: int | None) -> None:
        from sentence_transformers import SentenceTransformer  # seconds, and gigabytes of libraries

        try:
            self._model = SentenceTransformer(str(folder), local_files_only=True)
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            raise TrainingError(f"{folder} cannot be opened by sentence-transformers: {error}") from error
        self._model.max_seq_length = max_tokens or self._model.max_seq_length
        self.name = name if name == "minilm" else folder.resolve().name
        self.prefixes = {language: self._prefix(language, query_prefix) for language in ("en", "zh")}
        self.max_tokens = self._model.max_seq_length

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self._encode([self.prefixes[language_of(text)] + text for text in texts])

    def passages(self, texts: Sequence[str]) -> Vectors:
        prefix = next((self._model.prompts[name] for name in _OF_PASSAGES if self._model.prompts.get(name)), "")
        return self._encode([prefix + text for text in texts])

    def _prefix(self, language: str, chosen: str | None) -> str:
        if chosen is not None:
            return chosen
        prompts = self._model.prompts
        return prompts.get(f"query_{language}", "") or prompts.get("query", "") or ""

    def _encode(self, texts: Sequence[str]) -> Vectors:
        vectors = self._model.encode(
            list(texts), prompt="", batch_size=len(texts), normalize_embeddings=True, show_progress_bar=False
        )
        return vectors.astype(np.float32, copy=False)


_OF_PASSAGES = ("document", "passage", "corpus")  # names that sentence-transformers gives a passage's prompt


def _threads() -> int:
    """As torch counts them, so that both kinds of model can be held to the same."""
    return int(os.environ.get("OMP_NUM_THREADS") or os.cpu_count() or 1)
