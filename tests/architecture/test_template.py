"""A new service is one command away, and works: it is made in a copy of the project, linted there and tried there."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.dev import Infrastructure
from deploy.dev.new_service import NotWritten, write_service

ROOT = Path(__file__).parents[2]
COPIED = (
    "bench",
    "chassis",
    "console",
    "contracts",
    "deploy",
    "docs",
    "files",
    "gateway",
    "locales",
    "media",
    "servicelane",
    "services",
    "tests",
)
NOT_COPIED = shutil.ignore_patterns("__pycache__", "out", ".env")
NAME = "zz_tried"
"""No service will ever be called so: a copy of the project may have any other already."""

BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with a service that nobody knew before."""
    copy = tmp_path_factory.mktemp("project")
    for folder in COPIED:
        if (ROOT / folder).exists():
            shutil.copytree(ROOT / folder, copy / folder, ignore=NOT_COPIED)
    for file in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / file, copy)
    write_service(NAME, copy)
    return copy


def run(project: Path, *command: str, infrastructure: Infrastructure | None = None) -> None:
    """Run a command in the project; what it printed if it failed."""
    environment = dict(os.environ)
    if infrastructure is not None:
        environment |= {
            "AMQP_URI": infrastructure.amqp_uri,
            "ADMIN_DATABASE_URL": infrastructure.database_url,
            "RABBITMQ_MANAGEMENT_URL": infrastructure.management_url,
        }
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


def test_its_code_keeps_the_rules_of_the_house(project: Path) -> None:
    """Style, imports, and the order of the chassis."""
    made = [f"{folder}/{NAME}" for folder in ("services", "contracts", "tests/services")]
    run(project, str(BIN / "ruff"), "check", "--select", "I", "--fix", *made)
    run(project, str(BIN / "ruff"), "check", *made)
    run(project, str(BIN / "ruff"), "format", "--check", *made)
    run(project, str(BIN / "lint-imports"), "--no-cache")


def test_it_works(project: Path, infrastructure: Infrastructure) -> None:
    """Its own tests, its tables and walls, its contracts: found and tried without another line."""
    of_all = [f"tests/architecture/test_{name}.py" for name in ("tables", "services")]
    of_all += [f"tests/contracts/test_{name}.py" for name in ("events", "refusals", "requests")]
    chosen = (f"tests/services/{NAME}", *of_all, "-k", NAME, "-p", "no:cacheprovider")
    run(project, sys.executable, "-m", "pytest", "-q", *chosen, infrastructure=infrastructure)
    run(project, sys.executable, "-m", "pytest", "-q", "tests/contracts/test_catalogues.py", "-p", "no:cacheprovider")


def test_a_cluster_runs_it(project: Path) -> None:
    """Its deployment, its place in the job and in the policies, its replicas, its place in the composition."""
    chosen = (
        "tests/cluster/test_manifests.py",
        "tests/packaging/test_compose.py",
        "-k",
        "say_what_is_so",
        "-p",
        "no:cacheprovider",
    )
    run(project, sys.executable, "-m", "pytest", "-q", *chosen)


@pytest.mark.parametrize("name", ["Loyalty", "a", "crm", "crm/x", "9lives", "x" * 21])
def test_a_name_that_cannot_be_one_is_refused_before_anything_is_written(name: str, tmp_path: Path) -> None:
    """Nothing is overwritten."""
    (tmp_path / "services" / "crm").mkdir(parents=True)
    with pytest.raises(NotWritten):
        write_service(name, tmp_path)
    assert [path.name for path in tmp_path.rglob("*")] == ["services", "crm"]
