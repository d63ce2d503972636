"""The virtual environment on a machine whose Python comes without venv, as Debian's does."""

import pytest

from deploy.dev import virtualenv
from deploy.dev.machine import Machine
from deploy.dev.processes import InfrastructureError


class DebianMachine(Machine):
    """A computer whose Python lacks ensurepip; root and apt-get are there, or not."""

    def __init__(self, *, root: bool) -> None:
        self.root = root
        self.said: list[str] = []
        self.packages: list[str] = []

    def say(self, line: str) -> None:
        self.said.append(line)

    def can_install(self) -> bool:
        return self.root

    def install(self, package: str) -> None:
        self.packages.append(package)


@pytest.fixture
def commands(monkeypatch, tmp_path):
    """The commands that would have been run, on a machine without ensurepip and without an environment."""
    (tmp_path / "requirements.lock").write_text("alembic==1.20.1 \\\n    --hash=sha256:abc\namqp==5.4.2\n")
    made = []

    def recorded(command, **options):
        made.append([str(part) for part in command])
        if "import pip" in made[-1]:
            raise InfrastructureError("there is no such interpreter")
        return ""

    monkeypatch.setattr(virtualenv, "run", recorded)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    return made


def test_without_rights_the_package_to_install_is_named_and_nothing_is_begun(tmp_path, commands):
    with pytest.raises(InfrastructureError, match="apt-get install python3-venv"):
        virtualenv.install(tmp_path, DebianMachine(root=False))
    assert commands == []


def test_with_rights_the_package_is_installed_and_said(tmp_path, commands):
    machine = DebianMachine(root=True)
    virtualenv.install(tmp_path, machine)
    assert machine.packages == ["python3-venv"]
    assert "installing python3-venv with apt-get" in machine.said[0]


def test_everything_installed_is_checked_against_the_lock_and_built_without_fetching(tmp_path, commands):
    virtualenv.install(tmp_path, DebianMachine(root=True))
    create, locked, project = commands[1:]
    assert create[1:] == ["-m", "venv", "--clear", str(tmp_path / ".venv")]
    assert {"--require-hashes", "--no-deps", str(tmp_path / "requirements.lock")} <= set(locked)
    assert {"--no-build-isolation", "--no-deps", "--editable"} <= set(project)
