import random
from pathlib import Path

from tests.end_to_end.killing import add, contents, differences, index, index_and_kill

FILES = 24


def papers(folder: Path) -> Path:
    """Texts of ten paragraphs in words drawn from a few: enough work to be killed within."""
    words = ("audit", "log", "retention", "backup", "policy", "register", "数据", "保留", "概率", "备份", "审计")
    drawn = random.Random(5)
    folder.mkdir()
    for number in range(FILES):
        paragraphs = (" ".join(drawn.choices(words, k=90)) + "." for _ in range(10))
        (folder / f"{number}.txt").write_text("\n\n".join(paragraphs), "utf-8")
    return folder


def test_a_killed_library_becomes_the_one_that_was_never_killed(tmp_path: Path):
    folder = papers(tmp_path / "papers")
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    index(whole, folder)
    add(killed, folder)
    hits = [index_and_kill(killed, after_s) for after_s in (0.8, 1.7, 2.6, 1.2)]
    assert any(hits), "it was always done before the kill"
    index(killed, folder)
    assert differences(contents(killed), contents(whole)) == []
    assert len(contents(whole).documents) == FILES
