"""The release before, beside the tree: a worktree of its own, and an environment of its own where it needs other packages."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.dev import virtualenv
from deploy.dev.infrastructure import PROJECT
from deploy.dev.machine import Machine
from deploy.dev.processes import InfrastructureError, run
from tests.drills.drill import OUT

GIT_SECONDS = 120
RUNTIME = Path("deploy") / "runtime.lock"
"""What processes need; what developers need does not matter here."""


def release_before() -> str:
    """What UPGRADE_FROM says, else the last tag before this commit. Raises InfrastructureError where there is none."""
    if said := os.environ.get("UPGRADE_FROM"):
        return said
    try:
        return _git("describe", "--tags", "--match", "v*", "--abbrev=0", "HEAD^")
    except InfrastructureError:
        raise InfrastructureError(
            "There is no release before this one. Say from which commit: make upgrade-drill FROM=…"
        ) from None


@contextmanager
def checked_out(name: str) -> Iterator[Path]:
    """A worktree of what has this name, gone afterwards. Raises InfrastructureError for what git does not know."""
    commit = _git("rev-parse", "--verify", f"{name}^{{commit}}")
    tree = OUT / "release-before"
    _remove(tree)
    _git("worktree", "add", "--detach", str(tree), commit)
    try:
        if (tree / RUNTIME).read_bytes() == (PROJECT / RUNTIME).read_bytes():
            (tree / ".venv").symlink_to((PROJECT / ".venv").resolve())
        else:
            virtualenv.install(tree, Machine())
        yield tree
    finally:
        _remove(tree)


def _remove(tree: Path) -> None:
    if tree.exists():
        _git("worktree", "remove", "--force", str(tree))


def _git(*arguments: str) -> str:
    return run(["git", "-C", str(PROJECT), *arguments], seconds=GIT_SECONDS).strip()
