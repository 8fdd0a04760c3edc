"""The engine process: asked, killed, started again, given up, ended."""

from __future__ import annotations

import os
import signal

import pytest

from desktop_app.bridge import Bridge, Failure
from engine.errors import Code
from engine.types import LibraryStatus


@pytest.fixture
def start(qtbot, tmp_path, fake_command):
    """A function that starts a bridge with options for the fake engine."""
    started: list[Bridge] = []

    def make(*options: str) -> Bridge:
        bridge = Bridge(fake_command(tmp_path, *options))
        started.append(bridge)
        return bridge

    yield make
    for bridge in started:
        bridge.close()


@pytest.fixture
def bridge(start, qtbot) -> Bridge:
    made = start()
    with qtbot.waitSignal(made.ready):
        made.start()
    return made


def test_reply_is_decoded_to_the_engines_words(bridge, qtbot):
    with qtbot.waitSignal(bridge.request("status").done) as done:
        pass
    assert isinstance(done.args[0], LibraryStatus)


def test_request_before_the_engine_is_up_is_answered(start, qtbot):
    bridge = start()
    bridge.start()
    with qtbot.waitSignal(bridge.request("status").done):
        pass


def test_error_comes_with_its_code_and_facts(bridge, qtbot):
    with qtbot.waitSignal(bridge.request("add", paths=["/nowhere"]).failed) as failed:
        pass
    failure = failed.args[0]
    assert failure.kind == "told"
    assert failure.error.code == Code.NO_SUCH_PATH
    assert failure.error.facts == {"path": "/nowhere"}


def test_dropped_reply_says_nothing(bridge, qtbot):
    heard = []
    reply = bridge.request("status")
    reply.done.connect(heard.append)
    reply.drop()
    with qtbot.waitSignal(bridge.request("status").done):
        pass
    assert heard == []


def test_killed_engine_fails_what_was_asked_and_answers_again(bridge, qtbot, tmp_path):
    (tmp_path / "fake.json").write_text(f'["{tmp_path}"]')
    asked = bridge.request("ask", question="slow")
    with qtbot.waitSignal(asked.event):
        pass
    failures = []
    asked.failed.connect(failures.append)
    with qtbot.waitSignals([bridge.restarting, bridge.ready], timeout=20_000):
        os.kill(bridge.process_id, signal.SIGKILL)
    assert failures == [Failure("interrupted")]
    with qtbot.waitSignal(bridge.request("status").done):
        pass


def test_engine_that_keeps_dying_is_given_up_and_can_be_started_again(start, qtbot):
    bridge = start("--die")
    restarts = []
    bridge.restarting.connect(lambda: restarts.append(1))
    for _ in range(2):
        with qtbot.waitSignal(bridge.stopped, timeout=20_000) as stopped:
            bridge.start()
        assert stopped.args == [Failure("interrupted")]
    assert len(restarts) == 4
    with qtbot.waitSignal(bridge.request("status").failed):
        pass


def test_library_that_cannot_be_opened_is_not_tried_again(start, qtbot):
    bridge = start("--refuse")
    with qtbot.assertNotEmitted(bridge.restarting), qtbot.waitSignal(bridge.stopped) as stopped:
        bridge.start()
    assert stopped.args[0].error.code == Code.NEWER_LIBRARY


def test_missing_program_is_said_at_once(qtbot):
    bridge = Bridge(["/nowhere/engine"])
    with qtbot.waitSignal(bridge.stopped):
        bridge.start()


def test_close_ends_the_process(bridge):
    process = bridge.process_id
    bridge.close()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
