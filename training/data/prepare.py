"""Questions become what the trainers read: triplets for an embedder, chat samples for a generator, and a report.

    python -m training.data.prepare QUESTIONS… --out DIR --chats

QUESTIONS are files or folders of Multi-Doc-QA-Chinese or of our own records. DIR gets triplets.train.jsonl,
triplets.dev.jsonl, with --chats the same two of chats, and report.json, all of them or none. The split is by document;
a check over the written files proves that no passage stands on both sides. The same arguments give the same bytes.

Texts wait on the disk, beside DIR, while memory holds numbers and one block of them: each module says how much.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from engine.config import SHIPPED_MODELS
from engine.documents.budget import BUDGET
from engine.errors import EngineError
from engine.models.embedder import Embedder
from engine.texts import say_error
from training.data import records, splitting, weak_pairs
from training.data.chats import Style
from training.data.collection import Collection
from training.data.mining import Meaning, Miner, Mining
from training.data.records import Record, Tally
from training.data.report import SideReport, as_text
from training.data.sides import DEV, SIDES, TRAIN, Split
from training.data.triplets import Block, Triplet
from training.data.writing import Files
from training.errors import TrainingError, ended_by
from training.progress import Progress

_NOT_TOLD = ("out", "cache", "threads")  # they change nothing in the files


# ---- arguments


def parse_arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("questions", nargs="*", type=Path)
    add("--out", required=True, type=Path)
    add("--weak", nargs="+", type=Path, default=[], help="documents without questions: Markdown, or jsonl with a text")
    add("--hold-out", nargs="+", type=Path, default=[], help="nothing that shares a passage, document or question with "
        "these question files and retrieval folders is kept")  # fmt: skip
    add("--sources", nargs="+", help="keep only sources that hold one of these words")
    add("--licences", nargs="+", help="keep only licences that hold one of these words")
    add("--skip-broken", action="store_true", help="leave broken lines out and count them")
    add("--limit", type=int, help="lines drawn from each file")
    add("--seed", type=int, default=0)
    add("--dev-share", type=float, default=0.05)
    add("--passage-tokens", type=int, default=BUDGET, help="longer contexts are cut; 0: never")
    add("--negatives", type=int, default=7)
    add("--hard", choices=("bm25", "embedder", "both", "none"), default="both")
    add("--margin", type=float, default=0.05, help="share of the right passage's score that a negative stays below it")
    add("--embedder", type=Path, default=SHIPPED_MODELS / "inkstone-embed-small", help="used in its own languages only")
    add("--embed-top", type=int, default=0, help="embed only so many of BM25's best passages; 0: all")
    add("--cache", type=Path, help="keep embeddings here for the next run")
    add("--threads", type=int, default=1, help="cores for the embedder")
    add("--chats", action="store_true", help="write chat samples too")
    add("--answers", choices=("short", "sentence"), default="short")
    add("--most-passages", type=int, default=5, help="in a chat sample")
    add("--declined-share", type=float, default=0.15, help="of chat samples that are made unanswerable")
    arguments = parser.parse_args(words)
    if not arguments.questions and not arguments.weak:
        parser.error("give files of questions, or documents with --weak")
    for name in ("dev_share", "margin", "declined_share"):
        if not 0 <= getattr(arguments, name) < 1:
            parser.error(f"--{name.replace('_', '-')} is a share from 0 to below 1")
    limit = 1 if arguments.limit is None else arguments.limit
    if arguments.negatives < 0 or arguments.most_passages < 1 or limit < 1:
        parser.error("--negatives, --most-passages and --limit are counts")
    return arguments


def main(words: Sequence[str] | None = None) -> int:
    arguments = parse_arguments(words)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        temporary = stack.enter_context(tempfile.TemporaryDirectory(dir=arguments.out.parent, prefix=".preparing-"))
        work, done = Path(temporary), Path(temporary, "done")
        done.mkdir()

        # ---- read
        tally = Tally()
        collection = stack.enter_context(Collection(work, arguments.passage_tokens))
        held = hold_out(arguments.hold_out, collection)
        with Progress(None, "reading") as progress:
            for record in wanted_records(arguments, tally):
                collection.add(record, tally)
                progress.step()
        with Progress(collection.context_count, "comparing passages") as progress:
            for _ in collection.settle():
                progress.step()

        # ---- split
        split = Split(collection, tally, arguments.dev_share, arguments.seed)

        # ---- mine and write
        meaning = open_meaning(arguments, arguments.cache or work)
        reports: dict[str, SideReport] = {}
        for side in split.sides:
            with (
                Files(done, side, arguments.negatives, style_of(arguments)) as files,
                Progress(split.count(side), f"mining {side}") as progress,
            ):
                for triplet, block in triplets_of(side, split, meaning, arguments):
                    files.write(triplet, block)
                    progress.step()
            tally.dropped += files.dropped
            reports[side] = files.report
            if not files.report.counts:
                raise TrainingError(f"The {side} split is empty: none of its {split.count(side)} rows could be used.")

        # ---- check
        checked = check(done, held)
        report = {
            "arguments": {name: _plain(value) for name, value in vars(arguments).items() if name not in _NOT_TOLD},
            "read": tally.read,
            "kept": sum(split.count(side) for side in split.sides),
            "groups": len(split.rows_of),
            "dropped": dict(tally.dropped.most_common()),
            "splits": {side: found.as_object() for side, found in reports.items()},
            "checked": checked,
        }
        (done / "report.json").write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", "utf-8")

        # ---- save
        replace_files(arguments.out, done)
    print(as_text(report))
    return 0


# ---- the steps, in the order in which main takes them


def hold_out(paths: Sequence[Path], collection: Collection) -> list[Path]:
    """Tells the collection what must not be kept. Gives the files whose passages the check looks for again."""
    files = []
    for path in paths:
        if path.is_dir() and (corpus := sorted(path.glob("corpus.jsonl*"))):
            files += corpus
            for queries in sorted(path.glob("queries.jsonl*")):
                for _, row in records.objects(queries, Tally()):
                    collection.hold_out_question(row["text"])
        else:
            files += records.files_in([path])
    for file in files:
        for _, row in records.objects(file, Tally()):
            if "question" in row:
                collection.hold_out_question(row["question"])
            for text in splitting.passages_of(row):
                collection.hold_out(text, row.get("title") or "")
    return files


def wanted_records(arguments: argparse.Namespace, tally: Tally) -> Iterator[Record]:
    chosen = {"skip_broken": arguments.skip_broken, "limit": arguments.limit, "seed": arguments.seed}
    sources, licences = _words(arguments.sources), _words(arguments.licences)
    for reader, paths in ((records.read, arguments.questions), (weak_pairs.read, arguments.weak)):
        for record in reader(paths, tally, **chosen):
            if not _fits(record.source, sources):
                tally.dropped["a source that is not wanted"] += 1
            elif not _fits(record.license, licences):
                tally.dropped["a licence that is not wanted"] += 1
            elif record.unanswerable and not arguments.chats:
                tally.dropped["an unanswerable question, which makes no triplet"] += 1
            else:
                yield record


def open_meaning(arguments: argparse.Namespace, cache: Path) -> Meaning | None:
    if arguments.hard not in ("embedder", "both"):
        return None
    try:
        return Meaning(Embedder.open(arguments.embedder, arguments.threads), cache)
    except EngineError as error:
        raise TrainingError(say_error(error, "en"), error.exit_code) from error


def style_of(arguments: argparse.Namespace) -> Style | None:
    if not arguments.chats:
        return None
    return Style(arguments.answers, arguments.most_passages, arguments.declined_share, arguments.seed)


def triplets_of(
    side: str, split: Split, meaning: Meaning | None, arguments: argparse.Namespace
) -> Iterator[tuple[Triplet, Block]]:
    mining = Mining(arguments.hard in ("bm25", "both"), arguments.margin, arguments.embed_top)
    for passages, rows in split.blocks(side):
        block = Block(passages, split.collection, split.answered, lambda texts: Miner(texts, mining, meaning))
        for number in rows:
            row = split.row(number)
            given = [passage for passage in row.negatives if split.side_of_passage(passage) == side]
            yield block.triplet(row, arguments.negatives, given, arguments.seed), block


def check(folder: Path, held: Sequence[Path]) -> str:
    """Says what was proved. Raises TrainingError when a passage stands where it must not."""
    written = {side: [path for path in sorted(folder.glob(f"*.{side}.jsonl")) if path.stat().st_size] for side in SIDES}
    said = []
    if written[DEV]:
        splitting.check(splitting.passages_in(written[TRAIN]), splitting.passages_in(written[DEV]))
        said.append("no passage of train is in a passage of dev, or the other way round")
    if held:
        splitting.check(splitting.passages_in([*written[TRAIN], *written[DEV]]), splitting.passages_in(held))
        said.append("none is in what was held out, or the other way round")
    return "; ".join(said) or "nothing to compare"


def replace_files(out: Path, done: Path) -> None:
    """An earlier run in the same folder may have had other files: none of them is to stand beside the new ones."""
    out.mkdir(exist_ok=True)
    for name in (f"{kind}.{side}.jsonl" for kind in ("triplets", "chats") for side in SIDES):
        if not (done / name).exists():
            (out / name).unlink(missing_ok=True)
    for file in sorted(done.iterdir()):
        file.replace(out / file.name)


def _words(given: Sequence[str] | None) -> list[str]:
    return [word.casefold() for word in given or ()]


def _fits(name: str, words: Sequence[str]) -> bool:
    return not words or any(word in name.casefold() for word in words)


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value.name if isinstance(value, Path) else value


if __name__ == "__main__":
    sys.exit(ended_by(main))
