"""Texts become vectors of unit length, by a transformer encoder on the CPU."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.models.closeness import CosineScale
from engine.models.flaws import Flaw, refused
from engine.models.manifest import Manifest
from engine.models.networks import Network
from engine.models.wordpieces import Ids, WordPieces

WEIGHTS = "model.onnx"
TOKENIZER = "tokenizer.json"

Vector = npt.NDArray[np.float32]


class Embedder:
    """A verified embedding model, ready for use. Its methods may be called from several threads."""

    def __init__(self, folder: Path, manifest: Manifest, pieces: WordPieces, network: Network) -> None:
        assert manifest.dimension is not None  # an embedder's always is: the manifest was checked
        self.id = manifest.id
        self.name = manifest.name
        self.dimension = manifest.dimension
        self.max_tokens = manifest.max_tokens
        self.languages = manifest.languages
        self.closeness = (manifest.scale or CosineScale()).closeness  # of a cosine of this embedder
        self._folder = folder
        self._manifest = manifest
        self._pieces = pieces
        self._network = network

    @classmethod
    def open(cls, folder: Path, threads: int) -> Embedder:
        """Verifies the model in `folder` and loads it; `threads` cores work on each text.

        Raises BrokenInstallation(BAD_MODEL) with the reason.
        """
        manifest = Manifest.verified(folder, "embedder", (WEIGHTS, TOKENIZER))
        try:
            pieces = WordPieces.open(folder / TOKENIZER, manifest.max_tokens)
        except Flaw as flaw:
            raise flaw.of(folder, file=TOKENIZER) from flaw
        try:
            network = Network.open(folder / WEIGHTS, threads)
        except Flaw as flaw:
            raise flaw.of(folder, file=WEIGHTS) from flaw
        return cls(folder, manifest, pieces, network)

    def embed_passages(self, texts: Sequence[str]) -> Vector:
        """(n, dimension), unit length, in the order of `texts`.

        Texts go through one at a time: on a CPU that is faster than a padded batch, and int8 scales are per
        tensor, so that within a batch a text's vector would depend on its neighbours. What exceeds max_tokens is
        read in windows whose vectors are averaged: on 228 questions about passages of 257-512 tokens recall@1 is
        0.52, with the end cut off 0.50, in one window of 512 (twice what MiniLM was trained on) 0.46.
        """
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            vectors[row] = self._embed(self._manifest.passage_prefix + text)
        return vectors

    def embed_query(self, text: str) -> Vector:
        """(dimension,), unit length."""
        return self._embed(self._manifest.query_prefix + text)

    def rest(self) -> None:
        """Give back the memory that long texts took."""
        self._network.rest(self._pieces.windows("a")[0])

    def known_share(self, text: str) -> float:
        """The share (0..1) of the text's letters and digits that the vocabulary knows; 0 for a text without any.

        Low means that the vector says little about the text, so that keywords should decide.
        """
        return self._pieces.known_share(text)

    def check_limits(self, most_tokens: int) -> None:
        """Tries the tokenizer's highest id, and as many tokens as are allowed, though no more than `most_tokens`.

        Raises BrokenInstallation(BAD_MODEL).
        """
        highest, count = self._pieces.highest_id, min(self.max_tokens, most_tokens)
        try:
            self._network.states(np.array([highest], np.int64))
        except Flaw as flaw:
            raise refused(self._folder, "few_vectors", file=TOKENIZER, id=highest) from flaw
        try:
            self._network.states(np.full(count, self._pieces.windows("a")[0][0]))
        except Flaw as flaw:
            raise refused(self._folder, "few_positions", file=WEIGHTS, count=count) from flaw

    def _embed(self, text: str) -> Vector:
        try:
            windows = self._pieces.windows(text)
        except Flaw as flaw:
            raise flaw.of(self._folder, file=TOKENIZER) from flaw
        return self._unit(np.mean([self._unit(self._pool(ids)) for ids in windows], axis=0))

    def _pool(self, ids: Ids) -> Vector:
        """Token ids (tokens,) to one vector (dimension,) of any length."""
        try:
            states = self._network.states(ids)
        except Flaw as flaw:
            raise flaw.of(self._folder) from flaw
        if states.shape != (len(ids), self.dimension):
            wanted = (len(ids), self.dimension)
            raise refused(self._folder, "wrong_output", shape=states.shape, wanted=wanted)
        pooled: Vector = states[0] if self._manifest.pooling == "cls" else states.mean(axis=0)
        return pooled

    def _unit(self, vector: Vector) -> Vector:
        length = np.linalg.norm(vector)
        if not 0 < length < np.inf:  # false for NaN too
            raise refused(self._folder, "no_length")
        return vector / length
