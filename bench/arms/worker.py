"""The processes of an arm: started with their own log, spoken to in lines of JSON."""

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from deploy.dev.infrastructure import PROJECT
from deploy.local.child import Child

OUT = PROJECT / "bench" / "out"


class ArmFailed(Exception):
    """An arm could not be run or did not end its work; the text says what was awaited and where its log is."""


class Worker(Child):
    """A Python process that reads and writes lines of JSON."""

    standard_input = subprocess.PIPE
    standard_output = subprocess.PIPE
    own_session = True

    def __init__(self, name: str, arguments: Sequence[str], environment: Mapping[str, str], project: Path = PROJECT) -> None:
        super().__init__(name, [sys.executable, *arguments], {**os.environ, **environment}, OUT / f"{name}.log", project)
        self._unread = b""

    def tell(self, message: object) -> None:
        """Send one line."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(message).encode() + b"\n")
        self._process.stdin.flush()

    def receive(self, seconds: float) -> Any:
        """The next line it says. Raises ArmFailed when it says nothing in time or has ended."""
        assert self._process.stdout is not None
        deadline = time.monotonic() + seconds
        while b"\n" not in self._unread:
            readable, _, _ = select.select([self._process.stdout], [], [], max(0, deadline - time.monotonic()))
            said = os.read(self._process.stdout.fileno(), 1 << 20) if readable else b""
            if not said:
                raise ArmFailed(f"{self.name} {'ended' if readable else 'said nothing'}; its log is {self.log}")
            self._unread += said
        line, _, self._unread = self._unread.partition(b"\n")
        return json.loads(line)

    def do(self, job: object, seconds: float) -> Any:
        """What it answers to its one job, after which it is ended. Raises ArmFailed as `receive` does."""
        try:
            self.tell(job)
            return self.receive(seconds)
        finally:
            self.stop()
