"""Run every mutant, or those named on the command line: each in a copy of the tree, its tests there, and a table of the verdicts.

Exit status 1 if a mutant survives: if its tests pass although the promise is gone.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.mutants.catalogue import MUTANTS, Mutant

ROOT = Path(__file__).parents[2]
PYTEST_TESTS_FAILED = 1


def main(names: list[str]) -> int:
    """Returns the exit status."""
    chosen = [mutant for mutant in MUTANTS if not names or mutant.name in names]
    table = Table("switched off", "where", "tests that must fail", "verdict")
    survivors = 0
    for mutant in chosen:
        killed = _killed(mutant)
        survivors += not killed
        table.add_row(mutant.name, mutant.file, "\n".join(mutant.tests), "killed" if killed else "SURVIVED")
    Console().print(table)
    return 1 if survivors else 0


def _killed(mutant: Mutant) -> bool:
    with tempfile.TemporaryDirectory(prefix="servicelane-mutant-") as folder:
        tree = Path(folder) / "tree"
        shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns(".git", ".venv", ".dev", "__pycache__", ".*_cache", "out"))
        _switch_off(tree / mutant.file, mutant)
        if not _passes(ROOT, mutant):
            raise SystemExit(f"{mutant.name}: its tests fail although nothing is switched off")
        return not _passes(tree, mutant)


def _switch_off(file: Path, mutant: Mutant) -> None:
    source = file.read_text(encoding="utf-8")
    if source.count(mutant.code) != 1:
        raise SystemExit(f"{mutant.name}: {mutant.file} does not hold exactly once: {mutant.code!r}")
    file.write_text(source.replace(mutant.code, mutant.instead), encoding="utf-8")


def _passes(tree: Path, mutant: Mutant) -> bool:
    # The copy uses the servers of this tree, and its own code before the installed one.
    environ = {**os.environ, **_servers(), "PYTHONPATH": str(tree)}
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *mutant.tests]
    status = subprocess.run(
        command, cwd=tree, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if status.returncode not in (0, PYTEST_TESTS_FAILED):
        raise SystemExit(f"{mutant.name}: pytest could not run:\n{status.stdout[-3000:]}")
    return status.returncode == 0


@cache
def _servers() -> dict[str, str]:
    from deploy.dev import ensure

    found = ensure()
    return {"AMQP_URI": found.amqp_uri, "DATABASE_URL": found.database_url, "RABBITMQ_MANAGEMENT_URL": found.management_url}


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
