"""The parallel test runner loses no test: what was collected has run, or the run has failed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(folder: Path, **files: str) -> tuple[int, str]:
    """Run these test files on two workers; exit status and the last line."""
    for name, text in files.items():
        (folder / f"test_{name}.py").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "tests.parallel", "--workers", "2", str(folder), "--rootdir", str(folder), "-c", os.devnull]
    environment = {name: value for name, value in os.environ.items() if name != "SERVICELANE_TESTS_SHARED"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120)
    return done.returncode, done.stdout.strip().splitlines()[-1]


def test_everything_green_is_green(tmp_path: Path) -> None:
    """The last line counts what ran."""
    files = {f"file_{number}": "def test_a(): pass\ndef test_b(): pass\n" for number in range(4)}
    assert run(tmp_path, **files) == (0, "8 passed, 0 failed, 0 skipped")


def test_one_red_test_is_a_red_run(tmp_path: Path) -> None:
    """Whichever worker had it."""
    status, last = run(tmp_path, good="def test_a(): pass\n", bad="def test_b(): assert False\n")
    assert (status, last) == (1, "1 passed, 1 failed, 0 skipped")


@pytest.mark.parametrize("end", ["import os; os._exit(0)", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"])
def test_a_worker_that_ends_in_the_middle_is_a_red_run(end: str, tmp_path: Path) -> None:
    """Although it says that all was well, or says nothing at all."""
    status, last = run(tmp_path, good="def test_a(): pass\n", bad=f"def test_b(): {end}\ndef test_c(): assert False\n")
    assert status != 0, last
