"""Running a mutant: in a copy of the tree with its safeguard off; pytest's report says which tests went red, and why."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

from tests.mutants.mutant import ROOT, Mutant

PYTEST_TESTS_FAILED = 1


@dataclass(frozen=True)
class Red:
    """A test that failed, and what it said."""

    test: str
    said: str

    @property
    def headline(self) -> str:
        """The first line of it, without the name of the exception that says no more than that it failed."""
        return self.said.strip().partition("\n")[0].removeprefix("AssertionError: ").removeprefix("Failed: ")


@dataclass(frozen=True)
class Outcome:
    """What became of a mutant: it is killed if each of its tests went red and said why."""

    mutant: Mutant
    red: tuple[Red, ...]
    seconds: float

    @property
    def still_green(self) -> list[str]:
        """The mutant's tests that passed although the safeguard is off."""
        red = {name for one in self.red for name in (one.test, one.test.partition("[")[0])}
        return [test for test in self.mutant.tests if test not in red]

    @property
    def for_another_reason(self) -> list[Red]:
        """Failures that have nothing to do with the safeguard."""
        return [red for red in self.red if not re.search(self.mutant.complaint, red.said)]

    @property
    def killed(self) -> bool:
        """Whether the suite noticed, and noticed this."""
        return not self.still_green and not self.for_another_reason


def run(mutant: Mutant) -> Outcome:
    """Switch it off and run its tests."""
    with tempfile.TemporaryDirectory(prefix="servicelane-mutant-") as folder:
        tree = Path(folder) / "tree"
        shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns(".git", ".venv", ".dev", "__pycache__", ".*_cache", "out"))
        file = tree / mutant.file
        file.write_text(file.read_text(encoding="utf-8").replace(mutant.code, mutant.instead), encoding="utf-8")
        started = time.monotonic()
        return Outcome(mutant, failures(tree, mutant.tests), time.monotonic() - started)


def failures(tree: Path, tests: Iterable[str]) -> tuple[Red, ...]:
    """The tests that fail in this tree. Exits when they could not be run: a test that cannot begin has noticed nothing."""
    with tempfile.TemporaryDirectory(prefix="servicelane-mutant-") as folder:
        report = Path(folder) / "report.xml"
        # The copy uses the servers of this tree, and its own code before the installed one.
        environ = {**os.environ, **_servers(), "PYTHONPATH": str(tree)}
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}", *tests]
        ran = subprocess.run(
            command, cwd=tree, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
        if ran.returncode not in (0, PYTEST_TESTS_FAILED):
            raise SystemExit(f"pytest could not run:\n{ran.stdout[-3000:]}")
        cases = list(ElementTree.parse(report).iter("testcase"))
    for case in cases:
        if (error := case.find("error")) is not None:
            raise SystemExit(f"{case.get('name')} could not run: {error.get('message')}\n{ran.stdout[-3000:]}")
    return tuple(
        Red(f"{case.attrib['classname'].replace('.', '/')}.py::{case.attrib['name']}", failure.attrib["message"])
        for case in cases
        for failure in case.findall("failure")
    )


@cache
def _servers() -> dict[str, str]:
    from deploy.dev import ensure

    found = ensure()
    return {"AMQP_URI": found.amqp_uri, "DATABASE_URL": found.database_url, "RABBITMQ_MANAGEMENT_URL": found.management_url}
