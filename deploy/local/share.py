"""A share of the machine's processor for some processes, by a control group of our own: as `cpus` of a container is made.

Of cgroup v1 the controller `cpu`, of v2 the whole tree; both must be there and ours to write in, which takes root.
"""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from deploy.dev.processes import InfrastructureError

ROOT = Path("/sys/fs/cgroup")
PERIOD = 50_000
"""Microseconds: what a share allows is handed out so often. Half of the usual: whoever has used it up waits half as long."""
LEAST = 1_000
"""The kernel hands out no less."""


class Share:
    """So many cores (0.1 is a tenth of one) for all processes in it together."""

    def __init__(self, name: str, cores: float, root: Path = ROOT) -> None:
        first = root / "cpu"
        self._above = first if first.is_dir() else root
        self._folder = self._above / f"servicelane-{os.getpid()}-{name}"
        quota = max(LEAST, round(cores * PERIOD))
        try:
            self._folder.mkdir(exist_ok=True)
            if self._above is first:
                self._write("cpu.cfs_period_us", PERIOD)
                self._write("cpu.cfs_quota_us", quota)
            else:
                self._write("cpu.max", f"{quota} {PERIOD}")
        except OSError as error:
            self.close()
            raise InfrastructureError(f"No process can be given a share of the processor: {error}.") from error

    def take(self, pids: Iterable[int]) -> None:
        """These processes are in it from now on, with all their threads; those that have ended are not missed."""
        for pid in pids:
            with suppress(ProcessLookupError):
                self._write("cgroup.procs", pid)

    def close(self) -> None:
        """Whoever is in it may take what there is again."""
        with suppress(OSError):
            for pid in (self._folder / "cgroup.procs").read_text(encoding="ascii").split():
                with suppress(ProcessLookupError):
                    (self._above / "cgroup.procs").write_text(pid, encoding="ascii")
            self._folder.rmdir()

    def _write(self, file: str, value: object) -> None:
        (self._folder / file).write_text(str(value), encoding="ascii")
