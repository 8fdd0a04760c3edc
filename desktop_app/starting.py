"""Starting with the person's session: an autostart file on Linux, a launch agent on macOS, the registry on Windows.

What is there says whether it is on, not a setting: the desktop's own tools may take it away.
"""

from __future__ import annotations

import os
import plistlib
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSettings

from engine.errors import BrokenInstallation, Code

RUN_KEY = r"HKEY_CURRENT_USER\Software\Microsoft\Windows\CurrentVersion\Run"
LABEL = "org.inkstone.Inkstone"
_QUOTED = re.compile(r'[\s"\'\\><~|&;$*?#()`%]')


class AtLogin:
    """Whether the program starts at login with this data folder. `system` as in sys.platform."""

    def __init__(self, home: Path, system: str = sys.platform, registry: QSettings | None = None) -> None:
        self._home = home
        self._system = system
        self._registry = registry

    @property
    def file(self) -> Path:
        """Where it is said; on Windows it is in the registry instead."""
        if self._system == "darwin":
            return Path.home() / "Library" / "LaunchAgents" / f"{LABEL}.plist"
        config = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
        return Path(config) / "autostart" / "inkstone.desktop"

    def is_on(self) -> bool:
        if self._system == "win32":
            return bool(self._run_key().value("Inkstone"))
        try:
            text = self.file.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            return False
        return not re.search(r"^(Hidden=true|X-GNOME-Autostart-enabled=false)$", text, re.MULTILINE)

    def turn(self, on: bool) -> None:
        """Raises BrokenInstallation(CANNOT_WRITE)."""
        try:
            self._turn(on)
        except OSError as error:
            why = error.strerror or str(error)
            raise BrokenInstallation(Code.CANNOT_WRITE, path=str(self.file), why=why) from error

    def _turn(self, on: bool) -> None:
        if self._system == "win32":
            self._turn_windows(on)
        elif on:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            make = launch_agent if self._system == "darwin" else autostart_file
            self.file.write_text(make(command(self._home)), "utf-8")
        else:
            self.file.unlink(missing_ok=True)

    def _turn_windows(self, on: bool) -> None:
        run = self._run_key()
        if on:
            run.setValue("Inkstone", subprocess.list2cmdline(command(self._home)))
        else:
            run.remove("Inkstone")
        run.sync()
        if run.status() != QSettings.Status.NoError:
            raise OSError(str(run.status()))

    def _run_key(self) -> QSettings:
        return self._registry or QSettings(RUN_KEY, QSettings.Format.NativeFormat)


def command(home: Path) -> list[str]:
    """What starts the program out of sight, as it was started this time."""
    if image := os.environ.get("APPIMAGE"):
        program = [image]
    elif getattr(sys, "frozen", False):
        program = [sys.executable]
    elif (script := Path(sys.executable).with_name("inkstone")).exists():
        program = [str(script)]
    else:
        program = [sys.executable, "-m", "engine.frozen"]
    return [*program, "open", "--hidden", "--home", str(home)]


def autostart_file(parts: Sequence[str]) -> str:
    """https://specifications.freedesktop.org/autostart-spec, its command quoted as desktop entries want it."""
    return (
        "[Desktop Entry]\nType=Application\nName=Inkstone\nIcon=inkstone\nTerminal=false\n"
        f"Exec={' '.join(map(_quoted, parts))}\nX-GNOME-Autostart-enabled=true\n"
    )


def launch_agent(parts: Sequence[str]) -> str:
    made = {"Label": LABEL, "ProgramArguments": list(parts), "RunAtLoad": True, "ProcessType": "Interactive"}
    return plistlib.dumps(made).decode()


def _quoted(part: str) -> str:
    if not _QUOTED.search(part):
        return part
    inside = re.sub(r'(["`$\\])', r"\\\1", part).replace("\\", "\\\\").replace("%", "%%")
    return f'"{inside}"'
