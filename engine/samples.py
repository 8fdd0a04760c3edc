"""The sample library: a few short documents of our own, in both languages, to try the program with."""

from __future__ import annotations

import shutil
from pathlib import Path

from engine.config import Config
from engine.errors import BrokenInstallation, Code

SHIPPED = Path(__file__).parent / "sample"


def copied(config: Config) -> Path:
    """The folder of sample documents in the data folder, made anew from what was shipped.

    Raises BrokenInstallation(CANNOT_WRITE).
    """
    try:
        shutil.copytree(SHIPPED, config.sample, dirs_exist_ok=True)
    except OSError as error:  # shutil.Error is one
        why = error.strerror or str(error)
        raise BrokenInstallation(Code.CANNOT_WRITE, path=str(config.sample), why=why) from error
    return config.sample
