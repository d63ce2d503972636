"""A named point kills the process on the passage the setting names, and on no other."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from chassis.process import crash
from chassis.wire.errors import SettingsError

ROOT = Path(__file__).parents[3]

A_PROCESS_THAT_PASSES_BY = """
import sys
from chassis.process import crash
crash.arm(sys.argv[1])
for passage in range(1, 4):
    for point in ("command_before_commit", "relay_after_publish"):
        crash.here(point)
        print(point, passage, flush=True)
"""


@pytest.fixture(autouse=True)
def _disarmed() -> Iterator[None]:
    yield
    crash.arm(None)


def passages_until_killed(crash_point: str) -> list[str]:
    """The points a process got past, in order, before it was killed by SIGKILL."""
    process = subprocess.run(
        [sys.executable, "-c", A_PROCESS_THAT_PASSES_BY, crash_point], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert process.returncode == -signal.SIGKILL, process.stderr
    return process.stdout.splitlines()


def test_the_armed_point_kills_the_process_at_once() -> None:
    assert passages_until_killed("relay_after_publish") == ["command_before_commit 1"]


def test_only_the_named_passage_kills() -> None:
    assert passages_until_killed("relay_after_publish:2") == [
        "command_before_commit 1",
        "relay_after_publish 1",
        "command_before_commit 2",
    ]


def test_nothing_happens_unarmed() -> None:
    crash.arm("relay_after_publish")
    crash.arm(None)
    for point in crash.POINTS:
        crash.here(point)


@pytest.mark.parametrize("wrong", ["relay_after_lunch", "", "relay_after_publish:0", "relay_after_publish:x", ":2"])
def test_a_wrong_point_stops_the_start(wrong: str) -> None:
    """A misspelt point never crashes, and a fault test that never crashes proves nothing."""
    with pytest.raises(SettingsError, match="SERVICELANE_CRASH_POINT"):
        crash.arm(wrong)
