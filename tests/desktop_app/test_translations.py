"""Both languages are complete, and what is shipped is what the sources say."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOM = Path(__file__).parents[2] / "desktop_app"
TRANSLATIONS = ROOM / "translations"
TOOLS = Path(sys.executable).parent

LANGUAGES = [("zh_CN", []), ("en", ["-pluralonly"])]


def tool(name: str) -> str:
    found = shutil.which(name, path=str(TOOLS)) or shutil.which(name)
    assert found, f"{name} comes with PySide6-Essentials"
    return found


@pytest.mark.parametrize(("language", "options"), LANGUAGES)
def test_every_text_of_the_window_is_translated(tmp_path, language, options):
    kept = TRANSLATIONS / f"inkstone_{language}.ts"
    fresh = tmp_path / kept.name
    shutil.copy(kept, fresh)
    sources = [str(path.relative_to(ROOM)) for path in sorted(ROOM.rglob("*.py"))]
    command = [tool("pyside6-lupdate"), *sources, "-ts", str(fresh), "-no-obsolete", "-locations", "none", *options]
    subprocess.run(command, cwd=ROOM, capture_output=True, check=True)
    assert messages(fresh) == messages(kept)
    assert all(texts and all(texts) for texts in messages(kept).values())
    assert 'type="unfinished"' not in kept.read_text("utf-8")


@pytest.mark.parametrize(("language", "_"), LANGUAGES)
def test_shipped_translation_is_current(tmp_path, language, _):
    kept = TRANSLATIONS / f"inkstone_{language}.qm"
    made = tmp_path / kept.name
    command = [tool("pyside6-lrelease"), str(kept.with_suffix(".ts")), "-qm", str(made)]
    subprocess.run(command, capture_output=True, check=True)
    assert made.read_bytes() == kept.read_bytes()


def test_blanks_to_fill_are_the_same_in_both_languages():
    for (_, source), texts in messages(TRANSLATIONS / "inkstone_zh_CN.ts").items():
        for text in texts:
            assert blanks(text) == blanks(source)


def messages(path: Path) -> dict[tuple[str, str], list[str]]:
    """The translations of a file by context and source text."""
    found = {}
    for context in ElementTree.parse(path).iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            forms = [form.text or "" for form in translation.iter("numerusform")]
            found[context.findtext("name"), message.findtext("source")] = forms or [translation.text or ""]
    return found


def blanks(text: str) -> set[str]:
    return set(re.findall(r"%Ln|\{\w+\}", text))
