"""A tree of documents that people and programs keep changing: edits, replacements, moves, deletes, links, flips."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pymupdf

WORDS = (
    "memory allocated register interrupt license audit log retention backup policy quarterly review pump pressure "
    "valve calibration report contract invoice voltage sensor network server archive paper method result table "
    "数据 保留 概率 备份 审计 内存 分配 中断 寄存器 许可 报告 合同 方法 结果"
).split()
FOLDERS = ("reports", "reports/2021", "张 三", "张 三/报告（终稿）", "emoji 🦊", "deep/er/still", "dots...", "عربي")
STRANGE = ("café", "cafe\u0301", "x" * 240, "终稿", "🦊🦊", "trail.", " blank ", "Readme", "README")


class Restless:
    """`Restless(folder, count, seed)` makes about `count` files; `step` does something to them."""

    def __init__(self, folder: Path, count: int, seed: int) -> None:
        self.folder = folder
        self._outside = folder.parent / f"{folder.name} outside"
        self._count = count
        self._drawn = random.Random(seed)
        self._made = 0
        self._unfinished: list[Path] = []
        self._closed: list[Path] = []  # nobody may read them for the moment
        self._kinds: tuple[tuple[Callable[[], object], int], ...] = (
            (self._edit, 30),
            (self._append, 10),
            (self._replace, 15),
            (self._new, 14),
            (self._delete, 14),
            (self._move, 12),
            (self._copy, 5),
            (self._touch, 3),
            (self._empty, 1),
            (self._begin_writing, 4),
            (self._finish_writing, 6),
            (self._link, 3),
            (self._change_case, 2),
            (self._move_folder, 2),
            (self._delete_folder, 1),
            (self._exclude, 1),
            (self._move_out, 2),
            (self._move_in, 3),
            (self._close, 2),
            (self._open, 4),
        )
        self._outside.mkdir(parents=True)
        for name in FOLDERS:
            (folder / name).mkdir(parents=True)
        for _ in range(count):
            self._new()

    def step(self) -> str:
        """One change, and its name. What has vanished meanwhile is a change, too."""
        (act,) = self._drawn.choices([act for act, _ in self._kinds], [weight for _, weight in self._kinds])
        with contextlib.suppress(FileNotFoundError, FileExistsError):
            act()
        return act.__name__.strip("_")

    def settle(self) -> None:
        """Finish what was begun, and let everything be read."""
        while self._unfinished:
            self._finish_writing()
        while self._closed:
            self._open()

    def files(self) -> list[Path]:
        return sorted(
            Path(folder, name)
            for folder, _, names in os.walk(self.folder)
            for name in names
            if not name.startswith(".") and Path(folder, name).exists()
        )

    # What happens

    def _new(self) -> None:
        if self._made >= self._count and len(self.files()) > 1.1 * self._count:
            return
        self._made += 1
        name = self._drawn.choice(STRANGE) if self._drawn.random() < 0.02 else f"{self._made}"
        suffix = self._drawn.choices((".txt", ".md", ".pdf", ".html"), (55, 25, 12, 8))[0]
        self._write(self._somewhere() / f"{name}{suffix}")

    def _edit(self) -> None:
        self._write(self._file())

    def _append(self) -> None:
        path = self._file()
        if path.suffix != ".pdf":
            with path.open("a", encoding="utf-8") as file:
                file.write("\n\n" + self._text())

    def _replace(self) -> None:
        """As editors save."""
        path = self._file()
        temporary = path.with_name(f".{self._made}.tmp{path.suffix}")
        self._write(temporary)
        temporary.replace(path)

    def _delete(self) -> None:
        if len(self.files()) > 0.9 * self._count:
            self._file().unlink()

    def _move(self) -> None:
        path = self._file()
        path.rename(self._somewhere() / path.name)

    def _copy(self) -> None:
        path = self._file()
        shutil.copyfile(path, self._somewhere() / f"copy of {path.name[-60:]}")

    def _touch(self) -> None:
        os.utime(self._file())

    def _empty(self) -> None:
        self._file().write_bytes(b"")

    def _begin_writing(self) -> None:
        path = self._somewhere() / f"half {self._made}.txt"
        path.write_text(self._text(), "utf-8")
        self._unfinished.append(path)

    def _finish_writing(self) -> None:
        if self._unfinished:
            path = self._unfinished.pop()
            if path.exists():
                with path.open("a", encoding="utf-8") as file:
                    file.write("\n\n" + self._text())

    def _link(self) -> None:
        path = self._file()
        link = self._somewhere() / f"link {self._drawn.randrange(10**6)}{path.suffix}"
        if self._drawn.random() < 0.5:
            link.symlink_to(path)
        elif not path.is_symlink():
            link.hardlink_to(path)

    def _change_case(self) -> None:
        path = self._file()
        path.rename(path.with_name(path.name.swapcase()))

    def _move_folder(self) -> None:
        folder, into = self._somewhere(), self._somewhere()
        if folder != self.folder and not into.is_relative_to(folder):
            folder.rename(into / f"{folder.name[:20]} {self._drawn.randrange(1000)}")

    def _delete_folder(self) -> None:
        folder = self._somewhere()
        if folder != self.folder and sum(len(names) for _, _, names in os.walk(folder)) < 0.05 * self._count:
            shutil.rmtree(folder)

    def _exclude(self) -> None:
        rules = self._somewhere() / ".inkstoneignore"
        if rules.exists():
            rules.unlink()
        else:
            rules.write_text(f"*{self._drawn.randrange(10)}.txt\n")

    def _move_out(self) -> None:
        path = self._file()
        path.rename(self._outside / path.name)

    def _move_in(self) -> None:
        waiting = sorted(self._outside.iterdir())
        if waiting:
            waiting[0].rename(self._somewhere() / waiting[0].name)

    def _close(self) -> None:
        path = self._file()
        if not path.is_symlink():
            path.chmod(0)
            self._closed.append(path)

    def _open(self) -> None:
        if self._closed:
            with contextlib.suppress(FileNotFoundError):
                self._closed.pop().chmod(0o644)

    # What it happens to

    def _file(self) -> Path:
        files = self.files()
        if not files:
            raise FileNotFoundError
        return self._drawn.choice(files)

    def _somewhere(self) -> Path:
        folders = sorted(folder for folder, _, _ in os.walk(self.folder) if len(folder) < 600)
        return Path(self._drawn.choice(folders))

    def _write(self, path: Path) -> None:
        text = self._text()
        if path.suffix == ".pdf":
            with pymupdf.open() as document:
                page = document.new_page()
                page.insert_textbox((60, 60, 540, 780), text, fontname="china-s", fontsize=10)
                document.save(path)
        elif path.suffix == ".html":
            path.write_text(f"<html><title>{self._made}</title><body><p>{text}</p></body></html>", "utf-8")
        else:
            path.write_text(f"# {self._made}\n\n{text}\n" if path.suffix == ".md" else text, "utf-8")

    def _text(self) -> str:
        sentences = (
            " ".join(self._drawn.choices(WORDS, k=12)).capitalize() + "." for _ in range(self._drawn.randint(2, 5))
        )
        return " ".join(sentences)
