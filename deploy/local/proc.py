"""What /proc says of processes and their sockets."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from deploy.dev.processes import stat

TICKS = os.sysconf("SC_CLK_TCK")
CPU = slice(11, 15)
"""Places in /proc/<pid>/stat behind the name; the last two are of children that have ended."""
LISTENING = "0A"


def cpu_seconds(pids: Iterable[int]) -> float:
    """Processor time of these processes, and of children of theirs that have ended; one that is gone took none."""
    return sum(int(ticks) for pid in pids if (fields := stat(pid)) for ticks in fields[CPU]) / TICKS


def busy_seconds() -> float:
    """Processor time of the whole machine since its start."""
    user, nice, system, _idle, _wait, *others = Path("/proc/stat").read_text(encoding="ascii").split(maxsplit=8)[1:8]
    return sum(map(int, (user, nice, system, *others))) / TICKS


def listener(port: int) -> int | None:
    """The process that listens on a port of this machine; None when it cannot be seen (another host, a container)."""
    sockets = {socket for socket, state in _sockets_at(port) if state == LISTENING}
    return next((pid for pid in _pids() if sockets & _sockets_of(pid)), None)


def owns(pid: int, port: int) -> bool:
    """Whether one of the process's sockets has this local port."""
    return bool({socket for socket, _ in _sockets_at(port)} & _sockets_of(pid))


def _pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _sockets_at(port: int) -> Iterator[tuple[str, str]]:
    """The sockets with this local port, each with its state."""
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text(encoding="ascii").splitlines()[1:]:
            fields = line.split()
            if int(fields[1].rpartition(":")[2], 16) == port:
                yield f"socket:[{fields[9]}]", fields[3]


def _sockets_of(pid: int) -> set[str]:
    found = set()
    try:
        for handle in Path(f"/proc/{pid}/fd").iterdir():
            try:
                found.add(str(handle.readlink()))
            except FileNotFoundError:  # closed meanwhile
                continue
    except OSError:  # it has ended, or is somebody else's
        return set()
    return found
