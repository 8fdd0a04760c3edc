"""Setting up, without the network: what an environment needs, what the system lacks, which command follows."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import bootstrap
import pytest
import system_packages
from bootstrap import opens_window
from setting_up import SetupFailed, step
from system_packages import (
    QT_LIBRARIES,
    QT_MODULES,
    Missing,
    advice,
    ensure,
    missing_for_qt,
    missing_to_install,
    not_found,
)
from virtual_env import Environment, Need, Stamp, locked, need, python_identity

ROOT = Path(__file__).resolve().parents[2]
WANTED = Stamp(root="/home/li/inkstone", python="3.11.7", project="abc", extras=())
DONE = replace(WANTED, complete=True, entries=("numpy", "numpy-2.4.6.dist-info"))
THERE = {"numpy", "numpy-2.4.6.dist-info", "pip"}

# --- the stamp decides --------------------------------------------------------------------------------------------


def test_finished_environment_needs_nothing() -> None:
    assert need(DONE, WANTED, THERE) is Need.NOTHING


def test_tests_environment_serves_the_app_too() -> None:
    assert need(replace(DONE, extras=("dev", "training")), WANTED, THERE) is Need.NOTHING


def test_app_environment_gets_the_tests_on_top() -> None:
    assert need(DONE, replace(WANTED, extras=("dev", "training")), THERE) is Need.INSTALL


def test_changed_project_is_installed_on_top() -> None:
    assert need(DONE, replace(WANTED, project="def"), THERE) is Need.INSTALL


def test_environment_made_by_hand_is_kept() -> None:
    assert need(None, WANTED, THERE) is Need.INSTALL


@pytest.mark.parametrize(
    "found",
    [
        replace(DONE, complete=False),
        replace(DONE, python="3.12.1"),
        replace(DONE, root="/elsewhere/inkstone"),
    ],
    ids=["interrupted", "other python", "moved checkout"],
)
def test_unfit_environment_is_rebuilt(found: Stamp) -> None:
    assert need(found, WANTED, THERE) is Need.REBUILD


def test_environment_that_lost_a_package_is_rebuilt() -> None:
    assert need(DONE, WANTED, THERE - {"numpy"}) is Need.REBUILD


def test_stamp_survives_writing() -> None:
    assert Stamp.from_text(DONE.to_text()) == DONE


@pytest.mark.parametrize("text", ["", "{", "[]", '{"root": "x"}', json.dumps({"extras": [], "entries": [], "new": 1})])
def test_stamp_of_somebody_else_is_none(text: str) -> None:
    assert Stamp.from_text(text) is None


# --- preparing ----------------------------------------------------------------------------------------------------


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout, in a folder with blanks and Chinese characters, whose environment is finished."""
    root = tmp_path / "新 文件夹" / "inkstone"
    root.mkdir(parents=True)
    (root / "pyproject.toml").write_text("[project]", "utf-8")
    environment = Environment(root)
    environment.python.parent.mkdir(parents=True)
    environment.site_packages.mkdir(parents=True)
    environment.python.symlink_to(sys.executable)
    (environment.site_packages / "pip").mkdir()
    stamp = Stamp(str(root), python_identity(), environment._project(), ())
    environment._finish(stamp)
    return root


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that setting up would run; none is run."""
    ran: list[list[str]] = []
    monkeypatch.setattr("virtual_env.step", lambda label, command, *_: ran.append([*command]))
    monkeypatch.setattr("virtual_env.missing_to_install", list)
    return ran


def test_second_start_runs_nothing(checkout: Path, steps: list[list[str]]) -> None:
    Environment(checkout).prepare()
    assert steps == []


def test_tests_install_torch_first_and_by_itself(checkout: Path, steps: list[list[str]]) -> None:
    environment = Environment(checkout)
    environment.prepare(extras=("dev", "training"), first=("torch==2.13.0",))
    assert [command[1:] for command in steps] == [
        ["-m", "pip", "install", "torch==2.13.0"],
        ["-m", "pip", "install", "-e", ".[dev,training]"],
    ]
    stamp = Stamp.from_text(environment.stamp.read_text("utf-8"))
    assert stamp is not None
    assert stamp.complete
    assert stamp.extras == ("dev", "training")


def test_failed_install_leaves_an_incomplete_stamp(
    checkout: Path, steps: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise SetupFailed("no network")

    environment = Environment(checkout)
    (checkout / "pyproject.toml").write_text("[project] # changed", "utf-8")
    monkeypatch.setattr("virtual_env.step", fail)
    with pytest.raises(SetupFailed):
        environment.prepare()
    monkeypatch.setattr("virtual_env.step", lambda label, command, *_: steps.append([*command]))
    environment.prepare()
    assert [command[1:4] for command in steps] == [["-m", "venv", "--clear"], ["-m", "pip", "install"]]


def test_environment_whose_python_is_gone_is_rebuilt(checkout: Path, steps: list[list[str]]) -> None:
    environment = Environment(checkout)
    environment.python.unlink()
    environment.prepare()
    assert steps[0][1:] == ["-m", "venv", "--clear", str(environment.folder)]


@pytest.mark.usefixtures("steps")
def test_hnswlib_is_built_for_every_processor(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environments: list[dict[str, str]] = []
    monkeypatch.setattr(
        "virtual_env.step", lambda label, command, folder, environment: environments.append(environment)
    )
    (checkout / "pyproject.toml").write_text("[project] # changed", "utf-8")
    Environment(checkout).prepare()
    assert [environment["HNSWLIB_NO_NATIVE"] for environment in environments] == ["1"]


def test_only_one_process_holds_the_lock(tmp_path: Path) -> None:
    lock = tmp_path / "build" / "lock"
    code = (
        "import sys; from pathlib import Path; from virtual_env import locked\n"
        f"with locked(Path({str(lock)!r})): print('in', flush=True)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "packaging")}
    with locked(lock):
        other = subprocess.Popen(
            [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
        )
        assert other.stderr is not None
        assert "Waiting" in other.stderr.readline()
        released = time.monotonic()
    out, _ = other.communicate(timeout=30)
    assert out == "in\n"
    assert time.monotonic() >= released


# --- what the system lacks ----------------------------------------------------------------------------------------

LDD = """
/x/libqxcb.so:
\tlinux-vdso.so.1 (0x00007ffd)
\tlibxcb-icccm.so.4 => not found
\tlibQt6Gui.so.6 => /x/libQt6Gui.so.6 (0x00007f)
/x/libQt6Gui.so.6:
\tlibEGL.so.1 => not found
\tlibxcb-icccm.so.4 => not found
"""


def test_ldd_output_names_each_missing_library_once() -> None:
    assert not_found(LDD) == ["libEGL.so.1", "libxcb-icccm.so.4"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only on Linux do Qt's libraries come from the system")
def test_what_qt_needs_is_found_by_ldd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "ldd").write_text(f"#!/bin/sh\n/bin/cat <<'EOF'\n{LDD}EOF\n", "utf-8")
    (tools / "ldd").chmod(0o755)
    monkeypatch.setenv("PATH", str(tools))
    assert missing_for_qt(tmp_path, "xcb") == [
        Missing("libEGL.so.1", "libegl1"),
        Missing("libxcb-icccm.so.4", "libxcb-icccm4"),
    ]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only on Linux do Qt's libraries come from the system")
def test_every_system_library_of_this_qt_has_its_package() -> None:
    site_packages = Path(pytest.importorskip("PySide6").__file__).parents[1]
    qt = site_packages / "PySide6" / "Qt"
    files = [qt / "plugins" / "platforms" / "libqxcb.so", *(qt / "lib" / f"{name}.so.6" for name in QT_MODULES)]
    done = subprocess.run(["objdump", "-p", *map(str, files)], capture_output=True, text=True, check=True)
    names = set(re.findall(r"NEEDED +(\S+)", done.stdout))
    not_to_install = (
        "libQt6",
        "libicu",
        "libc.",
        "libm.",
        "libdl.",
        "libpthread.",
        "libresolv.",
        "librt.",
        "libstdc++",
        "libgcc_s",
        "ld-",
    )
    assert {name for name in names if not name.startswith(not_to_install)} <= QT_LIBRARIES.keys()


def test_missing_compiler_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_packages, "has_compiler", lambda: False)
    assert "g++" in [item.package for item in missing_to_install()]


def test_nothing_missing_installs_nothing() -> None:
    ensure([], install=lambda packages: pytest.fail(f"installed {packages}"))


def test_missing_packages_are_installed_once_each() -> None:
    installed: list[str] = []
    ensure(
        [Missing("libglib-2.0.so.0", "libglib2.0-0"), Missing("libgthread-2.0.so.0", "libglib2.0-0")], installed.extend
    )
    assert installed == ["libglib2.0-0"]


def test_who_may_not_install_is_told_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_packages, "may_install", lambda: False)
    with pytest.raises(SetupFailed) as failure:
        ensure([Missing("a C++ compiler", "g++"), Missing("venv", "python3-venv")])
    assert "g++ python3-venv" in str(failure.value)


@pytest.mark.parametrize(("platform", "word"), [("darwin", "xcode-select --install")])
def test_advice_fits_the_system(platform: str, word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    assert word in advice(["g++"])


# --- the commands -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [[], ["--home", "X"], ["--home=X"]])
def test_no_command_opens_the_window(words: list[str]) -> None:
    assert opens_window(words)


@pytest.mark.parametrize("words", [["add", "X"], ["--home", "X", "status"], ["--json", "status"], ["--help"], ["demo"]])
def test_a_command_needs_no_screen(words: list[str]) -> None:
    assert not opens_window(words)


def test_unknown_word_shows_the_use(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["bootstrap.py", "tset"])
    assert bootstrap.main() == 2
    assert "bootstrap.py test" in capsys.readouterr().out


def test_old_python_is_refused_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    assert bootstrap.main() == 2
    assert "needs Python 3.11" in capsys.readouterr().err


def test_step_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    step("Doing", [sys.executable, "-c", "print('noise')"], tmp_path)
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "Doing ... 0 s\n"


def test_failed_step_shows_its_output(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SetupFailed):
        step("Doing", [sys.executable, "-c", "print('the reason'); raise SystemExit(3)"], tmp_path)
    assert capsys.readouterr().err == "Doing ... failed\nthe reason\n"
