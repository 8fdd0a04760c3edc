"""What each command of `inkstone` does: call the assistant, then print for people or as JSON."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import asdict
from functools import partial
from pathlib import Path

from engine import doctor, evaluation, mending, question_sets
from engine.assistant import Assistant
from engine.config import Config
from engine.errors import Code, UsageError
from engine.exclusions import rules_in, with_rules, without_rules
from engine.library.excluding import DEFAULTS
from engine.models.manifest import Manifest
from engine.printing import AnswerPrinter, Json, answer_json, hit_json, place
from engine.progress import Progress
from engine.texts import Language, say, say_reason
from engine.types import Answer, Failed, Finished, Hit, Status

_QUOTES, _NO_READER = "quotes", "no-reader"  # in place of a generator's name and of a reader's: none


class Command:
    """One run of one command: what it was given, and how it prints."""

    def __init__(self, options: argparse.Namespace, config: Config, assistant: Assistant, language: Language) -> None:
        self.options = options
        self.config = config
        self.assistant = assistant
        self.language = language
        self.json = getattr(options, "json", False)

    def tell(self, key: str, /, **facts: object) -> None:
        """A sentence for people; with --json standard output is for the object alone."""
        print(say(key, self.language, **facts), file=sys.stderr if self.json else sys.stdout)

    def give(self, result: Json) -> None:
        if self.json:
            print(json.dumps(result, ensure_ascii=True))

    def add(self) -> int:
        watched = self.assistant.add(self.options.paths)
        for path in watched:
            self.tell("added", path=path)
        self.tell("index_next")
        self.give({"added": [str(path) for path in watched]})
        return 0

    def remove(self) -> int:
        self.assistant.remove(self.options.paths)
        for path in self.options.paths:
            self.tell("removed", path=path)
        self.give({"removed": [str(path) for path in self.options.paths]})
        return 0

    def index(self) -> int:
        if self.options.password_file:
            self.assistant.remember(_passwords(self.options.password_file))
        if self.options.retry_failed:
            self.assistant.retry()
        with Progress(self.language) as progress:
            for event in self.assistant.index(scans=not self.options.no_ocr):
                progress.show(event)
                if isinstance(event, Failed):
                    progress.line(say("failed_row", self.language, path=event.path, sentence=self._why(event)))
        status = self.assistant.status()
        self.tell(
            "index_done",
            indexed=status.indexed,
            passages=status.passages,
            failed=status.failed,
            seconds=f"{progress.seconds:.1f}",
        )
        if status.scans_left:
            self.tell("scans_wait", count=status.scans_left)
        counts = {"indexed": status.indexed, "failed": status.failed, "waiting": status.waiting}
        seconds = round(progress.seconds, 2)
        self.give(
            {"documents": counts, "passages": status.passages, "scans_left": status.scans_left, "seconds": seconds}
        )
        return 1 if status.failed or self._waits(status.waiting) else 0

    def status(self) -> int:
        status = self.assistant.status()
        if not status.folders:
            self.tell("empty_library")
        for folder in status.folders:
            away = "" if folder.reachable else say("status_away", self.language)
            counts = {"indexed": folder.indexed, "waiting": folder.waiting, "failed": folder.failed}
            self.tell("status_folder", path=folder.path, away=away, **counts)
        for document in status.failures:
            assert document.reason  # that is what failed means
            self.tell("failed_row", path=document.path, sentence=say_reason(document.reason, self.language))
        for document in self.assistant.documents():
            if document.status is Status.FAILED:
                continue
            if document.scans_left:
                self.tell("status_scans", path=document.path, count=document.scans_left, pages=document.scan_pages)
            elif document.empty_pages:
                self.tell("status_empty_pages", path=document.path, count=document.empty_pages)
            if document.scans_lost:
                self.tell("status_scans_lost", path=document.path, count=document.scans_lost)
        counts = {"indexed": status.indexed, "failed": status.failed, "waiting": status.waiting}
        self.tell("status_counts", passages=status.passages, embedder=status.embedder, **counts)
        if anew := status.anew:
            self.tell("status_anew", name=anew.embedder, done=anew.done, total=anew.total, before=anew.before)
        if status.away:
            self.tell("status_away_count", count=status.away)
        for notice in status.notices:
            self.tell(notice.code, **notice.facts)
        if status.indexing_elsewhere:
            self.tell("indexing_elsewhere")
        if status.paused:
            self.tell("status_paused")
        self.give(
            {
                "folders": [str(folder.path) for folder in status.folders],
                "documents": counts,
                "passages": status.passages,
                "scans_left": status.scans_left,
                "paused": status.paused,
                "away": status.away,
                "notices": [notice.code for notice in status.notices],
                "failures": [{"path": str(failed.path), "reason": failed.reason} for failed in status.failures],
            }
        )
        return 0

    def exclude(self) -> int:
        setting, rules = self.config.settings.exclude, self.options.rules
        if rules:
            setting = (without_rules if self.options.remove else with_rules)(setting, rules)
            self.config.change(exclude=setting)
            self.tell("rules_changed")
        if self.options.list or not rules:
            self.tell("rules_own" if rules_in(setting) else "rules_none")
            self._list_rules(rules_in(setting))
            self.tell("rules_ours")
            self._list_rules(DEFAULTS)
        self.give({"exclude": rules_in(setting), "defaults": list(DEFAULTS)})
        return 0

    def search(self) -> int:
        hits = self.assistant.search(self.options.query, self.options.k)
        if not self.json:
            for number, hit in enumerate(hits, start=1):
                where = f"{hit.document.path}{self._away(hit)}, {self._hit_place(hit)}"
                print(f"{number}. {where}  ({', '.join(hit.why)}, {hit.score:.2f})")
                print(f"   {' '.join(hit.passage.text.split())}\n")
            if not hits:
                self.tell("no_hits")
        self.give({"hits": [hit_json(hit) for hit in hits]})
        return 0

    def ask(self) -> int:
        answer: Answer | None = None
        printer = AnswerPrinter(self.language, quiet=self.json)
        for event in self.assistant.ask(self.options.question):
            printer.show(event)
            if isinstance(event, Finished):
                answer = event.answer
        assert answer  # every answer finishes
        printer.finish(answer)
        self.give(answer_json(answer))
        return 0

    def models(self) -> int:
        return {
            "list": self._list_models,
            "import": self._import_model,
            "use": self._use_model,
            "check": self._check_model,
            "speed": self._measure_model,
            "remove": self._remove_model,
        }[self.options.action]()

    def eval(self) -> int:
        chosen = question_sets.load(self.options.set, self.options.limit)
        with tempfile.TemporaryDirectory(prefix="inkstone-eval-") as folder:
            home = Config(home=Path(folder) / "home", settings=self.config.settings)
            home.home.mkdir()
            assistant = Assistant.open(home, self.assistant.models)
            try:
                with Progress(self.language) as progress:
                    scores = evaluation.evaluate(
                        assistant, chosen, Path(folder) / "documents", progress.show, progress.counter
                    )
            finally:
                assistant.close()
        result: Json = {"set": scores.name, "n": scores.count, "by": scores.by}
        if scores.answers:
            result["answers"] = {name: mean.value for name, mean in scores.answers.items()}
            result["answers_n"] = {name: mean.count for name, mean in scores.answers.items()}
        if not self.json:
            for way, found in scores.by.items():
                print(f"{way:8}  " + "  ".join(f"{name} {value:.3f}" for name, value in found.items()))
        for name, mean in scores.answers.items():
            score = say(f"score_{name}", self.language)
            self.tell("score_row", score=score, value=f"{mean.value:.3f}", count=mean.count)
        self.give(result)
        return 0

    def backup(self) -> int:
        path = self.assistant.backup(self.options.file)
        self.tell("backup_done", path=path, size=f"{path.stat().st_size / 1e6:.1f}")
        self.give({"backup": str(path)})
        return 0

    def doctor(self) -> int:
        mended = mending.mend(self.config, self.assistant.store) if self.options.mend else []
        for flaw in mended:
            self.tell("mended", sentence=say(flaw.code, self.language, count=flaw.count))
        if self.options.mend and not mended:
            self.tell("mended_nothing")
        findings = doctor.examine(self.config, self.assistant)
        for finding in findings:
            mark = "✓" if finding.sound else "✗"
            self.tell("doctor_row", mark=mark, name=finding.name, finding=finding.text)
        result: Json = {"findings": [{"name": each.name, "ok": each.sound, "finding": each.text} for each in findings]}
        if self.options.mend:
            result["mended"] = {flaw.code.removeprefix("flaw_"): flaw.count for flaw in mended}
        self.give(result)
        return 0 if all(finding.sound for finding in findings) else 3

    def _list_models(self) -> int:
        installed = self.assistant.installed()
        for model in installed:
            mark, size = "*" if model.in_use else " ", f"{model.size_bytes / 1e6:.0f}"
            languages = ", ".join(model.languages)
            self.tell("models_row", mark=mark, size=size, languages=languages, name=model.name, kind=model.kind)
        rows = [{"name": model.name, "kind": model.kind, "in_use": model.in_use} for model in installed]
        self.give({"models": rows})
        return 0

    def _import_model(self) -> int:
        folder = Path(self.options.name)
        with Progress(self.language) as progress:
            manifest = self.assistant.models.add(
                folder,
                self.options.compute_type,
                self.options.as_name,
                partial(progress.converting, folder.name),
                self.options.query_prefix,
            )
        first = ""
        if manifest.kind == "generator" and not self.config.settings.generator:
            self.config.change(generator=manifest.name)
            first = "model_imported_used"
        elif manifest.kind == "reader" and not self.config.settings.reader:
            self.config.change(reader=manifest.name)
            first = "model_imported_reads"
        self.tell(first or "model_imported", name=manifest.name)
        if manifest.query_prefix:
            self.tell("model_query_prefix", prefix=manifest.query_prefix)
        self.give({"imported": manifest.name})
        return 0

    def _use_model(self) -> int:
        name = self.options.name
        if name == _QUOTES:
            self.config.change(generator="")
            self.tell("quotes_used")
        elif name == _NO_READER:
            self.config.change(reader="")
            self.tell("no_reader_used")
        else:
            self._use(self.assistant.models.check(name))
        self.give({"used": name})
        return 0

    def _use(self, manifest: Manifest) -> None:
        need = self.assistant.need(manifest.name) if manifest.kind == "embedder" else None
        self.config.change(**{manifest.kind: manifest.name})
        told = {"embedder": "model_used", "reader": "reader_used", "generator": "generator_used"}
        self.tell(told[manifest.kind], name=manifest.name)
        if need:
            sizes = {"needed": f"{need.needed_bytes / 1e9:.2f}", "free": f"{need.free_bytes / 1e9:.1f}"}
            self.tell("anew_need", count=need.passages, before=need.before, **sizes)

    def _check_model(self) -> int:
        manifest, notice = self.assistant.check(self.options.name)
        if notice:
            self.tell(notice.code, **notice.facts)
        self.tell("model_sound", name=manifest.name)
        self.give({"checked": manifest.name})
        return 0

    def _measure_model(self) -> int:
        speed = self.assistant.measure(self.options.name, lambda: False)
        kind = next(model.kind for model in self.assistant.installed() if model.name == self.options.name)
        assert speed  # nobody stops it
        facts = {"rate": f"{speed.per_second:.1f}", "load": f"{speed.load_s:.1f}", "device": speed.device}
        self.tell(f"speed_{kind}", name=self.options.name, taken=f"{speed.taken_in_per_second:.0f}", **facts)
        self.give({"model": self.options.name, **asdict(speed)})
        return 0

    def _remove_model(self) -> int:
        self.assistant.remove_model(self.options.name)
        self.tell("model_removed", name=self.options.name)
        self.give({"removed": self.options.name})
        return 0

    def _waits(self, waiting: int) -> bool:
        """Whether something waits that was to be done: with --no-ocr scans may."""
        if not (waiting and self.options.no_ocr):
            return waiting > 0
        documents = self.assistant.documents()
        return any(document.status is Status.WAITING and not document.scans_left for document in documents)

    def _list_rules(self, rules: Iterable[str]) -> None:
        for rule in rules:
            self.tell("rule_row", rule=f"  {rule}")

    def _why(self, failed: Failed) -> str:
        return say_reason(failed.reason, self.language)

    def _away(self, hit: Hit) -> str:
        return say("hit_away", self.language) if hit.document.away else ""

    def _hit_place(self, hit: Hit) -> str:
        return place(hit.document.unit, hit.passage.page_first, hit.passage.label, self.language)


def _passwords(file: Path) -> list[str]:
    """The lines of a file. Raises UsageError where it cannot be read, or is not in UTF-8."""
    try:
        text = file.read_text("utf-8-sig")
    except FileNotFoundError as error:
        raise UsageError(Code.NO_SUCH_PATH, path=str(file)) from error
    except OSError as error:
        raise UsageError(Code.NO_PERMISSION, path=str(file)) from error
    except UnicodeDecodeError as error:
        raise UsageError(Code.NOT_UTF8, path=str(file)) from error
    return [line for line in text.splitlines() if line]
