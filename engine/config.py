"""Where things are kept, and the few choices that outlive a start: `settings.toml`."""

from __future__ import annotations

import contextlib
import json
import os
import tomllib
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Literal, get_type_hints

import platformdirs

from engine.errors import BrokenInstallation, Code, UsageError

SHIPPED_MODELS = Path(__file__).parent / "models" / "shipped"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the person chose. Written as TOML; unknown keys are kept out, wrong types are refused."""

    embedder: str = "all-minilm-l6-v2"
    language: str = ""  # "en", "zh"; "" follows the system
    theme: str = ""  # "light", "dark"; "" follows the system
    generator: str = ""  # the model that writes answers; "" quotes only
    device: str = ""  # "cpu", "cuda"; "" takes a usable graphics card, else the processor
    compute_type: str = ""  # one of CTranslate2's; "" as the model was converted
    temperature: float = 0.0  # 0 always takes the likeliest token (greedy)
    top_p: float = 1.0
    repetition_penalty: float = 1.0
    max_new_tokens: int = 256
    prompt_tokens: int = 0  # the budget of a prompt; 0 goes by the device
    compute_ahead: bool = True  # passages are taken in while the question is still being typed
    unload_after_minutes: int = 10  # idle; 0 keeps the model loaded
    instruction_en: str = ""  # the instruction to the model; "" is our own
    instruction_zh: str = ""


@dataclass(frozen=True, slots=True)
class Config:
    """One home: a library, its models, its settings and its logs."""

    home: Path
    settings: Settings = Settings()
    threads: int = max(1, (os.cpu_count() or 2))

    @property
    def library(self) -> Path:
        return self.home / "library.sqlite"

    @property
    def vectors(self) -> Path:
        return self.home / "vectors"

    @property
    def models(self) -> Path:
        return self.home / "models"

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
            raise BrokenInstallation(Code.CANNOT_WRITE, path=str(folder), why="permission denied")
        return cls(home=folder, settings=load_settings(folder / "settings.toml"))

    def change(self, **changes: str) -> Config:
        """The same home with other settings, which are on disk when this returns."""
        path = self.home / "settings.toml"
        settings = replace(load_settings(path), **changes)  # another process may have changed some meanwhile
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
    kinds = get_type_hints(Settings)
    known = {name: value for name, value in values.items() if name in kinds}
    for name, value in known.items():
        if not isinstance(value, kinds[name]):
            raise UsageError(Code.BAD_SETTINGS, path=str(path), why=f"{name} = {value!r}")
    return Settings(**known)


def save_settings(path: Path, settings: Settings) -> None:
    lines = (f"{field.name} = {json.dumps(getattr(settings, field.name))}" for field in fields(settings))
    temporary = path.with_suffix(".new")
    try:
        temporary.write_text("\n".join(lines) + "\n", "utf-8")
        temporary.replace(path)
    except OSError as error:
        raise BrokenInstallation(Code.CANNOT_WRITE, path=str(path), why=error.strerror or str(error)) from error


def system_language() -> Literal["en", "zh"]:
    """The language of the texts when the person chose none."""
    names = (os.environ.get(name, "") for name in ("INKSTONE_LANG", "LC_ALL", "LC_MESSAGES", "LANG"))
    chosen = next((name for name in names if name), "")
    return "zh" if chosen.lower().startswith("zh") else "en"
