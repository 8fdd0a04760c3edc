import os
import queue
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from engine.assistant import Assistant
from engine.config import Config
from engine.errors import BrokenInstallation, BusyLibrary, Code, EngineError, UsageError
from engine.texts import say
from engine.types import Failed, Finished, Indexed, Notice, Removed, Stage, Status, Stop, Why, Working


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "张 三" / "papers"
    made.mkdir(parents=True)
    (made / "policy.md").write_text("# Retention\n\nAudit logs are retained for seven years.\n", "utf-8")
    (made / "note.txt").write_text("备份策略每季度复核一次。\n", "utf-8")
    return made


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    opened = Assistant.open(Config.load(tmp_path / "home"))
    yield opened
    opened.close()


class Events:
    """What a watching assistant tells, to be waited for."""

    def __init__(self) -> None:
        self._told: queue.Queue[object] = queue.Queue()

    def tell(self, event: object) -> None:
        self._told.put(event)

    def wait_for(self, kind: type, name: str = "") -> object:
        while True:
            event = self._told.get(timeout=60)
            assert not isinstance(event, EngineError)
            if isinstance(event, kind) and (not name or event.path.name == name):
                return event

    def wait_until_idle(self) -> None:
        while True:
            event = self._told.get(timeout=60)
            if isinstance(event, Working) and event.stage is Stage.IDLE:
                return


def test_a_folder_is_indexed_and_asked(assistant: Assistant, folder: Path):
    assistant.add([folder])
    assert {type(event) for event in assistant.index()} == {Working, Indexed}
    *_, finished = assistant.ask("How long are audit logs retained?")
    assert isinstance(finished, Finished)
    citation = finished.answer.citations[0]
    assert (citation.path, citation.page) == (folder / "policy.md", 3)
    assert citation.quote == "Audit logs are retained for seven years."
    assert assistant.search("备份策略")[0].document.path == folder / "note.txt"


def test_the_documents_are_only_read(assistant: Assistant, folder: Path):
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()}
    assistant.add([folder])
    list(assistant.index())
    assistant.remove([folder])
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()} == before


def test_it_goes_on_where_it_was(tmp_path: Path, folder: Path):
    first = Assistant.open(Config.load(tmp_path / "home"))
    first.add([folder])
    list(first.index())
    first.close()
    again = Assistant.open(Config.load(tmp_path / "home"))
    events = list(again.index())
    found = again.search("retained")
    again.close()
    assert not any(isinstance(event, Indexed) for event in events)
    assert again.spent.passages == 0
    assert found[0].document.status is Status.INDEXED


@pytest.mark.parametrize(("name", "code"), [("missing", Code.NO_SUCH_PATH), ("program.exe", Code.NOT_A_DOCUMENT)])
def test_a_path_that_cannot_serve_is_refused(assistant: Assistant, folder: Path, name: str, code: Code):
    (folder / "program.exe").write_bytes(b"MZ")
    with pytest.raises(UsageError) as caught:
        assistant.add([folder, folder / name])
    assert caught.value.code is code
    assert assistant.status().folders == ()


def test_a_folder_within_a_watched_one_is_watched_through_it(assistant: Assistant, folder: Path):
    assert assistant.add([folder.parent, folder]) == (folder.parent, folder.parent)
    assert [each.path for each in assistant.status().folders] == [folder.parent]


def test_a_folder_by_another_name_is_the_same_folder(assistant: Assistant, folder: Path):
    assistant.add([folder])
    link = folder.parent / "link"
    link.symlink_to(folder, target_is_directory=True)
    assert assistant.add([link]) == (folder,)
    assert len(assistant.status().folders) == 1


def test_adding_the_folder_above_costs_no_embedding(assistant: Assistant, folder: Path):
    assistant.add([folder])
    list(assistant.index())
    embedded = assistant.spent.passages
    assistant.add([folder.parent])
    list(assistant.index())
    assert assistant.spent.passages == embedded
    assert [each.path for each in assistant.status().folders] == [folder.parent]
    assert assistant.status().indexed == 2


def test_removing_forgets_at_once(assistant: Assistant, folder: Path):
    assistant.add([folder])
    list(assistant.index())
    assistant.remove([folder])
    status = assistant.status()
    assert (status.indexed, status.passages) == (0, 0)
    assert assistant.search("retained") == ()


def test_removing_what_is_not_there_removes_nothing(assistant: Assistant, folder: Path):
    assistant.add([folder])
    with pytest.raises(UsageError) as caught:
        assistant.remove([folder, folder.parent])
    assert caught.value.code is Code.NOT_IN_LIBRARY
    assert len(assistant.status().folders) == 1


def test_two_may_ask_while_only_one_indexes(assistant: Assistant, folder: Path, tmp_path: Path):
    assistant.add([folder])
    list(assistant.index())
    other = Assistant.open(assistant.config)
    with FileLock(assistant.config.index_lock):
        assert other.status().indexing_elsewhere
        with pytest.raises(BusyLibrary):
            list(other.index())
        assert other.search("retained")[0].document.path.name == "policy.md"
    assert not other.status().indexing_elsewhere
    other.close()


def test_what_another_process_indexes_is_found_here(assistant: Assistant, folder: Path):
    other = Assistant.open(assistant.config)
    assert other.search("retained") == ()
    assistant.add([folder])
    list(assistant.index())
    assert other.search("retained")[0].document.path.name == "policy.md"
    other.close()


def test_watching_follows_create_edit_move_and_delete(assistant: Assistant, folder: Path):
    events = Events()
    assistant.add([folder])
    assistant.watch(events.tell)
    events.wait_until_idle()
    embedded = assistant.spent.passages

    created = folder / "new.txt"
    created.write_text("Zebras are striped.", "utf-8")
    events.wait_for(Indexed, "new.txt")
    events.wait_until_idle()

    created.write_text("Zebras are striped and quick.", "utf-8")
    events.wait_for(Indexed, "new.txt")
    events.wait_until_idle()
    assert assistant.spent.passages == embedded + 2

    (folder / "sub").mkdir()
    created.rename(folder / "sub" / "moved.txt")
    moved = events.wait_for(Indexed, "moved.txt")
    assert isinstance(moved, Indexed)
    assert moved.moved_from == created
    events.wait_until_idle()
    assert assistant.spent.passages == embedded + 2
    assert assistant.search("zebras")[0].document.path == folder / "sub" / "moved.txt"

    shutil.rmtree(folder / "sub")
    events.wait_for(Removed, "moved.txt")
    assert all(hit.document.path.name != "moved.txt" for hit in assistant.search("zebras"))


def test_a_folder_added_while_watching_is_indexed(assistant: Assistant, folder: Path):
    events = Events()
    assistant.watch(events.tell)
    events.wait_until_idle()
    assistant.add([folder])
    events.wait_for(Indexed, "policy.md")
    events.wait_until_idle()
    assistant.remove([folder])
    assert assistant.status().passages == 0


def test_watching_takes_over_when_the_other_process_ends(assistant: Assistant, folder: Path):
    events = Events()
    assistant.add([folder])
    with FileLock(assistant.config.index_lock):
        assistant.watch(events.tell)
        assert assistant.status().indexing_elsewhere
    events.wait_for(Indexed, "policy.md")


def test_closing_ends_a_running_indexing(assistant: Assistant, folder: Path):
    for number in range(200):
        (folder / f"{number}.txt").write_text(f"Text number {number} is here.", "utf-8")
    events = Events()
    assistant.add([folder])
    assistant.watch(events.tell)
    events.wait_for(Indexed)
    assistant.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "indexing"]


def test_a_damaged_graph_costs_nothing_but_time(assistant: Assistant, folder: Path):
    assistant.add([folder])
    list(assistant.index())
    assistant.config.vectors.mkdir(exist_ok=True)
    for name in ("graph.hnsw", "graph.json"):
        (assistant.config.vectors / name).write_bytes(b"rubbish")
    again = Assistant.open(assistant.config)
    assert again.search("retained")[0].document.path.name == "policy.md"
    again.close()


def test_a_failed_document_is_in_the_status_and_can_be_tried_again(assistant: Assistant, folder: Path):
    broken = folder / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7 and nothing more")
    assistant.add([folder])
    assert [event.path for event in assistant.index() if isinstance(event, Failed)] == [broken]
    assert [document.path for document in assistant.status().failures] == [broken]
    assistant.retry(broken)
    assert assistant.status().waiting == 1
    assert [event.path for event in assistant.index() if isinstance(event, Failed)] == [broken]


def test_asking_an_empty_library_is_answered(assistant: Assistant):
    *_, finished = assistant.ask("Anything?")
    assert isinstance(finished, Finished)
    assert finished.answer.stop is Stop.NO_SOURCES


def test_lines_of_a_document_are_shown(assistant: Assistant, folder: Path):
    shown = assistant.lines(folder / "policy.md", 1, 10)
    assert shown.lines[2] == "Audit logs are retained for seven years."
    with pytest.raises(UsageError):
        assistant.lines(folder / "gone.md", 1, 10)


def test_a_file_from_the_far_future_holds_nothing_up(assistant: Assistant, folder: Path):
    os.utime(folder / "note.txt", ns=(2**63 + 10**9, 2**63 + 10**9))
    assistant.add([folder])
    assert len([event for event in assistant.index() if isinstance(event, Indexed)]) == 2
    assert not [event for event in assistant.index() if isinstance(event, Indexed)]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_named_pipe_is_refused(assistant: Assistant, folder: Path):
    os.mkfifo(folder / "pipe.txt")
    with pytest.raises(UsageError) as caught:
        assistant.add([folder / "pipe.txt"])
    assert caught.value.code is Code.NOT_A_DOCUMENT
    assistant.add([folder])
    assert len([event for event in assistant.index() if isinstance(event, Indexed)]) == 2


def test_a_library_within_a_watched_folder_does_not_index_itself(tmp_path: Path):
    assistant = Assistant.open(Config.load(tmp_path / "papers" / "home"))
    assistant.config.logs.mkdir()
    (assistant.config.logs / "engine.log").write_text("read me")
    (tmp_path / "papers" / "note.txt").write_text("Zebras are striped.")
    assistant.add([tmp_path / "papers"])
    indexed = [event.path.name for event in assistant.index() if isinstance(event, Indexed)]
    assistant.close()
    assert indexed == ["note.txt"]


def test_the_old_model_finds_until_another_has_embedded(assistant: Assistant, folder: Path):
    assistant.add([folder])
    list(assistant.index())
    before = assistant.search("retained")
    assistant.store.use_embedder("another@1")
    assert assistant.search("retained") == before
    assert before[0].why == (Why.WORDS, Why.MEANING)


def test_settings_of_another_process_are_kept(assistant: Assistant):
    assistant.config.change(theme="dark")
    assert assistant.config.change(language="zh").settings.theme == "dark"


def test_a_lock_that_cannot_be_opened_is_said(assistant: Assistant, folder: Path):
    assistant.config.index_lock.unlink(missing_ok=True)
    assistant.config.index_lock.mkdir()
    assert not assistant.status().indexing_elsewhere
    with pytest.raises(BrokenInstallation) as caught:
        list(assistant.index())
    assert caught.value.code is Code.CANNOT_WRITE


def test_a_failure_nobody_foresaw_is_told_and_tried_again(assistant: Assistant, folder: Path):
    told: queue.Queue[object] = queue.Queue()
    assistant.store.roots = None  # type: ignore[assignment,method-assign]
    assistant.watch(told.put)
    error = told.get(timeout=60)
    assert isinstance(error, EngineError)
    assert error.code is Code.INTERNAL


def test_an_answer_says_that_files_wait(assistant: Assistant, folder: Path):
    for number in range(30):
        (folder / f"z{number}.txt").write_text(f"Another text, number {number}.", "utf-8")
    assistant.add([folder])
    stop = threading.Event()
    for event in assistant.index(stop.is_set):
        if isinstance(event, Working) and event.stage is Stage.READING:
            stop.set()
    told = [event for event in assistant.ask("audit logs") if isinstance(event, Notice)]
    assert [(notice.code, notice.facts["total"]) for notice in told] == [("library_incomplete", "32")]
    assert say("library_incomplete", "en", read="1,240", total="8,900") == "1,240 of 8,900 files are searchable so far."
    list(assistant.index())
    assert not any(isinstance(event, Notice) for event in assistant.ask("audit logs"))


def test_a_pause_is_a_setting_and_in_the_status(assistant: Assistant, folder: Path):
    assistant.add([folder])
    events = Events()
    assistant.change(paused=True)
    assistant.watch(events.tell)
    assert events.wait_for(Working) == Working(Stage.PAUSED, 0, 0)
    assert (assistant.status().paused, assistant.status().indexed) == (True, 0)
    assistant.change(paused=False)
    events.wait_until_idle()
    assert (assistant.status().paused, assistant.status().indexed) == (False, 2)


def test_a_document_is_ignored_from_now_on(assistant: Assistant, folder: Path):
    (folder / "odd [1].txt").touch()
    assistant.add([folder])
    list(assistant.index())
    assistant.ignore(folder / "odd [1].txt")
    list(assistant.index())
    status = assistant.status()
    assert (status.indexed, status.failed, status.failures) == (2, 0, ())
    with pytest.raises(UsageError) as caught:
        assistant.ignore(Path("/elsewhere/a.txt"))
    assert caught.value.code is Code.NOT_IN_LIBRARY


def test_ignoring_a_file_that_was_added_alone_removes_it(assistant: Assistant, folder: Path):
    assistant.add([folder / "note.txt"])
    list(assistant.index())
    assistant.ignore(folder / "note.txt")
    assert assistant.status().folders == ()
