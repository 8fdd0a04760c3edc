"""The one door to rapidocr: a picture becomes lines of text with the corners of each.

Loaded in a child process only: it holds 300 MB, and a picture may keep it for minutes. rapidocr fetches a model that it
is not given from the network; so it is given every one by its path, and those are checked to be there before.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import rapidocr as untyped
from numpy.typing import NDArray
from rapidocr.main import RapidOCRError

from engine.documents.ocr_files import OcrFiles
from engine.documents.ocr_found import FoundLine, FoundText

rapidocr: Any = untyped  # it has no types to check against

Picture = NDArray[np.uint8]  # (height, width), grey

_LEAST_SCORE = 0.6  # a line of which the model is less sure than this is mostly a drawing's
_TALL = 1.5  # times as high as wide: rapidocr turns such a line a quarter before it reads it
_PIECE = 4
_SAMPLE = 12  # of the longest lines tell whether the page stands on its head
_LONGEST_SIDE = 8000  # pixels: a page within OCR_PIXELS is taken as it is
# Where lines stand is found on a smaller picture: a third of the time, and as good down to 7-point type on A4.
FINDING_SIDE = 1280  # pixels


class Recogniser:
    """Loaded models. Raises OSError where a file is missing, and what onnxruntime says of a damaged one."""

    def __init__(self, files: OcrFiles, threads: int, finding_side: int = FINDING_SIDE) -> None:
        if not files.complete:
            raise FileNotFoundError(str(files.finding.parent))
        self._engine = rapidocr.RapidOCR(
            params={
                "Det.model_path": str(files.finding),
                "Rec.model_path": str(files.reading),
                "Cls.model_path": str(files.turning),
                "Global.log_level": "critical",
                "Global.max_side_len": _LONGEST_SIDE,
                "Global.use_vertical_padding": False,
                "Det.limit_type": "max",
                "Det.limit_side_len": finding_side,
                "Rec.rec_batch_num": 1,  # a fifth quicker than 6, which are padded to the longest
                "EngineConfig.onnxruntime.intra_op_num_threads": threads,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            }
        )

    def text(self, picture: Picture) -> FoundText:
        """Every line that is found in `picture`."""
        coloured = np.repeat(picture[:, :, None], 3, axis=2)
        try:
            crops, found = self._engine.detect_and_crop(coloured, {})
        except RapidOCRError:  # there is no text
            return FoundText((), 0)
        corners: list[NDArray[np.float32]] = list(found.boxes)
        tall = np.array([_is_tall(each) for each in corners])
        lengths = np.array([max(_sides(each)) for each in corners])
        sideways = bool(lengths[tall].sum() > lengths[~tall].sum())
        main = tall == sideways
        if self._on_its_head([crops[index] for index in np.flatnonzero(main)[_longest(lengths[main])]]):
            crops = [np.rot90(crop, 2) if is_main else crop for crop, is_main in zip(crops, main, strict=True)]
            turns = 3 if sideways else 2
        else:
            turns = 1 if sideways else 0
        said = self._engine.recognize_txt(crops)
        lines = zip(said.txts, said.scores, corners, strict=True)
        return FoundText(
            tuple(
                FoundLine(text, float(score), tuple((float(x), float(y)) for x, y in each))
                for text, score, each in lines
                if text.strip() and score >= _LEAST_SCORE
            ),
            turns,
        )

    def _on_its_head(self, crops: Sequence[Picture]) -> bool:
        # the model sees pictures four times as wide as high: a whole line pressed into one tells it nothing
        _, said = self._engine.cls_and_rotate([crop[:, : _PIECE * crop.shape[0]] for crop in crops])
        return bool(sum(score if label == "180" else -score for label, score in said.cls_res) > 0)


def _longest(lengths: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.argsort(-lengths, kind="stable")[:_SAMPLE]


def _is_tall(corners: NDArray[np.float32]) -> bool:
    width, height = _sides(corners)
    return height >= _TALL * width


def _sides(corners: NDArray[np.float32]) -> tuple[float, float]:
    """Width and height, as rapidocr measures them."""
    upper_left, upper_right, lower_right, lower_left = corners
    width = max(np.linalg.norm(upper_left - upper_right), np.linalg.norm(lower_right - lower_left))
    height = max(np.linalg.norm(upper_left - lower_left), np.linalg.norm(upper_right - lower_right))
    return float(int(width)), float(int(height))
