"""Models and adapters are written beside the folder that they replace, so that a run never loses the earlier one."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path
from typing import Any

from safetensors import SafetensorError


def save_pretrained(model: Any, folder: Path, **more: Any) -> None:
    """transformers' or peft's own method. A full disk is an OSError here, as everywhere else."""
    try:
        model.save_pretrained(folder, **more)
    except SafetensorError as error:
        if f"os error {errno.ENOSPC}" not in str(error):
            raise
        raise OSError(errno.ENOSPC, "No space left on device", str(folder)) from error


def replace_folder(new: Path, folder: Path) -> None:
    """`new` becomes `folder`; a folder cannot be replaced in one step, so what it was goes last."""
    old = folder.with_name(f"{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    new.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
