"""A child process ends when it is told to, one way or the other."""

import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.dev.processes import InfrastructureError
from deploy.local.child import Child, stop
from deploy.local.proc import listener, owns
from tests.waiting import awaited

Start = Callable[..., Child]

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
POLITE = (
    "import signal, sys, time; signal.signal(signal.SIGTERM, lambda *_: sys.exit(3)); print('up', flush=True); time.sleep(60)"
)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a Python program; none outlives the test."""
    started: list[Child] = []

    def start_one(program: str) -> Child:
        child = Child("child", [sys.executable, "-c", program], dict(os.environ), tmp_path / f"{len(started)}.log")
        started.append(child)
        awaited(lambda: "up" in child.log.read_text(), "the program to be up")
        return child

    yield start_one
    for child in started:
        child.kill()


def test_a_child_that_listens_to_sigterm_is_stopped_with_its_own_status(start: Start) -> None:
    """How it ends tells whether it left gracefully."""
    assert start(POLITE).stop() == 3


def test_a_child_that_does_not_end_in_time_is_killed(start: Start) -> None:
    """Nothing that we started outlives us."""
    assert start(STUBBORN).stop(0.2) == -signal.SIGKILL


def test_children_are_stopped_together(start: Start) -> None:
    """All of them are told before one is waited for."""
    together = [start(POLITE), start(POLITE)]
    stop(together)
    assert [one.wait(1) for one in together] == [3, 3]


def test_a_frozen_child_runs_and_can_be_killed(start: Start) -> None:
    """A child that was killed is gone at once."""
    child = start(POLITE)
    child.freeze()
    assert child.running
    child.kill()
    assert not child.running
    assert child.wait(1) == -signal.SIGKILL


def test_waiting_for_a_child_that_does_not_end_says_its_name(start: Start) -> None:
    """And does not kill it."""
    child = start(POLITE)
    with pytest.raises(InfrastructureError, match="child to end"):
        child.wait(0.1)
    assert child.running


def test_whose_port_it_is_can_be_seen() -> None:
    """The listener is found by its port; nobody listens on one that is free."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert listener(port) == os.getpid()
        assert owns(os.getpid(), port)
    assert listener(port) is None
    assert not owns(os.getpid(), port)
