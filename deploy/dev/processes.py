"""Processes that outlive their starter: launched detached, recognised by pid and start time, ended by pid."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from deploy.dev.progress import Progress

T = TypeVar("T")

PAUSE_SECONDS = 0.02
OUTPUT_BYTES = 1_000_000
# A zombie has ended and only waits for its parent - unless other threads of it still die and hold its ports.
GONE = ("Z", "X")
STATE, PARENT, THREADS, STARTED = 0, 1, 17, 19  # places in /proc/<pid>/stat behind the name


class InfrastructureError(Exception):
    """Why there is no broker or database, as one plain sentence that says what to do."""


def say(line: str) -> None:
    """Tell the developer one thing. On standard error: standard output belongs to `env`."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def exit_code(deed: Callable[[], object]) -> int:
    """Do it; a failure is one line on standard error and 1, Ctrl-C is 130."""
    try:
        deed()
    except (InfrastructureError, OSError) as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def wait_until(look: Callable[[], T], what: str, *, seconds: float) -> T:
    """What `look` sees as soon as it sees something; InfrastructureError naming `what` was awaited once `seconds` have passed."""
    deadline = time.monotonic() + seconds
    while not (seen := look()):
        if time.monotonic() > deadline:
            raise InfrastructureError(f"Waited {seconds:g} s in vain: {what}.")
        time.sleep(PAUSE_SECONDS)
    return seen


def accepts_connections(port: int, host: str = "127.0.0.1") -> bool:
    """Whether something listens on `port`."""
    try:
        socket.create_connection((host, port), timeout=2).close()
    except OSError:
        return False
    return True


@dataclass(frozen=True)
class User:
    """The unprivileged account a server runs under when we are root."""

    name: str
    uid: int
    gid: int


def run(
    command: Sequence[str | Path],
    *,
    seconds: float,
    env: Mapping[str, str] | None = None,
    user: User | None = None,
    cwd: Path | None = None,
    own_session: bool = False,
    progress: Progress | None = None,
) -> str:
    """Run a command to its end and return what it printed; a failure is an InfrastructureError with its last words.

    `progress` shows meanwhile how far it is.
    The output goes through a file and the deadline is ours: a pipe would stay open as long as a server the command started,
    and under eventlet the time-out of `subprocess` is raised as a class that cannot be named.
    """
    arguments = [str(part) for part in command]
    with tempfile.TemporaryFile() as output:
        try:
            process = subprocess.Popen(
                arguments,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=env,
                cwd=cwd,
                user=user.uid if user else None,
                group=user.gid if user else None,
                extra_groups=[] if user else None,
                start_new_session=own_session,
            )
        except FileNotFoundError as error:
            raise InfrastructureError(f"{arguments[0]} is not installed.") from error
        except OSError as error:
            raise InfrastructureError(f"{arguments[0]} cannot be run: {error.strerror}.") from error

        def ended() -> bool:
            if progress is not None:
                # Read without seeking: the command writes at the same position.
                progress.tick(lambda: os.pread(output.fileno(), OUTPUT_BYTES, 0).decode(errors="replace"))
            return process.poll() is not None

        try:
            wait_until(ended, f"the end of {arguments[0]}", seconds=seconds)
        finally:
            if progress is not None:
                progress.end()
            if process.poll() is None:
                process.kill()
                process.wait()
        output.seek(0)
        printed = output.read().decode(errors="replace")
    if process.returncode:
        raise InfrastructureError(f"{' '.join(arguments[:3])} failed: {last_words(printed)}")
    return printed


def last_words(output: str, lines: int = 5) -> str:
    """The end of a program's output on one line, for an error sentence."""
    return " | ".join(output.strip().splitlines()[-lines:]) or "(it printed nothing)"


@dataclass(frozen=True)
class Process:
    """One process, told apart from a later one with the same pid by its start time."""

    pid: int
    started: str

    @classmethod
    def of(cls, pid: int) -> Process | None:
        """The process that runs now under `pid`; None when there is none."""
        started = _start_time(pid)
        return cls(pid, started) if started else None

    @classmethod
    def recorded(cls, pid: int | None, started: str | None) -> Process | None:
        """The process a state file names, if it still runs."""
        if pid is None or started is None:
            return None
        process = cls(pid, started)
        return process if process.runs else None

    @property
    def runs(self) -> bool:
        """Whether it still lives; a stopped (SIGSTOP) process does."""
        return _start_time(self.pid) == self.started

    def send(self, number: signal.Signals) -> None:
        """Send a signal; a process that has ended in the meantime is no error."""
        if self.runs:
            try:
                os.kill(self.pid, number)
            except ProcessLookupError:
                return

    def end(self, number: signal.Signals = signal.SIGTERM, *, what: str, seconds: float = 30) -> None:
        """Ask it to end; what has not ended in time is killed."""
        self.send(number)
        try:
            wait_until(lambda: not self.runs, f"the end of {what}", seconds=seconds)
        except InfrastructureError:
            self.send(signal.SIGKILL)
            wait_until(lambda: not self.runs, f"the end of {what} after SIGKILL", seconds=10)

    def children(self) -> list[Process]:
        """The processes it started and that still run."""
        found = (Process.of(pid) for pid, parent in _parents() if parent == self.pid)
        return [process for process in found if process]


def launch(command: Sequence[str | Path], *, env: Mapping[str, str], log: Path, cwd: Path) -> Process:
    """Start a server that survives us: its own session, no terminal, output appended to `log`.

    A shell in between starts it and ends, so that it is adopted by init and never becomes our zombie.
    """
    log.touch()
    script = 'log=$1; shift; "$@" >>"$log" 2>&1 </dev/null & echo $!'
    pid = run(["/bin/sh", "-c", script, "sh", log, *command], env=env, cwd=cwd, own_session=True, seconds=30)
    process = Process.of(int(pid))
    if process is None:
        raise InfrastructureError(f"{command[0]} ended at once; its log is {log}: {last_words(log.read_text(errors='replace'))}")
    return process


def _start_time(pid: int) -> str | None:
    """When the living process `pid` started, in the system's own words; None when it has ended."""
    if Path("/proc/self/stat").exists():
        fields = stat(pid)
        if fields is None or (fields[STATE] in GONE and int(fields[THREADS]) <= 1):
            return None
        # Ticks since boot: they mean nothing without the boot they count from.
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot} {fields[STARTED]}"
    try:
        state, _, started = run(["ps", "-o", "stat=,lstart=", "-p", str(pid)], seconds=10).strip().partition(" ")
    except InfrastructureError:  # ps says by its exit code that there is no such process
        return None
    return started.strip() if state and not state.startswith(GONE) else None


def _parents() -> list[tuple[int, int]]:
    """(pid, parent's pid) of every process."""
    if Path("/proc/self/stat").exists():
        pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
        return [(pid, int(fields[PARENT])) for pid in pids if (fields := stat(pid))]
    lines = run(["ps", "-axo", "pid=,ppid="], seconds=10).splitlines()
    return [(int(pid), int(parent)) for pid, parent in map(str.split, lines)]


def stat(pid: int) -> list[str] | None:
    """The fields of /proc/<pid>/stat behind the name, which may itself hold blanks and brackets; None when it has ended."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    return text.rpartition(")")[2].split()
