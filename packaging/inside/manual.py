"""The manual page of `inkstone` in both languages, out of what the command itself says to --help.

    python packaging/inside/manual.py FOLDER VERSION      (the Python of an environment with Inkstone)

Writes inkstone.1 and inkstone.zh_CN.1.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from engine.cli import _parser
from engine.texts import Language

HEADINGS = {
    "en": ("NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "COMMANDS", "EXIT STATUS", "FILES"),
    "zh": ("名称", "用法", "说明", "选项", "命令", "退出码", "文件"),
}
EXITS = {
    "en": "0 done; 1 some files failed, or another process is indexing; 2 wrong usage or a path that does not exist; "
    "3 missing model, damaged data or full disk.",
    "zh": "0 完成；1 有文件未能处理，或另一个进程正在编制索引；2 用法有误或路径不存在；"
    "3 缺少模型、数据损坏或磁盘已满。",
}
FILES = {
    "en": "~/.local/share/inkstone: library, models, settings, logs. Another folder by --home or INKSTONE_HOME.",
    "zh": "~/.local/share/inkstone：资料库、模型、设置和日志。可用 --home 或 INKSTONE_HOME 另选文件夹。",
}


def main(folder: Path, version: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "inkstone.1").write_text(page("en", version), "utf-8")
    (folder / "inkstone.zh_CN.1").write_text(page("zh", version), "utf-8")


def page(language: Language, version: str) -> str:
    """In the language of man(7)."""
    parser = _parser(language)
    name, synopsis, description, options, commands, exits, files = (f".SH {each}" for each in HEADINGS[language])
    about = parser.description or ""
    lines = [f'.TH INKSTONE 1 "" "Inkstone {version}"', ".ad l", name, plain(f"inkstone - {about}"), synopsis]
    lines += [".B inkstone", r"[\fB\-\-home\fR \fIDIR\fR] [\fB\-\-json\fR] [\fICOMMAND\fR ...]"]
    lines += [description, plain(about), options, *told(parser), commands]
    for command in subparsers(parser):
        lines += [f".SS {plain(usage(command))}"]
        if command.description:
            lines.append(plain(command.description))
        lines += told(command, without=("--home", "--json"))
        for action in subparsers(command):
            lines += [
                ".TP",
                f".B {plain(usage(action))}",
                plain(action.description) if action.description else "\\&",
                *told(action, ("--home", "--json")),
            ]
    return "\n".join([*lines, exits, plain(EXITS[language]), files, plain(FILES[language]), ""])


def subparsers(parser: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return list(action.choices.values())
    return []


def usage(parser: argparse.ArgumentParser) -> str:
    """`inkstone add PATH ...`, without what every command takes."""
    words = " ".join(parser.format_usage().split()).partition(": ")[2]
    for everywhere in ("[-h] ", "[--home DIR] ", "[--json] ", "[-h]", "[--home DIR]", "[--json]"):
        words = words.replace(everywhere, "")
    return words.strip()


def told(parser: argparse.ArgumentParser, without: tuple[str, ...] = ()) -> list[str]:
    """Its options with what they do."""
    lines: list[str] = []
    for action in parser._actions:
        if action.option_strings and action.help and not {*action.option_strings} & {*without, "--help"}:
            value = f" {action.metavar}" if action.metavar and action.nargs != 0 else ""
            lines += [".TP", f".B {plain(', '.join(action.option_strings) + value)}", plain(action.help)]
    return lines


def plain(text: str) -> str:
    """Text in which roff sees no orders."""
    escaped = text.replace("\\", r"\e").replace("-", r"\-").replace("\n", " ")
    return "\\&" + escaped if escaped.startswith((".", "'")) else escaped


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
