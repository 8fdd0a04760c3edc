"""The installed `inkstone` command, from the first folder to a cited answer: what DESIGN.md promises of it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pymupdf
import pytest
from filelock import FileLock
from made_scans import CHINESE, ENGLISH, make_scan, needs_ocr

INKSTONE = Path(sys.executable).with_name("inkstone.exe" if os.name == "nt" else "inkstone")
DEMO = Path(__file__).resolve().parents[2] / "packaging" / "demo"
HANDBOOK = "Information Handbook.pdf"
RULES = "数据管理规范.pdf"
DAMAGED = "Quarterly Report.pdf"
SLACK = (-2, -2, 2, 2)  # points around a box
PLACE = ("unit", "label")  # what people call the place beside its number

Done = subprocess.CompletedProcess[str]


@dataclass(frozen=True)
class Home:
    """One home and a way to run commands in it."""

    path: Path
    variables: dict[str, str] = field(default_factory=dict)

    def run(self, *words: str | Path, **options: Any) -> Done:
        command = [str(INKSTONE), "--home", str(self.path), *map(str, words)]
        environment = {**os.environ, "PYTHONIOENCODING": "utf-8", **self.variables}
        return subprocess.run(
            command, capture_output=True, encoding="utf-8", timeout=120, check=False, env=environment, **options
        )

    def json(self, *words: str | Path, code: int = 0) -> Any:
        done = self.run(*words, "--json")
        assert done.returncode == code, done.stderr
        return json.loads(done.stdout)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo documents in a folder with a blank and Chinese characters in its name."""
    return shutil.copytree(DEMO / "documents", tmp_path_factory.mktemp("end to end") / "我的 文档")


@pytest.fixture(scope="module")
def library(documents: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home in which the demo documents are indexed; the damaged one has failed."""
    home = Home(tmp_path_factory.mktemp("home"))
    added = home.run("add", documents)
    assert added.returncode == 0, added.stderr
    indexed = home.run("index")
    assert indexed.returncode == 1, indexed.stderr
    assert DAMAGED in indexed.stderr
    return home


# --- what is there ------------------------------------------------------------------------------------------------


def test_status_counts_documents_and_says_why_one_failed(library: Home, documents: Path) -> None:
    status = library.json("status")
    contract = {"folders", "documents", "passages", "failures"}
    assert status.keys() == contract | {"away", "notices", "paused", "scans_left"}
    assert status["folders"] == [str(documents)]
    assert status["documents"] == {"indexed": 4, "failed": 1, "waiting": 0}
    assert status["passages"] > 10
    assert status["failures"] == [{"path": str(documents / DAMAGED), "reason": "no pages"}]


def test_status_for_people_names_the_failure_and_its_mend(library: Home) -> None:
    done = library.run("status")
    assert done.returncode == 0
    line = next(line for line in done.stdout.splitlines() if DAMAGED in line)
    assert "Get a complete copy" in line


def test_indexing_again_changes_nothing(library: Home) -> None:
    before = library.json("status")
    library.json("index", code=1)
    assert library.json("status") == before


# --- searching ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "name", "page", "word"),
    [
        ("door and badge records", HANDBOOK, 3, "120 days"),
        ("laptop lost, what must I do", HANDBOOK, 4, "A lost laptop"),
        ("审计日志", RULES, 3, "审计日志"),
        ("硬盘报废前如何处理", RULES, 4, "三次覆写"),
        ("柴油发电机", "机房巡检记录.txt", None, "柴油发电机"),
        ("第二批迁移 冻结文件夹结构", "Archive Migration 档案迁移.md", None, "冻结文件夹结构"),
    ],
)
def test_search_finds_the_page(library: Home, query: str, name: str, page: int | None, word: str) -> None:
    hits = library.json("search", query)["hits"]
    assert all(hit.keys() == {"path", "title", "page", "text", "score", "boxes", "away", *PLACE} for hit in hits)
    fitting = [hit for hit in hits[:3] if Path(hit["path"]).name == name and word in hit["text"]]
    assert fitting
    assert page is None or page in [hit["page"] for hit in fitting]


def test_search_gives_as_many_hits_as_are_asked_for(library: Home) -> None:
    assert len(library.json("search", "records", "-k", "2")["hits"]) == 2


def test_hits_come_best_first(library: Home) -> None:
    scores = [hit["score"] for hit in library.json("search", "backup of the shared drive")["hits"]]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


# --- asking -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "name", "page", "fact"),
    [
        ("How long are door and badge records kept?", HANDBOOK, 3, "120 days"),
        ("When is the shared drive backed up?", HANDBOOK, 4, "every night at 02:00"),
        ("审计日志要保留多久？", RULES, 3, "七年"),
        ("硬盘报废前应当怎样处理？", RULES, 4, "三次覆写"),
    ],
)
def test_answer_cites_the_page_word_for_word(
    library: Home, documents: Path, question: str, name: str, page: int, fact: str
) -> None:
    answer = library.json("ask", question)
    assert answer.keys() == {"question", "answer", "mode", "stop", "citations", "timings_ms"}
    assert answer["question"] == question
    assert answer["mode"] == "extractive"
    assert answer["stop"] == "complete"
    assert answer["timings_ms"].keys() == {"retrieve", "first_token", "total"}
    assert [citation["number"] for citation in answer["citations"]] == [*range(1, len(answer["citations"]) + 1)]
    for citation in answer["citations"]:
        assert citation.keys() == {"number", "path", "title", "page", "quote", "boxes", "score", *PLACE}
        assert f"[{citation['number']}]" in answer["answer"]
        assert_quote_stands_there(citation)
    places = [
        (Path(citation["path"]), citation["page"]) for citation in answer["citations"] if fact in citation["quote"]
    ]
    assert (documents / name, page) in places


def assert_quote_stands_there(citation: dict[str, Any]) -> None:
    """The quote is on its page as the document has it, but for blanks, and its boxes lie over its words.

    A table's row has each cell's header before it: "Kept for: 120 days | Kept by: Facilities".
    """
    path = Path(citation["path"])
    quote = without_blanks(citation["quote"])
    cells = [without_blanks(cell).rpartition(":") for cell in citation["quote"].split(" | ")]
    is_row = len(cells) > 1
    if path.suffix != ".pdf":
        assert citation["boxes"] == []
        assert quote in without_blanks(path.read_text("utf-8"))
        return
    with pymupdf.open(path) as document:
        pages = sorted({citation["page"], *(int(box[0]) for box in citation["boxes"])})
        text = "".join(page_text(document[number - 1]) for number in pages)
        under = "".join(
            page_text(document[int(box[0]) - 1], pymupdf.Rect(box[1:]) + SLACK) for box in citation["boxes"]
        )
    assert pages[0] == citation["page"]
    assert citation["boxes"]
    if is_row:
        assert all(part in without_blanks(text) for header, _, cell in cells for part in (header, cell))
        assert all(cell in without_blanks(under) for _, _, cell in cells)
    else:
        assert quote in without_blanks(text)
        assert set(quote) <= set(without_blanks(under))


def page_text(page: pymupdf.Page, where: pymupdf.Rect | None = None) -> str:
    return str(page.get_text("text", flags=pymupdf.TEXT_MEDIABOX_CLIP, clip=where))


def without_blanks(text: str) -> str:
    return "".join(text.split())


def test_answer_for_people_ends_with_its_sources(library: Home, documents: Path) -> None:
    done = library.run("ask", "How long are door and badge records kept?")
    assert done.returncode == 0
    assert "120 days" in done.stdout
    assert f"{documents / HANDBOOK}, page 3" in done.stdout.splitlines()[-1]


def test_question_that_no_document_answers_has_no_sources(library: Home) -> None:
    answer = library.json("ask", "Which restaurant serves the best noodles in town?")
    assert answer["stop"] == "no_sources"


def test_empty_library_answers_without_sources(home: Home) -> None:
    answer = home.json("ask", "Where is everything?")
    assert answer["stop"] == "no_sources"
    assert answer["citations"] == []


# --- leaving ------------------------------------------------------------------------------------------------------


@needs_ocr
def test_scans_may_wait_and_that_is_no_failure(home: Home, tmp_path: Path) -> None:
    (tmp_path / "papers").mkdir()
    make_scan(tmp_path / "papers" / "scan.pdf", ENGLISH, CHINESE)
    home.run("add", tmp_path / "papers")
    waiting = {"indexed": 0, "failed": 0, "waiting": 1}
    indexed = home.json("index", "--no-ocr")
    assert (indexed["documents"], indexed["scans_left"]) == (waiting, 2)
    assert home.json("status")["scans_left"] == 2
    assert "2 of 2 scanned pages wait" in home.run("status").stdout
    done = home.run("index")
    assert done.returncode == 0, done.stderr
    (hit,) = home.json("search", CHINESE[0], "-k", "1")["hits"]
    assert (hit["page"], CHINESE[0] in hit["text"]) == (2, True)


def test_without_ocr_a_scan_fails_with_what_to_do(home: Home, tmp_path: Path) -> None:
    make_scan(tmp_path / "scan.pdf", ENGLISH)
    home.path.mkdir()
    (home.path / "settings.toml").write_text("ocr = false\n", "utf-8")
    home.run("add", tmp_path / "scan.pdf")
    done = home.run("index")
    assert done.returncode == 1
    assert "OCR" in done.stderr
    assert "inkstone doctor" in done.stderr
    assert "ocr = true" in home.run("doctor").stdout


def test_removed_folder_is_found_no_more(home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "a.md").write_text("# Bees\n\nThe hive stands under the pear tree.\n", "utf-8")
    assert home.run("add", "notes", cwd=tmp_path).returncode == 0
    assert home.run("index").returncode == 0
    assert home.json("search", "pear tree")["hits"]
    assert home.run("remove", "notes", cwd=tmp_path).returncode == 0
    assert home.json("status")["documents"] == {"indexed": 0, "failed": 0, "waiting": 0}
    assert home.json("search", "pear tree")["hits"] == []
    assert (folder / "a.md").exists()


def test_file_can_be_added_alone(home: Home, documents: Path) -> None:
    assert home.run("add", documents / "机房巡检记录.txt").returncode == 0
    assert home.run("index").returncode == 0
    assert home.json("status")["documents"]["indexed"] == 1


# --- what goes wrong ----------------------------------------------------------------------------------------------


def assert_one_sentence(done: Done, code: int, *words: str) -> None:
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert done.stdout == ""
    for word in words:
        assert word in done.stderr


def test_missing_path_is_wrong_usage(home: Home, tmp_path: Path) -> None:
    assert_one_sentence(home.run("add", tmp_path / "nowhere"), 2, "nowhere does not exist")


def test_error_comes_in_the_persons_language(home: Home, tmp_path: Path) -> None:
    chinese = Home(home.path, {"INKSTONE_LANG": "zh"})
    assert_one_sentence(chinese.run("add", tmp_path / "nowhere"), 2, "不存在")


def test_kind_of_file_that_is_not_read_is_wrong_usage(home: Home, tmp_path: Path) -> None:
    (tmp_path / "song.mp3").write_bytes(b"ID3")
    assert_one_sentence(home.run("add", tmp_path / "song.mp3"), 2, "song.mp3")


def test_removing_what_is_not_there_is_wrong_usage(home: Home, tmp_path: Path) -> None:
    assert_one_sentence(home.run("remove", tmp_path), 2, "not in the library")


@pytest.mark.parametrize("words", [["dance"], ["search"], ["search", "x", "-k", "0"], ["ask", "a", "b"]])
def test_wrong_words_are_wrong_usage(home: Home, words: list[str]) -> None:
    done = home.run(*words)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_home_that_is_a_file_cannot_work(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("not a folder", "utf-8")
    assert_one_sentence(Home(tmp_path / "home").run("status"), 3, "cannot be written")


def test_damaged_library_is_told_and_left_as_it_is(home: Home) -> None:
    home.path.mkdir()
    library = home.path / "library.sqlite"
    library.write_bytes(b"this is no database" * 400)
    assert_one_sentence(home.run("status"), 3, "is damaged")
    assert library.read_bytes() == b"this is no database" * 400


def test_folder_that_is_no_model_is_refused(home: Home, tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    assert_one_sentence(home.run("models", "import", tmp_path / "model"), 3, "is refused")


def test_model_that_is_not_installed_is_wrong_usage(home: Home) -> None:
    assert_one_sentence(home.run("models", "use", "gpt-9"), 2, "no model named gpt-9")


def test_second_indexing_of_a_library_is_refused(library: Home) -> None:
    with FileLock(library.path / "index.lock"):
        done = library.run("index")
    assert done.returncode == 1
    assert "Another Inkstone is indexing" in done.stderr


def test_searching_goes_on_while_another_process_indexes(library: Home) -> None:
    with FileLock(library.path / "index.lock"):
        assert library.json("search", "backup")["hits"]


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no modes")
def test_unreadable_file_fails_with_its_reason(tmp_path: Path) -> None:
    folder, home = tmp_path / "documents", Home(tmp_path / "home")
    folder.mkdir()
    home.path.mkdir()
    (folder / "secret.md").write_text("# Secret\n\nNobody may read this.\n", "utf-8")
    (folder / "open.md").write_text("# Open\n\nEverybody may read this.\n", "utf-8")
    (folder / "secret.md").chmod(0)
    who = an_ordinary_user(tmp_path)
    if who:
        shutil.chown(home.path, *who)
    options: dict[str, Any] = {"user": who[0], "group": who[1], "extra_groups": []} if who else {}
    assert home.run("add", folder, **options).returncode == 0
    assert home.run("index", **options).returncode == 1
    status = json.loads(home.run("status", "--json", **options).stdout)
    assert status["documents"] == {"indexed": 1, "failed": 1, "waiting": 0}
    assert status["failures"] == [{"path": str(folder / "secret.md"), "reason": "no permission"}]


def an_ordinary_user(tmp_path: Path) -> tuple[int, int] | None:
    """Whom modes bind: None where we are it already. Skips where it could not start inkstone."""
    if os.geteuid() != 0:
        return None
    nobody = (65534, 65534)
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    try:
        done = subprocess.run([INKSTONE, "--help"], user=nobody[0], group=nobody[1], capture_output=True, check=False)
        reachable = done.returncode == 0
    except PermissionError:
        reachable = False
    if not reachable:
        pytest.skip("modes do not bind root, and this environment lies where no other user can start it")
    return nobody


# --- everywhere ---------------------------------------------------------------------------------------------------


def test_options_stand_before_or_after_the_command(library: Home) -> None:
    command = [str(INKSTONE), "--json", "status", "--home", str(library.path)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60, check=True)
    assert json.loads(done.stdout) == library.json("status")


def test_json_output_is_one_object_and_the_rest_goes_to_stderr(library: Home) -> None:
    done = library.run("index", "--json")
    assert json.loads(done.stdout)["documents"] == {"indexed": 4, "failed": 1, "waiting": 0}
    assert DAMAGED in done.stderr or "indexed" in done.stderr


def test_doctor_finds_a_sound_installation(library: Home) -> None:
    done = library.run("doctor")
    assert done.returncode == 0, done.stdout
