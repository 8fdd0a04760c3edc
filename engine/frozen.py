"""What the installed program (frozen by PyInstaller) does first: it becomes the child it was started as, or `inkstone`.

A frozen program carries Python inside it, without a `python` to start: its children are itself once more, told by their
first argument which module to run (`engine.children.command`).
"""

from __future__ import annotations

import os
import runpy
import sys
from collections.abc import MutableMapping
from pathlib import Path

from engine.children import RUN_MODULE

CHILDREN = ("engine.serving", "engine.documents.child", "engine.models.errands", "engine.models.generating")


def main() -> None:
    """Does not return when it was the command; exits with 2 for a child that there is not."""
    give_back_environment(os.environ)
    if sys.stdout is None or sys.stderr is None:  # the program with a window, on Windows
        sys.stdout = sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - until the end
    if sys.argv[1:2] != [RUN_MODULE]:
        # a child that reads documents has no use for the whole engine
        from engine.cli import main as command

        command()
    module = sys.argv[2] if len(sys.argv) > 2 else ""
    if module not in CHILDREN:
        sys.exit(2)
    del sys.argv[1:3]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def give_back_environment(variables: MutableMapping[str, str]) -> None:
    """Take out what PyInstaller put in for our own libraries, which are loaded by now or found beside each other.

    Other programs that we start (a PDF viewer, the file manager) would load our libraries instead of the system's.
    """
    for name in ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"):
        original = variables.pop(f"{name}_ORIG", None)
        variables.pop(name, None)
        if original:
            variables[name] = original
    # else a child of ours takes itself for this process started once more, and does not find its libraries
    variables["PYINSTALLER_RESET_ENVIRONMENT"] = "1"


if __name__ == "__main__":
    main()
