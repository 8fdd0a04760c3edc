"""What can go wrong that a person can do something about.

    EngineError
    ├── UsageError          wrong words, a path that does not exist          exit code 2
    ├── BusyLibrary         another process is indexing or importing         exit code 1
    ├── UnreadableDocument  one file cannot be read (a row, never a crash)   exit code 1
    └── BrokenInstallation  missing model, damaged data, full disk           exit code 3

Each carries a `code`, which names its sentence in `texts`, and the facts that the sentence needs.
"""

from __future__ import annotations

from enum import StrEnum

from engine.types import Reason


class Code(StrEnum):
    NO_SUCH_PATH = "no_such_path"
    AWAY = "away"
    NO_PERMISSION = "no_permission"
    NOT_A_DOCUMENT = "not_a_document"
    NOT_IN_LIBRARY = "not_in_library"
    NO_SUCH_MODEL = "no_such_model"
    NO_SUCH_PAGE = "no_such_page"
    NOT_UTF8 = "not_utf8"
    BAD_SET = "bad_set"
    BAD_SETTINGS = "bad_settings"
    BAD_SETTING = "bad_setting"
    BAD_RULE = "bad_rule"
    NO_SUCH_RULE = "no_such_rule"
    NO_SUCH_CONVERSATION = "no_such_conversation"
    INDEXING_ELSEWHERE = "indexing_elsewhere"
    UNREADABLE = "unreadable"
    NO_MODEL = "no_model"
    BAD_MODEL = "bad_model"
    MODEL_EXISTS = "model_exists"
    MODEL_SEARCHES = "model_searches"
    MODEL_WORK_ENDED = "model_work_ended"
    SHIPPED_MODEL = "shipped_model"
    DAMAGED_LIBRARY = "damaged_library"
    NEWER_LIBRARY = "newer_library"
    IMPORTING_ELSEWHERE = "importing_elsewhere"
    BAD_MODEL_NAME = "bad_model_name"
    NOT_CHATGLM3 = "not_chatglm3"
    NOT_AN_EMBEDDER = "not_an_embedder"
    NOT_EXPORTED = "not_exported"
    NO_QUERIES = "no_queries"
    NO_SUCH_COMPUTE_TYPE = "no_such_compute_type"
    ALREADY_CONVERTED = "already_converted"
    NO_SPACE_FOR_MODEL = "no_space_for_model"
    NO_SPACE = "no_space"
    NO_SPACE_TO_UPGRADE = "no_space_to_upgrade"
    NO_SPACE_FOR_VECTORS = "no_space_for_vectors"
    FILE_EXISTS = "file_exists"
    CANNOT_WRITE = "cannot_write"
    OTHERS_IN_HOME = "others_in_home"
    BAD_TEMPLATE = "bad_template"
    QUESTION_TOO_LONG = "question_too_long"
    GENERATOR_ENDED = "generator_ended"
    NO_MEMORY_FOR_MODEL = "no_memory_for_model"
    NO_MEMORY_BESIDE = "no_memory_beside"
    INTERNAL = "internal"


class EngineError(Exception):
    """Any failure that is told to the person. `facts` fill the braces of its sentence."""

    exit_code = 3

    def __init__(self, code: Code, **facts: object) -> None:
        super().__init__(f"{code}: {facts}")
        self.code = code
        self.facts = facts


class UsageError(EngineError):
    exit_code = 2


class BusyLibrary(EngineError):
    exit_code = 1

    def __init__(self, code: Code = Code.INDEXING_ELSEWHERE) -> None:
        super().__init__(code)


class UnreadableDocument(EngineError):
    exit_code = 1

    def __init__(self, path: object, reason: Reason) -> None:
        super().__init__(Code.UNREADABLE, path=str(path), reason=reason.value)
        self.reason = reason


class BrokenInstallation(EngineError):
    exit_code = 3
