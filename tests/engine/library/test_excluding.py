import os
import shutil
import subprocess
from pathlib import Path

import pytest

from engine.library.excluding import DEFAULTS, Rules, is_rule, lines_of

FOLDERS = (
    "a",
    "a/b",
    "a/b/c",
    "build",
    "a/build",
    "docs",
    "docs/old",
    "foo",
    "x y",
    "张 三",
    "深/build",
    "[x]",
    "!bang",
)
NAMES = (
    "a.txt",
    "b.log",
    "log",
    "build",
    "readme.md",
    "foo",
    "foobar",
    "#hash",
    "!bang",
    "x y.txt",
    "trail ",
    "t1.txt",
    "t-.txt",
    "报告.txt",
    "aXb",
    "ab",
    "a]b",
    "a\\b",
    "dash-file",
    ".hidden",
    "[x].txt",
    "A.TXT",
)
RULES = (
    "*.log",
    "build/",
    "/build",
    "a/b",
    "/a/*",
    "a/**",
    "**/build",
    "**/b/*.txt",
    "a/**/c",
    "**",
    "*",
    "docs/*.txt\n!docs/a.txt",
    "*.txt\n!a.txt\n/docs/a.txt",
    "foo*",
    "foo/*\n!foo/a.txt",
    "foo/\n!foo/a.txt",
    "\\#hash\n#a.txt",
    "\\!bang",
    "!a.txt",
    "trail\\ ",
    "trail   ",
    "x\\ y.txt",
    "[at]*.txt",
    "[!a]*.txt",
    "[^a]*.txt",
    "t[0-9].txt",
    "t[[:digit:]].txt",
    "t[[:nosuch:]].txt",
    "t[-].txt",
    "t[0-9",
    "a[]]b",
    "a\\\\b",
    "a[\\\\]b",
    "a?b",
    "a?",
    "a\\",
    "\\[x\\].txt",
    "张 三/",
    "报告*",
    "/",
    "//",
    "a//b",
    "*/a.txt",
    "/*/a.txt",
    "a***b",
    "**a",
    "a/**b",
    "docs/**/a.txt",
    "\ufeff*.log",
    "*.log\r",
    "a/b/",
    "*.txt\n!/a/",
    "/*\n!/a",
    "dash-*",
    "[--0]*",
    "[z-a]*",
    ".*",
)


@pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
@pytest.mark.parametrize("text", RULES)
def test_git_agrees(text: str, tree: Path):
    (tree / ".gitignore").write_text(text, "utf-8", newline="")
    rules = Rules.of(str(tree), lines_of(text))
    paths = sorted(path for path in tree.rglob("*") if ".git" not in path.relative_to(tree).parts[0])
    assert {str(path.relative_to(tree)) for path in paths if is_excluded(rules, tree, path)} == ignored(tree, paths)


@pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
def test_git_agrees_on_rules_in_several_folders(tree: Path):
    texts = {"": "*.txt\nb.log\n", "a": "!a.txt\n/b/\n", "docs": "*\n!old\n", "docs/old": "!*.md\n"}
    for folder, text in texts.items():
        (tree / folder / ".gitignore").write_text(text)

    def rules_at(folder: Path) -> Rules:
        rules = Rules()
        for above in reversed([folder, *folder.parents]):
            if above == tree or above.is_relative_to(tree):
                rules = rules.within(str(above), lines_of(texts.get(above.relative_to(tree).as_posix().strip("."), "")))
        return rules

    paths = sorted(path for path in tree.rglob("*") if ".git" not in path.relative_to(tree).parts[0])
    ours = set()
    for path in paths:
        chain = [path, *path.parents][: len(path.relative_to(tree).parts)]
        if any(rules_at(each.parent).excludes(str(each), each.name, each.is_dir()) for each in chain):
            ours.add(str(path.relative_to(tree)))
    assert ours == ignored(tree, paths)


@pytest.mark.parametrize("name", ["~$report.docx", ".~lock.a.odt#", "a.pdf.part", "b.crdownload", ".git", "x.md~"])
def test_what_programs_leave_is_passed_over(name: str):
    assert Rules.of("/papers", DEFAULTS).excludes(f"/papers/{name}", name, False)


def test_a_stronger_rule_brings_a_default_back():
    rules = Rules.of("/papers", DEFAULTS, ["!.notes/"])
    assert not rules.excludes("/papers/.notes", ".notes", True)
    assert rules.excludes("/papers/.notes", ".notes", False)


def test_names_are_compared_in_one_unicode_form():
    rules = Rules.of("/papers", ["caf\u00e9.txt"])
    assert rules.excludes("/papers/cafe\u0301.txt", "cafe\u0301.txt", False)


def test_a_question_mark_is_one_character_of_any_script():
    assert Rules.of("/papers", ["?.txt"]).excludes("/papers/报.txt", "报.txt", False)


def test_a_name_that_is_no_text_fits_like_any_other():
    name = os.fsdecode(b"caf\xe9.log")
    assert Rules.of("/papers", ["*.log"]).excludes(f"/papers/{name}", name, False)


@pytest.mark.parametrize("line", ["", "   ", "# comment", "/", "!"])
def test_a_line_that_says_nothing_is_no_rule(line: str):
    assert not is_rule(line)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("tree")
    for folder in FOLDERS:
        (made / folder).mkdir(parents=True, exist_ok=True)
    for folder in ("", *FOLDERS):
        for name in NAMES:
            if not (made / folder / name).is_dir():
                (made / folder / name).write_text("")
    if shutil.which("git"):
        subprocess.run(["git", "init", "-q", str(made)], check=True, capture_output=True)
    return made


def is_excluded(rules: Rules, tree: Path, path: Path) -> bool:
    """As the listing asks: what lies below an excluded folder is never come to."""
    chain = [path, *path.parents][: len(path.relative_to(tree).parts)]
    return any(rules.excludes(str(each), each.name, each.is_dir()) for each in chain)


def ignored(tree: Path, paths: list[Path]) -> set[str]:
    names = "\0".join(str(path.relative_to(tree)) for path in paths)
    command = ["git", "-c", "core.excludesFile=", "-c", "core.ignoreCase=false", "check-ignore", "--no-index", "-z"]
    done = subprocess.run([*command, "--stdin"], cwd=tree, input=names.encode(), capture_output=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return {name for name in done.stdout.decode().split("\0") if name}
