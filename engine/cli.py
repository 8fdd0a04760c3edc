"""The `inkstone` command. What it says to people is in `texts`; what it prints with --json is a contract."""

from __future__ import annotations

import argparse
import errno
import io
import logging
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from engine.assistant import Assistant
from engine.commands import Command
from engine.config import Config, expanded, system_language
from engine.errors import EngineError, UnreadableDocument
from engine.machine import be_considerate
from engine.mending import salvage_if_damaged
from engine.texts import Language, say, say_error, say_reason


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs one command and exits with its code: 0 done, 1 some files failed, 2 wrong usage, 3 cannot work."""
    logging.basicConfig(level=logging.ERROR, format="%(message)s")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a file name or a terminal may know less than we print
            stream.reconfigure(errors="backslashreplace")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that children are ended on the way out
    language = system_language()
    options = _parser(language).parse_args(arguments)
    if arguments is None and options.command == "index":  # this process is the command's own
        be_considerate()
    try:
        config = Config.load(getattr(options, "home", None))
        language = _chosen_language(config)
        if options.command in (None, "open"):
            code = _open_window(config, getattr(options, "paths", []), getattr(options, "hidden", False))
        else:
            code = _run(options, config, language)
        sys.stdout.flush()
    except EngineError as error:
        print(_sentence(error, language), file=sys.stderr)
        code = error.exit_code
    except KeyboardInterrupt:
        key = "interrupted_import" if getattr(options, "action", "") == "import" else "interrupted"
        print("\n" + say(key, language), file=sys.stderr)
        code = 130
    except BrokenPipeError:  # whoever read our output has gone: not a failure of ours
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        print(say("no_space", language, path=error.filename or "stdout"), file=sys.stderr)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 3
    sys.exit(code)


def _run(options: argparse.Namespace, config: Config, language: Language) -> int:
    if getattr(options, "mend", False) and (kept := salvage_if_damaged(config)):
        print(say("salvaged", language, path=kept), file=sys.stderr)
    assistant = Assistant.open(config)
    try:
        command = Command(options, config, assistant, language)
        run: Callable[[], int] = getattr(command, options.command)
        return run()
    finally:
        assistant.close()


def _open_window(config: Config, paths: Sequence[Path], hidden: bool) -> int:
    # Qt is loaded only where a window is wanted: every other command must work without it
    from desktop_app.app import run

    return int(run(config, [expanded(path) for path in paths], hidden))


def _chosen_language(config: Config) -> Language:
    chosen = config.settings.language
    return "zh" if chosen == "zh" else "en" if chosen == "en" else system_language()


def _sentence(error: EngineError, language: Language) -> str:
    if isinstance(error, UnreadableDocument):
        return f"{error.facts['path']}: {say_reason(error.reason, language)}"
    return say_error(error, language)


def _parser(language: Language) -> argparse.ArgumentParser:
    everywhere = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    everywhere.add_argument("--home", type=Path, metavar="DIR", help=say("help_home", language))
    everywhere.add_argument("--json", action="store_true", help=say("help_json", language))
    parser = argparse.ArgumentParser("inkstone", description=say("help", language), parents=[everywhere])
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")

    def command(name: str) -> argparse.ArgumentParser:
        text = say(f"help_{name}", language)
        return commands.add_parser(name, help=text, description=text, parents=[everywhere])

    opened = command("open")
    opened.add_argument("paths", nargs="*", type=Path, metavar="PATH")
    opened.add_argument("--hidden", action="store_true", help=say("help_hidden", language))
    command("add").add_argument("paths", nargs="+", type=Path, metavar="PATH")
    command("remove").add_argument("paths", nargs="+", type=Path, metavar="PATH")
    index = command("index")
    index.add_argument("--no-ocr", action="store_true", help=say("help_no_ocr", language))
    index.add_argument("--password-file", type=Path, metavar="FILE", help=say("help_password_file", language))
    index.add_argument("--retry-failed", action="store_true", help=say("help_retry", language))
    command("status")
    exclude = command("exclude")
    exclude.add_argument("rules", nargs="*", metavar="PATTERN")
    exclude.add_argument("--list", action="store_true", help=say("help_exclude_list", language))
    exclude.add_argument("--remove", action="store_true", help=say("help_exclude_remove", language))
    search = command("search")
    search.add_argument("query")
    search.add_argument("-k", type=_positive, default=10, metavar="N")
    command("ask").add_argument("question")
    models = command("models").add_subparsers(dest="action", required=True)
    models.add_parser("list", parents=[everywhere])
    for action, name in (("import", "DIR"), ("use", "NAME"), ("check", "NAME"), ("speed", "NAME"), ("remove", "NAME")):
        parser_of_action = models.add_parser(action, parents=[everywhere])
        parser_of_action.add_argument("name", metavar=name)
        if action == "import":
            parser_of_action.add_argument("--compute-type", metavar="TYPE", help=say("help_compute_type", language))
            parser_of_action.add_argument("--query-prefix", metavar="TEXT", help=say("help_query_prefix", language))
            parser_of_action.add_argument(
                "--name", dest="as_name", metavar="NAME", help=say("help_model_name", language)
            )
    evaluate = command("eval")
    evaluate.add_argument("set", type=Path)
    evaluate.add_argument("--limit", type=_positive, metavar="N")
    command("backup").add_argument("file", type=Path, metavar="FILE")
    command("doctor").add_argument("--mend", action="store_true", help=say("help_mend", language))
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number
