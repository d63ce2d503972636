"""The processes of an arm: started with their own log, spoken to in lines of JSON, measured in /proc, ended by pid."""

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[1]
OUT = PROJECT / "bench" / "out"
STOP_SECONDS = 30
TICKS = os.sysconf("SC_CLK_TCK")
# Places in /proc/<pid>/stat behind the name; the last two are of children that have ended.
PARENT, CPU = 1, slice(11, 15)


class ArmFailed(Exception):
    """An arm could not be run or did not end its work; the text says what was awaited and where its log is."""


class Child:
    """One process we started."""

    def __init__(self, name: str, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
        self.name = name
        OUT.mkdir(parents=True, exist_ok=True)
        self.log = OUT / f"{name}.log"
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=PROJECT,
                env={**os.environ, "PYTHONPATH": str(PROJECT), **environment},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,  # Ctrl-C is ours to pass on, in order
            )
        self._unread = b""

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def ended(self) -> bool:
        """Whether it is gone."""
        return self._process.poll() is not None

    def tell(self, message: object) -> None:
        """Send one line."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(message).encode() + b"\n")
        self._process.stdin.flush()

    def hear(self, seconds: float) -> Any:
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

    def stop(self) -> None:
        """Ask it to end and wait; what does not end is killed."""
        if not self.ended:
            self._process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """SIGKILL, whatever it does."""
        self._process.kill()
        self.wait()

    def wait(self) -> None:
        """Return when it has ended."""
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()


def end(children: Iterable[Child]) -> None:
    """End processes together."""
    together = list(children)
    for child in together:
        child.stop()
    for child in together:
        child.wait()


def cpu_seconds(roots: Iterable[int]) -> float:
    """Processor time of these processes and all their descendants, living or not."""
    stats = {int(entry.name): fields for entry in Path("/proc").iterdir() if entry.name.isdigit() and (fields := _stat(entry))}
    family = set(roots) & stats.keys()
    while more := {pid for pid, fields in stats.items() if int(fields[PARENT]) in family} - family:
        family |= more
    return sum(int(ticks) for pid in family for ticks in stats[pid][CPU]) / TICKS


def listener(port: int) -> int | None:
    """The process that listens on a port of this machine; None when it cannot be seen (another host, a container)."""
    inodes = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text(encoding="ascii").splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and int(fields[1].rpartition(":")[2], 16) == port:
                inodes.add(f"socket:[{fields[9]}]")
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and inodes & _sockets(entry):
            return int(entry.name)
    return None


def _sockets(entry: Path) -> set[str]:
    try:
        return {str(one.readlink()) for one in (entry / "fd").iterdir()}
    except OSError:  # it has ended, or is somebody else's
        return set()


def _stat(entry: Path) -> list[str] | None:
    try:
        return (entry / "stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:  # it has ended
        return None
