"""The conversations' own file, beside the library.

Apart from it for three reasons: a library can be made anew from the documents, and is when it is damaged, while what
a person asked can not; a copy of the library that is given away must not hold it; and a question is noted at once,
however long the indexing thread's transaction at hand takes.
"""

from __future__ import annotations

import logging
import time
from pathlib import Path

from engine.errors import BrokenInstallation, Code
from engine.library.database import Database

logger = logging.getLogger(__name__)

# Each entry takes the schema from its position to the next. Never change one that was released: append.
MIGRATIONS: tuple[str, ...] = (
    """
    -- `deleted_ms`: hidden since then, and gone for good a while later. `named`: the person chose the title.
    CREATE TABLE conversations (
        id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL, named INTEGER NOT NULL DEFAULT 0,
        pinned INTEGER NOT NULL DEFAULT 0, changed_ms INTEGER NOT NULL, deleted_ms INTEGER
    ) STRICT;
    CREATE INDEX conversations_by_age ON conversations (deleted_ms, pinned, changed_ms);

    -- `answer`, `quoted` and `scope` are JSON (`rows.py`). `replaced_by`: the exchange that stands in its place, since
    -- its question was edited or asked again; it and what followed it can be brought back.
    CREATE TABLE exchanges (
        id INTEGER PRIMARY KEY AUTOINCREMENT, conversation_id INTEGER NOT NULL REFERENCES conversations,
        question TEXT NOT NULL, scope TEXT NOT NULL, asked_ms INTEGER NOT NULL, writer TEXT NOT NULL,
        answer TEXT, quoted TEXT, replaced_by INTEGER,
        verdict TEXT NOT NULL DEFAULT '', why TEXT NOT NULL DEFAULT '', context TEXT NOT NULL DEFAULT ''
    ) STRICT;
    CREATE INDEX exchanges_of ON exchanges (conversation_id, replaced_by, id);
    CREATE INDEX exchanges_judged ON exchanges (id) WHERE verdict != '';

    -- What is said in an exchange, its row id being the exchange's; made as the library's own keywords are.
    CREATE VIRTUAL TABLE said USING fts5(terms, tokenize='porter unicode61 remove_diacritics 2');
    """,
)


def opened(path: Path) -> Database:
    """The file, made if there is none; a damaged one is put aside under a name with the time, and a new one begun.

    Raises BrokenInstallation where it cannot be written, is of a newer program, or the disk is full.
    """
    try:
        return Database(path, MIGRATIONS)
    except BrokenInstallation as error:
        if error.code is not Code.DAMAGED_LIBRARY:
            raise
        aside = path.with_name(f"{path.stem}-damaged-{time.strftime('%Y%m%d-%H%M%S')}{path.suffix}")
        logger.warning("the conversations could not be read and were put aside as %s: %s", aside.name, error)
        for ending in ("", "-wal", "-shm"):
            file = path.with_name(path.name + ending)
            if file.exists():
                file.replace(aside.with_name(aside.name + ending))
        return Database(path, MIGRATIONS)
