"""Starting at login: a file on Linux, an agent on macOS, the registry on Windows; off until it is chosen."""

from __future__ import annotations

import plistlib
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

from desktop_app.starting import LABEL, AtLogin, autostart_file, command
from engine.errors import BrokenInstallation

ROOT = Path(__file__).parents[2]
ODD = Path('/home/who/my "notes" & 100% $HOME \\ `x`')


@pytest.fixture(autouse=True)
def _home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)


def test_linux_has_a_file_while_it_is_on(tmp_path):
    at_login = AtLogin(tmp_path / "data", "linux")
    assert not at_login.is_on()
    at_login.turn(True)
    assert at_login.is_on()
    text = (tmp_path / ".config" / "autostart" / "inkstone.desktop").read_text("utf-8")
    assert "--hidden" in text
    assert str(tmp_path / "data") in text
    at_login.turn(False)
    assert not at_login.is_on()


@pytest.mark.parametrize("line", ["Hidden=true", "X-GNOME-Autostart-enabled=false"])
def test_what_the_desktop_turned_off_is_off(tmp_path, line):
    at_login = AtLogin(tmp_path, "linux")
    at_login.turn(True)
    text = at_login.file.read_text("utf-8").replace("X-GNOME-Autostart-enabled=true", line)
    at_login.file.write_text(text, "utf-8")
    assert not at_login.is_on()


def test_odd_names_are_quoted_as_desktop_entries_want_it():
    line = next(line for line in autostart_file(command(ODD)).splitlines() if line.startswith("Exec="))
    written = line.removeprefix("Exec=").replace("\\\\", "\\").replace("%%", "%")  # what the desktop reads
    written = written.replace("\\$", "$").replace("\\`", "`")  # escapes that shlex leaves alone
    assert shlex.split(written) == command(ODD)
    assert "%%" in line


def test_macos_has_an_agent(tmp_path):
    at_login = AtLogin(tmp_path, "darwin")
    at_login.turn(True)
    agent = plistlib.loads((tmp_path / "Library" / "LaunchAgents" / f"{LABEL}.plist").read_bytes())
    assert agent["ProgramArguments"] == command(tmp_path)
    assert agent["RunAtLoad"] is True
    at_login.turn(False)
    assert not at_login.is_on()


def test_windows_has_a_value_in_the_registry(tmp_path):
    registry = QSettings(str(tmp_path / "registry.ini"), QSettings.Format.IniFormat)
    at_login = AtLogin(tmp_path, "win32", registry)
    assert not at_login.is_on()
    at_login.turn(True)
    assert at_login.is_on()
    assert "--hidden" in registry.value("Inkstone")
    at_login.turn(False)
    assert not at_login.is_on()


def test_image_and_frozen_program_start_themselves(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert command(tmp_path)[:2] == [sys.executable, "open"]
    monkeypatch.setenv("APPIMAGE", "/opt/Inkstone.AppImage")
    assert command(tmp_path)[0] == "/opt/Inkstone.AppImage"


@pytest.mark.parametrize("installed", [True, False])
def test_command_does_start_the_program(tmp_path, monkeypatch, installed):
    script = Path(sys.executable).with_name("inkstone")
    if installed and not script.exists():
        pytest.skip("the package is not installed")
    if not installed:
        monkeypatch.setattr(Path, "exists", lambda self: False)
    said = subprocess.run([*command(tmp_path), "--help"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "--hidden" in said.stdout


def test_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / ".config").write_text("in the way")
    with pytest.raises(BrokenInstallation):
        AtLogin(tmp_path, "linux").turn(True)
