"""What builds and installs on other systems cannot run here; what can be told of its files without them is told."""

from __future__ import annotations

import configparser
import plistlib
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from project import ROOT, version

from engine.documents.kinds import _SUFFIXES, Kind

PACKAGING = ROOT / "packaging"
WORKFLOW = ROOT / ".github" / "workflows" / "build.yml"
ISS = PACKAGING / "windows" / "inkstone.iss"
SCRIPTS = [*PACKAGING.rglob("*.py"), *PACKAGING.rglob("*.sh"), *PACKAGING.rglob("*.iss"), *PACKAGING.rglob("*.ps1")]


@pytest.fixture(scope="module")
def workflow() -> dict[str, dict[str, dict[str, object]]]:
    return yaml.safe_load(WORKFLOW.read_text("utf-8"))


@pytest.fixture(scope="module")
def desktop() -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None, strict=True)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(PACKAGING / "linux" / "inkstone.desktop", "utf-8")
    return parser["Desktop Entry"]


def test_version_stands_in_one_place() -> None:
    done = subprocess.run([sys.executable, PACKAGING / "project.py"], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == version()
    said = re.compile(rf"\b{re.escape(version())}\b(?!\.)")
    for file in [*SCRIPTS, PACKAGING / "inkstone.spec", WORKFLOW]:
        code = [line for line in file.read_text("utf-8").splitlines() if not re.match(r"\s*([#;]|python3|sudo)", line)]
        in_docstring = re.sub(r'"""(.|\n)*?"""', "", "\n".join(code))
        assert not said.search(in_docstring), file


def test_workflow_builds_on_all_three_systems(workflow: dict[str, dict[str, dict[str, object]]]) -> None:
    assert {str(job["runs-on"]).partition("-")[0] for job in workflow["jobs"].values()} == {
        "ubuntu",
        "windows",
        "macos",
    }
    for job in workflow["jobs"].values():
        assert any("packaging/build.py" in str(step) for step in job["steps"])  # type: ignore[attr-defined]


@pytest.mark.parametrize("file", [WORKFLOW, *SCRIPTS, PACKAGING / "inkstone.spec"], ids=lambda file: file.name)
def test_files_of_ours_that_are_named_exist(file: Path) -> None:
    text = file.read_text("utf-8").replace("\\\\", "/").replace("\\", "/")
    named = re.findall(r"(?<![\w/.])packaging/[\w./-]+\.(?:py|sh|iss|ps1|plist|desktop|spec)\b", text)
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_desktop_entry_starts_what_is_installed(desktop: configparser.SectionProxy) -> None:
    assert desktop["Exec"] == "inkstone open %F"
    assert desktop["Icon"] == "inkstone"
    assert desktop["Categories"] == "Office;"
    assert all(desktop[f"{key}[zh_CN]"] for key in ("GenericName", "Comment", "Keywords"))
    validate = shutil.which("desktop-file-validate")
    if validate:
        subprocess.run([validate, PACKAGING / "linux" / "inkstone.desktop"], check=True)


def test_desktop_entry_offers_every_kind_of_document(desktop: configparser.SectionProxy) -> None:
    """But for source code, which has a program of its own, and what has no type known on Linux."""
    names = desktop["MimeType"].rstrip(";").split(";")
    assert len(names) == len({*names})
    by_kind = {
        Kind.PDF: "pdf",
        Kind.TEXT: "plain",
        Kind.MARKDOWN: "markdown",
        Kind.OFFICE: "wordprocessingml",
        Kind.SHEET: "spreadsheetml",
        Kind.TABLE: "csv",
        Kind.LATEX: "x-tex",
        Kind.RESTRUCTURED: "x-rst",
        Kind.ORG: "org",
        Kind.ASCIIDOC: "asciidoc",
        Kind.SUBTITLES: "x-subrip",
        Kind.NOTEBOOK: "x-ipynb",
        Kind.WEB_PAGE: "html",
        Kind.WEB_ARCHIVE: "x-mimearchive",
        Kind.EPUB: "epub",
        Kind.RTF: "rtf",
        Kind.MAIL: "rfc822",
        Kind.OUTLOOK: "ms-outlook",
        Kind.MAILBOX: "mbox",
    }
    assert {*by_kind} == {*Kind} - {Kind.CODE}
    assert [kind for kind, part in by_kind.items() if not any(part in name for name in names)] == []


def test_types_that_we_bring_are_ours_to_read(desktop: configparser.SectionProxy) -> None:
    space = "{http://www.freedesktop.org/standards/shared-mime-info}"
    tree = ElementTree.parse(PACKAGING / "linux" / "inkstone.xml")
    suffixes = {suffix for each in _SUFFIXES.values() for suffix in each.split()}
    for kind in tree.iter(f"{space}mime-type"):
        assert kind.attrib["type"] in desktop["MimeType"]
        assert all(glob.attrib["pattern"].removeprefix("*") in suffixes for glob in kind.iter(f"{space}glob"))


def test_windows_installer_is_whole() -> None:
    text = ISS.read_text("utf-8")
    for section in ("Setup", "Languages", "Files", "Icons", "Run"):
        assert f"\n[{section}]\n" in text
    assert "AppVersion={#Version}" in text
    assert text.count("#if") == text.count("#endif")
    messages = re.findall(r"^(en|zh)\.(\w+)=", text, re.MULTILINE)
    assert {name for language, name in messages if language == "en"} == {name for _, name in messages}
    assert len(messages) == 2 * len({name for _, name in messages})
    spec = (PACKAGING / "inkstone.spec").read_text("utf-8")
    assert all(f'"{name}"' in spec for name in {*re.findall(r"\\(\w+)\.exe", text)})


def test_macos_files_are_whole() -> None:
    entitlements = plistlib.loads((PACKAGING / "macos" / "entitlements.plist").read_bytes())
    assert all(entitlements.values())
    assert not any("network" in name for name in entitlements)
    subprocess.run(["sh", "-n", PACKAGING / "macos" / "package.sh"], check=True)
