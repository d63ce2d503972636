"""`make test`: the tests on several workers, each a pytest of its own with its own databases and virtual hosts.

    python -m tests.parallel [--workers 3] [pytest's own arguments]

A worker claims its next file, the slowest first, when it begins the last test of the one before. Not pytest-xdist: its workers
take orders in threads, and eventlet, which our tests patch in, wakes no thread. Tests that share a running suite stay on one
worker: the console's journeys, the other journeys, the faults.
"""

import argparse
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree

import pytest

from deploy.local.child import Child

SHARED = "SERVICELANE_TESTS_SHARED"
WORKERS = 3
"""On two cores: half of the time a test waits for others."""
SLOWEST_FIRST = (
    "tests/journeys/console",
    "tests/journeys",
    "tests/bus",  # so that the faults' fleet does not start while two other suites do
    "tests/faults",
    "tests/services",
    "tests/doors",
    "tests/contracts",
    "tests/architecture",
)
TOGETHER = ("tests/journeys/console", "tests/journeys", "tests/faults")
CLAIM = "claim "
COLLECTED = "collected"
NO_TESTS = 5
PAUSE_SECONDS = 0.2
CLEAN_UP_SECONDS = 120
"""How long a worker that was interrupted may take to end its processes and drop its databases."""
OUTCOMES = ("tests", "failures", "errors", "skipped")


def _share(item: pytest.Item) -> str:
    """What is claimed as one: the tests of a file, or all that share a running suite."""
    name = item.nodeid.partition("::")[0]
    return next((folder for folder in TOGETHER if name.startswith(folder)), name)


def _rank(item: pytest.Item) -> int:
    return next((rank for rank, folder in enumerate(SLOWEST_FIRST) if item.nodeid.startswith(folder)), len(SLOWEST_FIRST))


def _claimed(items: list[pytest.Item], shared: Path) -> Iterator[pytest.Item]:
    """The tests nobody else has claimed, share by share."""
    shares: dict[str, list[pytest.Item]] = {}
    for item in sorted(items, key=_rank):
        shares.setdefault(_share(item), []).append(item)
    for name, share in shares.items():
        try:
            (shared / f"{CLAIM}{name.replace('/', ':')}").touch(exist_ok=False)
        except FileExistsError:
            continue
        yield from share


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """What pytest does with all tests, done with those this worker claims."""
    if SHARED not in os.environ or session.testsfailed or session.config.option.collectonly:
        return None
    shared = Path(os.environ[SHARED])
    (shared / COLLECTED).write_text(str(len(session.items)), encoding="ascii")
    mine = _claimed(session.items, shared)
    item = next(mine, None)
    while item is not None:
        following = next(mine, None)
        session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.shouldfail:
            raise session.Failed(session.shouldfail)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)
        item = following
    return True


class Worker(Child):
    """One pytest."""

    def __init__(self, number: int, arguments: list[str], shared: Path) -> None:
        self._report = shared / f"worker-{number}.xml"
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "tests.parallel",
            "-p",
            "no:cacheprovider",
            f"--junitxml={self._report}",
            *arguments,
        ]
        super().__init__(f"worker {number}", command, {**os.environ, SHARED: str(shared)}, shared / f"worker-{number}.log")

    def counted(self) -> Counter[str]:
        """How many tests it ran, and how many of them failed, could not run or were skipped."""
        if not self._report.exists():  # it could not begin, or ended in the middle of a test
            return Counter()
        suites = ElementTree.parse(self._report).iter("testsuite")
        return Counter({name: int(suite.attrib[name]) for suite in suites for name in OUTCOMES})


def main() -> int:
    """Run the tests; the exit status is pytest's of the worker that fared worst."""
    parser = argparse.ArgumentParser(prog="python -m tests.parallel", description=__doc__, allow_abbrev=False)
    parser.add_argument("--workers", type=int, default=WORKERS)
    options, arguments = parser.parse_known_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # so that what was started is ended
    started = time.monotonic()
    with TemporaryDirectory(prefix="servicelane-tests-") as folder:
        workers = [Worker(number, arguments, Path(folder)) for number in range(options.workers)]
        try:
            _tell_progress(workers, Path(folder))
        except KeyboardInterrupt:  # they were told, too
            sys.stdout.write("interrupted\n")
        except SystemExit:
            for worker in workers:
                worker.signal(signal.SIGTERM)
            raise
        finally:
            statuses = [worker.wait_or_kill(CLEAN_UP_SECONDS) for worker in workers]
        for worker, status in zip(workers, statuses, strict=True):
            if status not in (0, NO_TESTS):
                sys.stdout.write(worker.log.read_text(encoding="utf-8", errors="replace"))
        total = sum((worker.counted() for worker in workers), Counter[str]())
        collected = _collected(Path(folder))
    failed = total["failures"] + total["errors"]
    missing = max(0, collected - total["tests"]) if not any(statuses) else 0
    if missing:
        sys.stdout.write(f"{missing} of {collected} tests were not run: a worker ended without a report\n")
    sys.stdout.write(f"on {options.workers} workers in {time.monotonic() - started:.0f} s:\n")
    sys.stdout.write(
        f"{total['tests'] - failed - total['skipped']} passed, {failed + missing} failed, {total['skipped']} skipped\n"
    )
    worst = max((abs(status) for status in statuses if status != NO_TESTS), default=NO_TESTS)
    return worst or int(missing > 0)


def _collected(shared: Path) -> int:
    """How many tests there are for all workers together: each has found the same ones."""
    found = shared / COLLECTED
    return int(found.read_text(encoding="ascii")) if found.exists() else 0


def _tell_progress(workers: list[Worker], shared: Path) -> None:
    """Say what has been begun, until all workers have ended."""
    told: set[str] = set()
    while any(worker.running for worker in workers):
        begun = {file.name.removeprefix(CLAIM).replace(":", "/") for file in shared.glob(f"{CLAIM}*")}
        for name in sorted(begun - told):
            sys.stdout.write(f"{name}\n")
        sys.stdout.flush()
        told |= begun
        time.sleep(PAUSE_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
