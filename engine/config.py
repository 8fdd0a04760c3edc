"""Where things are kept, and the few choices that outlive a start: `settings.toml`."""

from __future__ import annotations

import contextlib
import json
import os
import tomllib
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal, get_type_hints

import platformdirs

from engine.errors import BrokenInstallation, Code, UsageError

SAMPLE = "Sample 示例"
SHIPPED_MODELS = Path(__file__).parent / "models" / "shipped"
SHIPPED_EMBEDDER = "inkstone-embed-small"
_SHIPPED_BEFORE = ("all-minilm-l6-v2",)  # which settings of an earlier version name


Setting = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Settings:
    """What the person chose. Written as TOML; unknown keys are kept out, wrong types and values are refused."""

    embedder: str = SHIPPED_EMBEDDER
    language: str = ""  # "en", "zh"; "" follows the system
    theme: str = ""  # "light", "dark"; "" follows the system
    accent: str = ""  # the colour of what can be chosen: one of _ACCENTS; "" is blue
    font_percent: int = 100  # the size of all text in the window
    tray: bool = False  # the window that is closed goes on in the tray, where there is one
    notify: bool = True  # the desktop is told of what has ended while nobody looked at the window
    shortcuts: str = ""  # keys that the person changed, a line each: NAME=KEYS
    reader: str = ""  # the model that reads the passages found for a question; "" goes by words and meaning alone
    generator: str = ""  # the model that writes answers; "" quotes only
    device: str = ""  # "cpu", "cuda"; "" takes a usable graphics card, else the processor
    compute_type: str = ""  # one of CTranslate2's; "" as the model was converted
    temperature: float = 0.0  # 0 always takes the likeliest token (greedy)
    top_p: float = 1.0
    repetition_penalty: float = 1.0
    max_new_tokens: int = 256
    prompt_tokens: int = 0  # the budget of a prompt; 0 goes by the device
    paused: bool = False  # the open window indexes nothing until it is let go on
    give_way: bool = True  # indexing takes fewer cores on battery, and where other programs are busy
    compute_ahead: bool = True  # passages are taken in while the question is still being typed
    unload_after_minutes: int = 10  # idle; 0 keeps the model loaded
    instruction_en: str = ""  # the instruction to the model; "" is our own
    instruction_zh: str = ""
    answer_style: str = ""  # "brief", "detailed", "list"; "" as the instruction has it
    threads: int = 0  # cores for computing, from the next start on; 0 takes all
    exclude: str = ""  # what is passed over: rules as in .gitignore, a line each
    obey_gitignore: bool = False  # whether .gitignore files are rules, too
    max_file_mb: int = 0  # larger files are not read; 0 goes by their kind
    ocr: bool = True  # the text of scanned pages is recognised, where that is installed


@dataclass(frozen=True, slots=True)
class Config:
    """One home: a library, its models, its settings and its logs."""

    home: Path
    settings: Settings = Settings()
    threads: int = 0  # 0 becomes what this computer has

    def __post_init__(self) -> None:
        if not self.threads:
            object.__setattr__(self, "threads", max(1, os.cpu_count() or 2))

    @property
    def library(self) -> Path:
        return self.home / "library.sqlite"

    @property
    def conversations(self) -> Path:
        return self.home / "conversations.sqlite"

    @property
    def vectors(self) -> Path:
        return self.home / "vectors"

    @property
    def models(self) -> Path:
        return self.home / "models"

    @property
    def sample(self) -> Path:
        """Where the sample documents lie once they are asked for: the one folder here that may be watched."""
        return self.home / SAMPLE

    @property
    def logs(self) -> Path:
        return self.home / "logs"

    @property
    def index_lock(self) -> Path:
        return self.home / "index.lock"

    @classmethod
    def load(cls, home: Path | None = None) -> Config:
        """`home`, else INKSTONE_HOME, else the system's folder for user data; made if it is missing.

        Raises BrokenInstallation when the folder cannot be made or written, UsageError for bad settings.
        """
        chosen = home or os.environ.get("INKSTONE_HOME") or platformdirs.user_data_dir("inkstone", appauthor=False)
        folder = expanded(Path(chosen))
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BrokenInstallation(Code.CANNOT_WRITE, path=str(folder), why=error.strerror or str(error)) from error
        if not os.access(folder, os.W_OK | os.X_OK):
            raise BrokenInstallation(Code.CANNOT_WRITE, path=str(folder), why="no_permission")
        settings = load_settings(folder / "settings.toml")
        return cls(home=folder, settings=settings, threads=settings.threads)

    def renewed(self) -> Config:
        """The same home with the settings that are on the disk now."""
        return replace(self, settings=load_settings(self.home / "settings.toml"))

    def change(self, **changes: Setting) -> Config:
        """The same home with other settings, which are on disk when this returns.

        Raises UsageError(BAD_SETTING) for a value of a wrong type or out of range.
        """
        path = self.home / "settings.toml"
        before = asdict(load_settings(path))  # another process may have changed some meanwhile
        settings = Settings(**before | {name: _checked(name, value) for name, value in changes.items()})
        save_settings(path, settings)
        return replace(self, settings=settings)


def expanded(path: Path) -> Path:
    """`path` from the root on, as the person knows it: links are not followed; `~name` of nobody stays as it is."""
    with contextlib.suppress(RuntimeError):
        path = path.expanduser()
    return Path(os.path.abspath(path))  # noqa: PTH100 - `resolve` would follow links


def load_settings(path: Path) -> Settings:
    if not path.exists():
        return Settings()
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise UsageError(Code.BAD_SETTINGS, path=str(path), why=str(error)) from error
    if (embedder := values.get("embedder")) in _SHIPPED_BEFORE and not (path.parent / "models" / embedder).exists():
        del values["embedder"]
    try:
        return Settings(**{name: _checked(name, value) for name, value in values.items() if name in _KINDS})
    except UsageError as error:
        why = "{name} = {value} ({allowed})".format(**error.facts)
        raise UsageError(Code.BAD_SETTINGS, path=str(path), why=why) from error


def save_settings(path: Path, settings: Settings) -> None:
    lines = (f"{field.name} = {_toml(getattr(settings, field.name))}" for field in fields(settings))
    temporary = path.with_suffix(".new")
    try:
        temporary.write_text("\n".join(lines) + "\n", "utf-8", errors="replace")
        temporary.replace(path)
    except OSError as error:
        raise BrokenInstallation(Code.CANNOT_WRITE, path=str(path), why=error.strerror or str(error)) from error


_KINDS: dict[str, type] = get_type_hints(Settings)
_COMPUTE_TYPES = ("int8", "int8_float32", "int8_float16", "int8_bfloat16", "float16", "bfloat16", "float32")
_ACCENTS = ("blue", "teal", "green", "violet", "rose", "amber")
_ALLOWED: dict[str, tuple[str, Callable[[Any], bool]]] = {  # what may be chosen: in words, and as a rule
    "language": ('"", en, zh', lambda value: value in ("", "en", "zh")),
    "theme": ('"", light, dark', lambda value: value in ("", "light", "dark")),
    "accent": ('"", ' + ", ".join(_ACCENTS), lambda value: value in ("", *_ACCENTS)),
    "font_percent": ("80 ... 160", lambda value: 80 <= value <= 160),
    "answer_style": ('"", brief, detailed, list', lambda value: value in ("", "brief", "detailed", "list")),
    "threads": ("0 ... 256", lambda value: 0 <= value <= 256),
    "device": ('"", cpu, cuda', lambda value: value in ("", "cpu", "cuda")),
    "compute_type": ('"", ' + ", ".join(_COMPUTE_TYPES), lambda value: value in ("", *_COMPUTE_TYPES)),
    "temperature": ("0 ... 2", lambda value: 0 <= value <= 2),
    "top_p": ("> 0 ... 1", lambda value: 0 < value <= 1),
    "repetition_penalty": ("0.5 ... 2", lambda value: 0.5 <= value <= 2),
    "max_new_tokens": ("16 ... 4096", lambda value: 16 <= value <= 4096),
    "prompt_tokens": ("0, 256 ... 32768", lambda value: value == 0 or 256 <= value <= 32768),
    "max_file_mb": ("0 ... 100000", lambda value: 0 <= value <= 100000),
    "unload_after_minutes": ("0 ... 1440", lambda value: 0 <= value <= 1440),
}


def _checked(name: str, value: object) -> Any:
    """The value as the setting's own type. Raises UsageError(BAD_SETTING) when it cannot be."""
    kind = _KINDS[name]
    allowed, fits = _ALLOWED.get(name, ("true, false" if kind is bool else '"..."', lambda _: True))
    if kind is float and type(value) is int:
        value = float(value)
    if type(value) is not kind or not fits(value):  # not isinstance: True is an int; NaN is in no range
        raise UsageError(Code.BAD_SETTING, name=name, value=json.dumps(value, default=str), allowed=allowed)
    return value


def _toml(value: Setting) -> str:
    # TOML knows no surrogate pairs, which JSON would write for an emoji, and no bare delete
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def system_language() -> Literal["en", "zh"]:
    """The language of the texts when the person chose none."""
    names = (os.environ.get(name, "") for name in ("INKSTONE_LANG", "LC_ALL", "LC_MESSAGES", "LANG"))
    chosen = next((name for name in names if name), "")
    return "zh" if chosen.lower().startswith("zh") else "en"
