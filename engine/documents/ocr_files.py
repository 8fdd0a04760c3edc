"""Whether text can be recognised here, told without loading anything: the models lie in rapidocr's own package."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path


@dataclass(frozen=True, slots=True)
class OcrFiles:
    """PP-OCRv6 small, for Chinese and English (Apache-2.0)."""

    finding: Path  # where lines of text stand
    reading: Path  # what a line says
    turning: Path  # whether a line stands on its head

    @property
    def complete(self) -> bool:
        return all(path.is_file() for path in (self.finding, self.reading, self.turning))


def installed() -> OcrFiles | None:
    """None where the extra `ocr` is not installed, or not whole."""
    spec = find_spec("rapidocr")
    if spec is None or not spec.submodule_search_locations:
        return None
    files = in_package(Path(spec.submodule_search_locations[0]))
    return files if files.complete else None


def in_package(package: Path) -> OcrFiles:
    folder = package / "models"
    return OcrFiles(
        finding=folder / "PP-OCRv6_det_small.onnx",
        reading=folder / "PP-OCRv6_rec_small.onnx",
        turning=folder / "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
    )
