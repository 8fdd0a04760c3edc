"""An encoder's ONNX file, loaded: token ids become a state for each token, on the CPU.

The one door of onnxruntime's runtime.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime as ort

from engine.models.flaws import Flaw
from engine.models.wordpieces import Ids

States = npt.NDArray[np.float32]  # (tokens, width)

_IDS = {"tensor(int64)": np.int64, "tensor(int32)": np.int32}
_STATES = ("last_hidden_state", "token_embeddings")  # as exporters call them


class Network:
    """Safe to call from several threads."""

    def __init__(self, session: ort.InferenceSession) -> None:
        """Raises Flaw when it wants inputs that no encoder of text has."""
        self._session = session
        wanted = {each.name: each.type for each in session.get_inputs()}
        if unknown := wanted.keys() - {"input_ids", "attention_mask", "token_type_ids"}:
            raise Flaw("unknown_inputs", names=", ".join(sorted(unknown)))
        if strange := [f"{name} {kind}" for name, kind in sorted(wanted.items()) if kind not in _IDS]:
            raise Flaw("unknown_inputs", names=", ".join(strange))
        self._inputs = {name: _IDS[kind] for name, kind in wanted.items()}
        names = [each.name for each in session.get_outputs()]
        self._quiet = ort.RunOptions()
        self._quiet.log_severity_level = 4  # what fails is raised; onnxruntime would print it, too
        self._output = next((name for name in _STATES if name in names), names[0])

    @classmethod
    def open(cls, path: Path, threads: int) -> Network:
        """`threads` cores work on each text. Raises Flaw when onnxruntime cannot load the file."""
        ort.disable_telemetry_events()
        options = ort.SessionOptions()
        options.intra_op_num_threads = max(1, threads)
        options.inter_op_num_threads = 1
        options.log_severity_level = 3  # errors only
        # Planned memory fits one shape, and every text has its own length: without it 133 MB instead of 161, no slower.
        options.enable_mem_pattern = False
        # Waiting cores are left to the other work; on a shared machine spinning costs speed too.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            session = ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime's own errors share no narrower base
            words = re.sub(r"^.* failed:", "", str(error), count=1, flags=re.DOTALL)  # the path of the file
            raise Flaw("unusable_file", words=words) from error
        return cls(session)

    def rest(self, ids: Ids) -> None:
        """Give back what long rows took: a run of `ids`, a short one, after which the arena shrinks to its need."""
        shrinking = ort.RunOptions()
        shrinking.log_severity_level = 4
        shrinking.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
        self._session.run([self._output], self._given(ids), shrinking)

    def states(self, ids: Ids, types: Ids | None = None) -> States:
        """(tokens,) to (tokens, width); `types` tell the two texts of a pair apart, None: there is one.

        Raises Flaw when it gives something else, or fails.
        """
        try:
            found = self._session.run([self._output], self._given(ids, types), self._quiet)[0]
        except Exception as error:  # onnxruntime's own errors share no narrower base
            raise Flaw("library_says", words=error) from error
        if found.ndim != 3 or found.shape[:2] != (1, ids.size):
            raise Flaw("no_states", output=self._output, shape=found.shape, count=ids.size)
        states: States = found[0].astype(np.float32, copy=False)
        return states

    def _given(self, ids: Ids, types: Ids | None = None) -> dict[str, Ids]:
        row = ids[None, :]  # (1, tokens)
        kinds = np.zeros_like(row) if types is None else types[None, :]
        feeds = {"input_ids": row, "attention_mask": np.ones_like(row), "token_type_ids": kinds}
        return {name: feeds[name].astype(kind, copy=False) for name, kind in self._inputs.items()}
