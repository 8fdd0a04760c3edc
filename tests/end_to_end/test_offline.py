"""Nothing of ours can open a connection, and the watch in `offline` sees one that does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from source_tree import modules

from tests.end_to_end.offline import read

ROOT = Path(__file__).resolve().parents[2]
# what opens connections: Python's modules for it, and Qt's
CONNECTING = {"aiohttp", "asyncio", "ftplib", "http", "httpx", "imaplib", "poplib", "requests", "smtplib", "socket"}
CONNECTING |= {"socketserver", "ssl", "telnetlib", "urllib3", "webbrowser", "xmlrpc"}

LOCAL_ALONE = "desktop_app.instance"  # names the family of its one socket: AF_UNIX, or AF_PIPE on Windows


def test_the_program_imports_nothing_that_connects() -> None:
    found = [
        module.at(use)
        for module in modules(ROOT)
        if module.top in ("engine", "desktop_app")
        for use in module.uses
        if use.top in CONNECTING
        or use.target.startswith("urllib.request")
        or (use.target.startswith("multiprocessing.connection") and module.name != LOCAL_ALONE)
        or (use.target.startswith("PySide6.QtNetwork") and not use.target.endswith(("QLocalServer", "QLocalSocket")))
    ]
    assert found == []


@pytest.mark.parametrize("name", ["engine", "engine.frozen", "training"])
def test_onnxruntime_is_told_to_be_silent_before_it_can_be_loaded(name: str) -> None:
    code = f"import {name}, os, sys; print(os.environ['ORT_DISABLE_TELEMETRY'], 'onnxruntime' in sys.modules)"
    environment = {key: value for key, value in os.environ.items() if key != "ORT_DISABLE_TELEMETRY"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT, env=environment
    )
    assert done.stdout.split() == ["1", "False"]


def test_onnxruntime_that_is_silent_keeps_no_identifier(tmp_path: Path) -> None:
    """It makes one in the cache as soon as it runs a network, unless it was told."""
    code = (
        "from engine.config import SHIPPED_MODELS; from engine.models.embedder import Embedder; "
        "Embedder.open(SHIPPED_MODELS / 'inkstone-embed-small', threads=1).embed_query('quiet')"
    )
    environment = {key: value for key, value in os.environ.items() if key != "ORT_DISABLE_TELEMETRY"}
    environment |= {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path), "LOCALAPPDATA": str(tmp_path)}
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, env=environment)
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize(
    ("line", "call", "expected"),
    [
        ("812 socket(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC, 0) = 5", "socket", "local"),
        ("812 socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0", "socketpair", "local"),
        ('812 connect(5, {sa_family=AF_UNIX, sun_path=@"/tmp/.X11-unix/X1"}, 20) = 0', "connect", "screen"),
        (
            '[pid 9] connect(5, {sa_family=AF_UNIX, sun_path="/var/run/nscd/socket"}, 110) = -1 ENOENT',
            "connect",
            "names of users",
        ),
        ('812 connect(5, {sa_family=AF_UNIX, sun_path="/run/cups/cups.sock"}, 20) = 0', "connect", ""),
        ("812 socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, IPPROTO_IP) = 5", "socket", ""),
        ("[pid 814] socket(AF_INET6, SOCK_DGRAM, IPPROTO_IP) = 5", "socket", ""),
        ("812 socket(AF_NETLINK, SOCK_RAW|SOCK_CLOEXEC, NETLINK_ROUTE) = 4", "socket", ""),
        (
            '812 sendto(5, "x", 1, 0, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("9.9.9.9")}, 16) = 1',
            "sendto",
            "",
        ),
    ],
)
def test_every_socket_is_seen_for_what_it_is(line: str, call: str, expected: str) -> None:
    (seen,) = read([line])
    assert (seen.call, seen.expected) == (call, expected)


def test_what_goes_through_an_open_socket_is_told_by_its_opening() -> None:
    assert [*read(['812 recvfrom(5, "x", 4096, 0, NULL, NULL) = 1', "812 exit_group(0) = ?"])] == []
