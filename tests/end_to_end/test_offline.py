"""Nothing of ours can open a connection, and the watch in `offline` sees one that does."""

from __future__ import annotations

from pathlib import Path

import pytest
from source_tree import modules

from tests.end_to_end.offline import read

ROOT = Path(__file__).resolve().parents[2]
# what opens connections: Python's modules for it, and Qt's
CONNECTING = {"aiohttp", "asyncio", "ftplib", "http", "httpx", "imaplib", "poplib", "requests", "smtplib", "socket"}
CONNECTING |= {"socketserver", "ssl", "telnetlib", "urllib3", "webbrowser", "xmlrpc"}


def test_the_program_imports_nothing_that_connects() -> None:
    found = [
        module.at(use)
        for module in modules(ROOT)
        if module.top in ("engine", "desktop_app")
        for use in module.uses
        if use.top in CONNECTING
        or use.target.startswith(("urllib.request", "multiprocessing.connection"))
        or (use.target.startswith("PySide6.QtNetwork") and not use.target.endswith(("QLocalServer", "QLocalSocket")))
    ]
    assert found == []


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
