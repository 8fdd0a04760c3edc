"""What ends a training command with one clear sentence instead of a traceback."""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable


class TrainingError(Exception):
    """Something that a person can mend: a broken line, an empty split, a checkpoint of another shape, a missing folder.

    Its text is the whole sentence that they read. The exit code is the engine's: 2 wrong usage or data, 3 damage or no
    room.
    """

    def __init__(self, sentence: str, exit_code: int = 2) -> None:
        super().__init__(sentence)
        self.exit_code = exit_code


def ended_by(main: Callable[[], int]) -> int:
    """Runs `main` and gives its exit code; a TrainingError or a failing disk is said on stderr and gives 2 or 3.

    Any other exception is a mistake of ours and keeps its traceback.
    """
    try:
        return main()
    except TrainingError as error:
        return _said(str(error), error.exit_code)
    except KeyboardInterrupt:
        return _said("Stopped. What was saved before is still there.", 130)
    except OSError as error:
        sentence = _about(error)
        if sentence is None:
            raise
        return _said(*sentence)


def _about(error: OSError) -> tuple[str, int] | None:
    where = f" while writing {error.filename}" if error.filename else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk is full{where}. Free some space, or choose another folder, and start the command again.", 3
    if isinstance(error, FileNotFoundError):
        return f"There is no {error.filename}.", 2
    if isinstance(error, PermissionError):
        return f"{error.filename} may not be read or written by this user.", 3
    return None


def _said(sentence: str, exit_code: int) -> int:
    print(sentence, file=sys.stderr, flush=True)
    return exit_code
