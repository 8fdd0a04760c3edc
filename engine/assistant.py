"""The one door: builds everything, owns the threads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import disk_usage
from stat import S_ISDIR, S_ISREG

from engine.answers.ahead import Latest
from engine.answers.looking_up import look_up
from engine.answers.rechecking import places, recheck
from engine.config import SHIPPED_MODELS, Config, Setting, Settings, expanded, load_settings
from engine.conversations.feedback import write
from engine.conversations.store import Conversations
from engine.documents import ocr_files
from engine.documents.kinds import kind_of
from engine.documents.passwords import Passwords
from engine.documents.pool import ReaderPool
from engine.documents.reading import DocumentReader
from engine.documents.recognition import ScanReader
from engine.errors import BrokenInstallation, Code, EngineError, UnreadableDocument, UsageError
from engine.exclusions import with_rules
from engine.generation import Examined, Generation, runtime
from engine.library.choices import Choices
from engine.library.clouds import is_placeholder
from engine.library.excluding import rule_for
from engine.library.giving_way import GivingWay
from engine.library.indexing import Background, Indexer, Spent
from engine.library.listing import Wish
from engine.library.pacing import Pace
from engine.library.reaching import Reaching
from engine.library.recognising import Recognition
from engine.library.scanning import reachable
from engine.library.store import Root, Store
from engine.library.watching import watching_notices
from engine.machine import ThisMachine, give_memory_back, readers
from engine.managing import Managing
from engine.models.catalog import Models
from engine.models.catalog import Tell as Told
from engine.models.embedder import Embedder
from engine.models.flaws import refused
from engine.models.manifest import Manifest
from engine.models.prompts import Language, check_template, default_template, preview
from engine.reading import ReaderInUse
from engine.samples import copied
from engine.searching import Searching, Searchings
from engine.types import (
    EVERYTHING,
    Anew,
    AnewNeed,
    AnswerEvent,
    Checked,
    Citation,
    Document,
    Found,
    Hit,
    IndexEvent,
    LibraryStatus,
    ModelFacts,
    Notice,
    PageImage,
    Passage,
    Place,
    Reason,
    Scope,
    Sources,
    Speed,
    Standing,
    TextLines,
    Turn,
    Verdict,
)
from engine.upkeep import Tell, Upkeep


class Assistant:
    """A library that can be asked. `open` it, and `close` it; methods may be called from any thread."""

    def __init__(self, config: Config, store: Store, models: Models | None = None) -> None:
        self.config = config
        self.models = models or Models(SHIPPED_MODELS, config.models)
        self.store = store
        self.spent = Spent()
        self._passwords = Passwords()  # of documents; on no disk
        # what indexing reads with
        self._reader = ReaderPool(readers(), lambda: DocumentReader(has_ocr=self._has_ocr, passwords=self._passwords))
        self._scans = ScanReader(max(1, config.threads // 2), passwords=self._passwords)
        self._recognition = Recognition(store, self._scans, self._has_ocr)
        self._viewer = DocumentReader(passwords=self._passwords)  # what pages are shown with: never waits for the other
        self._reaching = Reaching()
        self._upkeep = Upkeep(config, store, lambda: self.indexing.indexer, self._is_in_use, self.rest)
        self._giving_way = GivingWay()
        pace = Pace(ThisMachine(), lambda: self.config.settings.give_way)
        self._background = Background(config.threads, pace, self._giving_way)
        self._searchings = Searchings(store, self._build)
        self._choosing = threading.RLock()  # settings are read from the disk and put in force as one
        self._generation = Generation(self.models)
        self._passage_reader = ReaderInUse(self.models, lambda: self.config)
        self._managing = Managing(self.models, self._generation, lambda: self.config)
        self._draft = Latest[tuple[str, Sequence[Turn], Scope]](self._begin_draft)
        self._conversations: Conversations | None = None
        self._opening = threading.Lock()
        self._look: threading.Timer | None = None
        self._thread: threading.Thread | None = None

    @classmethod
    def open(cls, config: Config, models: Models | None = None) -> Assistant:
        """`models`: others than those of this home. Models load with their first use.

        Raises BrokenInstallation when the library cannot be used.
        """
        return cls(config, Store(config.library), models)

    def interrupt(self) -> None:
        """End what runs, soon; for good. The library stays open until `close`, for the threads that still use it."""
        self._upkeep.end()
        self._reader.close()
        self._scans.close()
        self._viewer.close()
        self._generation.close()
        if self._look:
            self._look.cancel()

    def close(self) -> None:
        """Ends the threads and children; what is on disk is complete at any moment anyway.

        No other method may still be running: SQLite does not survive it.
        """
        self.interrupt()
        if self._thread:
            self._thread.join()
        if self._conversations:
            self._conversations.close()
        self.store.close()

    # What is in the library

    def add(self, paths: Iterable[Path]) -> tuple[Path, ...]:
        """Watch folders and files; each path as it is watched, which may be through a folder above it.

        Raises UsageError for a path that does not exist, cannot be read, or is no kind of document.
        """
        wanted = [_root(path) for path in paths]
        return tuple(self._add(root) for root in wanted)

    def add_sample(self) -> Path:
        """Watch a copy of the sample documents; where it lies. Raises BrokenInstallation."""
        return self.add([copied(self.config)])[0]

    def remove(self, paths: Iterable[Path]) -> None:
        """Stop watching. Raises UsageError when a path is not watched; then nothing is removed."""
        watched = {root.path for root in self.store.roots()}
        wanted = [expanded(path) for path in paths]
        for path in wanted:
            if path not in watched:
                raise UsageError(Code.NOT_IN_LIBRARY, path=str(path))
        for path in wanted:
            self.store.remove_root(path)
        self.store.forget_unwatched()
        self.store.drop_orphans()
        self._upkeep.nudge()

    def retry(self, path: Path | None = None) -> None:
        """Let a failed document, or all of them, be read again with the next indexing."""
        self.store.retry(expanded(path) if path else None)
        self.store.retry_scans(expanded(path) if path else None)
        self._upkeep.nudge()

    def remember(self, passwords: Iterable[str]) -> None:
        """Try these on every encrypted document from now on, also on those that failed. No disk sees them."""
        self._passwords.remember(passwords)
        for document in self.store.failures():
            if document.reason is Reason.ENCRYPTED:
                self.store.retry(document.path)
        self.store.retry_scans(None)  # pages that could not be opened any more to be recognised
        self._upkeep.nudge()

    def unlock(self, path: Path, password: str) -> bool:
        """Whether the password opens this document; one that does is remembered, and the document read soon.

        Raises UnreadableDocument when it cannot be read for another reason, UsageError when it is not there.
        """
        with self._there(path):
            fits = self._viewer.opens(path, password)
        if fits:
            self.remember([password])
        return fits

    def ignore(self, path: Path) -> None:
        """Pass a document over from now on, by a rule of its own; one that was added alone is removed.

        Raises UsageError where it is in no watched folder, or its name cannot stand in a rule.
        """
        path = expanded(path)
        roots = [root.path for root in self.store.roots()]
        if path in roots:
            self.remove([path])
            return
        folder = next((root for root in roots if path.is_relative_to(root)), None)
        if folder is None:
            raise UsageError(Code.NOT_IN_LIBRARY, path=str(path))
        rule = rule_for(path.relative_to(folder).as_posix())
        self.change(exclude=with_rules(self.config.settings.exclude, [rule]))
        self._upkeep.nudge()

    def status(self) -> LibraryStatus:
        folders = self.store.folders(self._reaching.those(self.store.roots()) - self.store.all_away())
        return LibraryStatus(
            folders=folders,
            indexed=sum(folder.indexed for folder in folders),
            failed=sum(folder.failed for folder in folders),
            waiting=sum(folder.waiting for folder in folders),
            passages=self.store.passage_count(),
            failures=self.store.failures(),
            embedder=self.config.settings.embedder,
            indexing_elsewhere=self._upkeep.is_elsewhere(),
            scans_left=self.store.scans_left(),
            away=self.store.away_count(),
            notices=watching_notices(self.store),
            paused=self.config.settings.paused,
            anew=self._anew(),
            stored_bytes=self._stored_bytes(),
        )

    def documents(self, folder: Path | None = None) -> tuple[Document, ...]:
        return self.store.documents(folder)

    def passages(self, path: Path, first: int, count: int) -> tuple[Passage, ...]:
        """What was read of a document, as it is searched: its passages from `first` (0) on, `count` at the most."""
        return self.store.passages_of(expanded(path))[first : first + count]

    def backup(self, path: Path) -> Path:
        """Copy one state of the library to `path`, whatever is going on; where it is.

        Raises UsageError for a folder that is not there or a file that is; BrokenInstallation.
        """
        path = expanded(path)
        if not path.parent.is_dir():
            raise UsageError(Code.NO_SUCH_PATH, path=str(path.parent))
        self.store.database.copy(path)
        return path

    # Indexing

    def index(self, stop: Callable[[], bool] = lambda: False, scans: bool = True) -> Iterator[IndexEvent]:
        """Bring the library up to date once, but for the scans if they may wait.

        Raises BusyLibrary when another process is at it.
        """
        return self._upkeep.once(stop, scans)

    def watch(self, tell: Tell) -> None:
        """Keep the library up to date from now on, in a thread that also calls `tell`."""
        self._thread = threading.Thread(target=self._upkeep.follow, args=[tell], name="indexing")
        self._thread.start()

    def rest(self) -> None:
        """Nothing is to be indexed for now: the memory that was taken for it goes back."""
        self._reader.rest()
        self._searchings.rest()
        self._passage_reader.rest()
        give_memory_back()

    @property
    def peak_child_bytes(self) -> int:
        """The most memory that a child which reads documents has used."""
        return self._reader.peak_child_bytes

    # Asking

    def search(self, query: str, k: int = 10, scope: Scope = EVERYTHING) -> tuple[Hit, ...]:
        with self._giving_way.asking():
            return self.searching.retriever.find(_text(query), k, scope)

    def ask(
        self,
        question: str,
        stop: Callable[[], bool] = lambda: False,
        history: Sequence[Turn] = (),
        scope: Scope = EVERYTHING,
    ) -> Iterator[AnswerEvent]:
        """The events of an answer; with `stop` true it ends after the piece at hand. `history`: oldest first."""
        with self._giving_way.asking():
            for event in self.searching.answerer.ask(_text(question), stop, _turns(history), scope):
                yield event
                if isinstance(event, Sources):
                    yield from (each for each in (self._incomplete(), self._passage_reader.notice()) if each)

    def draft(self, question: str, history: Sequence[Turn] = (), scope: Scope = EVERYTHING) -> None:
        """The question as it stands while it is being typed: the model may begin with what it will need.

        Returns soon. Call it a few times a second, and once more half a second after the last change.
        """
        if self.config.settings.compute_ahead and self.config.settings.generator:
            self._draft((_text(question), _turns(history), scope))

    # What was asked before

    @property
    def conversations(self) -> Conversations:
        """Those that are kept. Raises BrokenInstallation when their file cannot be used."""
        with self._opening:
            if self._conversations is None:
                self._conversations = Conversations(self.config.conversations)
            return self._conversations

    def recheck(self, citations: Sequence[Citation]) -> tuple[Checked, ...]:
        """Earlier citations as their words stand now. Those of a drive that is away are believed."""
        roots = self.store.roots()
        away = set(roots) - {root for root in roots if root.path in self._reaching.those(roots)}
        return tuple(
            Checked(each, Standing.FRESH)
            if any(_holds(root, each.path) for root in away)
            else recheck(self.store, [each])[0]
            for each in citations
        )

    def look_up(self, words: str, documents: int, scope: Scope = EVERYTHING) -> tuple[Found, ...]:
        """The documents that hold the words best, the last of which may be half typed. No model has a part in it."""
        with self._giving_way.asking():
            return look_up(self.store, _text(words), documents, scope)

    def places(self, path: Path, words: str) -> tuple[Place, ...]:
        """Where the words stand in a document, in its order; several hundred at the most."""
        return places(self.store, path, _text(words))

    def judge(self, exchange: int, verdict: Verdict, why: str) -> None:
        """Keep what the person thinks of an answer, and the passages that it was made of as they are now."""
        known = self.conversations.exchange(exchange)
        cited = known.answer.citations if known and known.answer else ()
        texts = [passage.text for path in {one.path for one in cited} for passage in self.store.passages_of(path)]
        used = [text for text in texts if any(one.quote in text for one in cited)]
        context = "\n\n".join(used) or "\n".join(one.quote for one in cited)
        self.conversations.judge(exchange, verdict, _text(why), context)

    def write_feedback(self, path: Path) -> int:
        """What the person thought of answers, as a question set that `eval` reads; how many. BrokenInstallation."""
        return write(expanded(path), self.conversations.judged())

    # Its models

    def installed(self) -> tuple[ModelFacts, ...]:
        """The models at hand, by name."""
        return self._managing.all()

    def import_model(self, folder: Path, small: bool, tell: Told, stop: Callable[[], bool]) -> str:
        """Import the model in `folder`, in a process of its own; its name. The first of its kind is chosen at once.

        `small` makes an embedder int8; `tell` hears the bytes written and those in all. Raises Stopped, and as
        `Models.add` does.
        """
        name = self._managing.add(expanded(folder), small, tell, stop)
        kind = Manifest.load(self.models.folder(name)).kind
        if kind != "embedder" and not getattr(self.config.settings, kind):
            self.change(**{kind: name})
        return name

    def measure(self, name: str, stop: Callable[[], bool]) -> Speed | None:
        """How quick a model is here; None when stopped, or Stopped. Raises UsageError, BrokenInstallation."""
        return self._managing.measure(name, stop)

    def graphics(self) -> Notice | None:
        """Why a graphics card that is there cannot be used, as far as that is known without trying."""
        return self._managing.graphics()

    def remove_model(self, name: str) -> None:
        """Delete an imported model; where the settings name it, they name what takes over.

        Raises UsageError(NO_SUCH_MODEL, SHIPPED_MODEL), or MODEL_SEARCHES while passages are searched with it;
        BusyLibrary, BrokenInstallation.
        """
        self.models.imported(name)
        searched = (self.store.embedder_in_use() or "").rpartition("@")[0]
        if name in (searched, self.config.settings.embedder) and self.store.all_passages():
            raise UsageError(Code.MODEL_SEARCHES, name=name)
        if changes := self._managing.without(name):
            self.change(**changes)
        self.models.remove(name)

    def instructions(self) -> dict[str, str]:
        """Our own instruction to the model in each language: what an empty setting stands for."""
        return {"en": default_template("en"), "zh": default_template("zh")}

    def preview(self, language: Language, template: str, style: str) -> str:
        """What the model is told with such an instruction ("": our own). Raises UsageError(BAD_TEMPLATE)."""
        return preview(template, style, language)

    def generator(self) -> Examined | None:
        """The model that writes answers and its need of memory; None where there is none.

        Raises UsageError or BrokenInstallation when the chosen one is missing or damaged.
        """
        return self._generation.examined(self.config)

    def check(self, name: str) -> tuple[Manifest, Notice | None]:
        """Verify an installed model and try it as the settings say; the Notice tells what could not be had so.

        Raises UsageError(NO_SUCH_MODEL) or BrokenInstallation: BAD_MODEL, GENERATOR_ENDED, NO_MEMORY_FOR_MODEL, and
        NO_MEMORY_BESIDE where another process has this library open: the window, which may hold a model.
        """
        manifest = self.models.check(name)
        if manifest.kind != "generator":
            return manifest, None
        try:
            return manifest, self.models.run(name, runtime(self.config))
        except BrokenInstallation as error:
            if error.code is Code.NO_MEMORY_FOR_MODEL and self._upkeep.is_elsewhere():
                raise BrokenInstallation(Code.NO_MEMORY_BESIDE, **error.facts) from error
            raise

    def change(self, **changes: Setting) -> None:
        """Other settings from the next question on. Raises UsageError for a value that cannot be.

        Another embedder or reader is tried first, which raises as `Models.check` does; its vectors follow as they are
        made.
        """
        for name in ("instruction_en", "instruction_zh"):
            if template := changes.get(name):
                check_template(str(template))
        if "embedder" in changes:
            self._check_kind(str(changes["embedder"]), "embedder")
            self.need(str(changes["embedder"]))
        if changes.get("reader"):
            self._check_kind(str(changes["reader"]), "reader")
        with self._choosing:
            self._put_in_force(self.config.change(**changes))

    def need(self, embedder: str) -> AnewNeed | None:
        """What embedding the library anew with a model takes; None where there is nothing to embed anew.

        Raises UsageError or BrokenInstallation: no such model, a damaged one, NO_SPACE_FOR_VECTORS.
        """
        manifest = Manifest.load(self.models.folder(embedder))
        before = self.store.embedder_in_use()
        if before in (None, manifest.id) or self.store.next_embedder() == manifest.id:
            return None
        needed = self.store.bytes_for(manifest.dimension or 0)
        need = AnewNeed(
            before=str(before).rpartition("@")[0],
            passages=self.store.all_passages(),
            needed_bytes=needed,
            free_bytes=disk_usage(self.config.home).free,
        )
        if need.free_bytes < needed:
            sizes = {"needed": f"{needed / 1e9:.2f}", "free": f"{need.free_bytes / 1e9:.2f}"}
            raise BrokenInstallation(Code.NO_SPACE_FOR_VECTORS, name=embedder, path=str(self.config.home), **sizes)
        return need

    def renewed(self) -> Settings:
        """The settings as they are on the disk: the command line may have changed them."""
        with self._choosing:
            self._put_in_force(self.config.renewed())
            return self.config.settings

    def page(self, path: Path, page: int, scale: float) -> PageImage:
        """A page as a picture of `scale` pixels a point. Raises UnreadableDocument, UsageError."""
        with self._there(path):
            return self._viewer.render(path, page, scale)

    def lines(self, path: Path, first: int, count: int) -> TextLines:
        """Lines of a document that has no pages. Raises UnreadableDocument, UsageError."""
        with self._there(path):
            return self._viewer.lines(path, first, count)

    @property
    def searching(self) -> Searching:
        """What answers: built around the embedder whose vectors are searched, which need not be the chosen one yet.

        Raises UsageError or BrokenInstallation when the model is missing or damaged.
        """
        return self._searchings.asked(self.config.settings.embedder)

    @property
    def indexing(self) -> Searching:
        """Likewise what indexes: built around the chosen embedder."""
        return self._searchings.chosen(self.config.settings.embedder)

    # Behind the door

    def _build(self, name: str) -> Searching:
        return Searching(
            Embedder.open(self.models.folder(name), self.config.threads),
            self.store,
            self._reader,
            self.config,
            self.spent,
            self._recognition,
            self._wish,
            self._background,
            lambda: self._generation.writer(self.config),
            self._passage_reader,
        )

    def _stored_bytes(self) -> int:
        files = [*self.config.home.glob(f"{self.config.library.name}*"), *self.config.vectors.glob("*")]
        return sum(_size(path) for path in files)

    def _anew(self) -> Anew | None:
        anew, before = self.store.anew(), self.store.embedder()
        if anew is None or before is None:
            return None
        id, done, total = anew
        return Anew(id.rpartition("@")[0], before.rpartition("@")[0], done, total)

    @contextmanager
    def _there(self, path: Path) -> Iterator[None]:
        """Raises UsageError for a document that is away or gone, UnreadableDocument for one that is in the cloud."""
        root = next((root for root in self.store.roots() if _holds(root, path)), None)
        if root and not self._reaching.those([root]):
            raise UsageError(Code.AWAY, path=str(path))
        try:
            if is_placeholder(path.stat()):
                raise UnreadableDocument(path, Reason.IN_CLOUD)  # opening it would download it
            yield
        except FileNotFoundError as error:
            code = Code.AWAY if self.store.is_away(path) else Code.NO_SUCH_PATH
            raise UsageError(code, path=str(path)) from error

    def _wish(self) -> Wish:
        """What is listed and read, by the settings as they are now."""
        choices, ours = _choices(self.config.settings), self.config
        return Wish(choices, ours.home, sample=ours.sample, entering=self._upkeep.entering)

    def _incomplete(self) -> Notice | None:
        """That files wait to be read, so that the answer may stand in one of them."""
        read, total = self.store.read_and_total()
        if read == total:
            return None
        return Notice("library_incomplete", {"read": f"{read:,}", "total": f"{total:,}"})

    def _check_kind(self, name: str, wanted: str) -> None:
        manifest = self.models.check(name)
        if manifest.kind != wanted:
            raise refused(self.models.folder(name), "another_kind", kind=manifest.kind, wanted=wanted)

    def _put_in_force(self, config: Config) -> None:
        before, self.config = self.config, config
        self._generation.changed(config)
        if _for_indexing(before.settings) != _for_indexing(config.settings):
            self._upkeep.nudge()
        if config.settings.paused:
            self._upkeep.pause()
        else:
            self._upkeep.resume()

    def _has_ocr(self) -> bool:
        return self.config.settings.ocr and ocr_files.installed() is not None

    def _is_in_use(self, indexer: Indexer) -> bool:
        """False once another embedder was chosen, by this process or by another."""
        with suppress(EngineError):  # settings that cannot be read are told to whoever asks for them
            settings, ours = load_settings(self.config.home / "settings.toml"), self.config.settings
            if _for_indexing(settings) != _for_indexing(ours):
                self.renewed()
        return self._searchings.is_chosen(indexer, self.config.settings.embedder)

    def _begin_draft(self, drafted: tuple[str, Sequence[Turn], Scope]) -> None:
        self._look_later(self.searching.answerer.draft(*drafted))

    def _look_later(self, wait_s: float | None) -> None:
        """The typing may end before its passages have held for long enough, or before the model is loaded."""
        if self._look:
            self._look.cancel()
        if wait_s is not None and not self._upkeep.is_ending:
            self._look = threading.Timer(wait_s, lambda: self._look_later(self.searching.answerer.look_again()))
            self._look.daemon = True
            self._look.start()

    def _is_same(self, known: Root, root: Root) -> bool:
        """Whether both are one folder, by another case or form of its name, or through a link."""
        if known.is_file or root.is_file or known.path not in self._reaching.those([known]):
            return False
        with suppress(OSError):
            return known.path.samefile(root.path)
        return False

    def _add(self, root: Root) -> Path:
        roots = self.store.roots()
        above = next((known for known in roots if _holds(known, root.path) or self._is_same(known, root)), None)
        if above:
            return above.path
        self.store.add_root(root, replacing=[known.path for known in roots if _holds(root, known.path)])
        self._upkeep.nudge()
        return root.path


def _size(path: Path) -> int:
    """0 for a file that has just gone: SQLite's come and go."""
    with suppress(OSError):
        return path.stat().st_size
    return 0


def _for_indexing(settings: Settings) -> tuple[object, ...]:
    """What indexing looks at once more when it has changed."""
    return settings.embedder, settings.ocr, _choices(settings)


def _choices(settings: Settings) -> Choices:
    return Choices(settings.exclude, settings.obey_gitignore, settings.max_file_mb)


def _root(path: Path) -> Root:
    path = expanded(path)
    try:
        mode = path.stat().st_mode
    except PermissionError as error:
        raise UsageError(Code.NO_PERMISSION, path=str(path)) from error
    except (OSError, ValueError) as error:
        raise UsageError(Code.NO_SUCH_PATH, path=str(path)) from error
    root = Root(path, not S_ISDIR(mode))
    if root.is_file and (kind_of(path) is None or not S_ISREG(mode)):
        raise UsageError(Code.NOT_A_DOCUMENT, path=str(path))
    if not reachable(root):
        raise UsageError(Code.NO_PERMISSION, path=str(path))
    return root


def _holds(root: Root, path: Path) -> bool:
    return path == root.path or (not root.is_file and path.is_relative_to(root.path))


def _text(words: str) -> str:
    """What was typed, as Unicode: a terminal may pass bytes that are none."""
    return words.encode("utf-8", "replace").decode("utf-8")


def _turns(history: Sequence[Turn]) -> tuple[Turn, ...]:
    return tuple(Turn(_text(turn.question), _text(turn.answer)) for turn in history)
