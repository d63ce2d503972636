"""The project's virtual environment, installed from requirements.lock: `python3 -m deploy.dev.virtualenv`.

Run by the system's Python, so only the standard library is here.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

from deploy.dev.infrastructure import PROJECT
from deploy.dev.machine import Machine
from deploy.dev.processes import InfrastructureError, run, say

CREATE_SECONDS = 120
INSTALL_SECONDS = 900
PACKAGE = "python3-venv"


def install(project: Path, machine: Machine) -> None:
    """Create `.venv` in the project, or bring it to what requirements.lock says; the project itself is installed editable.

    Every file is checked against the lock's hashes; the project is built by the locked build backend, so nothing unpinned
    is fetched. Raises InfrastructureError with the package to install where Python comes without venv.
    """
    if importlib.util.find_spec("ensurepip") is None:
        if not machine.can_install():
            raise InfrastructureError(
                f"This Python cannot create virtual environments; install {PACKAGE}: apt-get install {PACKAGE}"
            )
        machine.say(f"This Python lacks venv; installing {PACKAGE} with apt-get (SERVICELANE_NO_APT=1 forbids it).")
        machine.install(PACKAGE)
    environment = project / ".venv"
    python = environment / "bin" / "python"
    machine.say("Installing the virtual environment .venv from requirements.lock.")
    clear = [] if _works(python) else ["--clear"]
    run([sys.executable, "-m", "venv", *clear, str(environment)], seconds=CREATE_SECONDS)
    pip: list[str | Path] = [python, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--quiet", "--no-deps"]
    run([*pip, "--require-hashes", "--requirement", project / "requirements.lock"], seconds=INSTALL_SECONDS, cwd=project)
    run([*pip, "--no-build-isolation", "--editable", project], seconds=INSTALL_SECONDS, cwd=project)


def _works(python: Path) -> bool:
    """Whether an environment's interpreter still runs: the Python it was made from may be gone."""
    try:
        run([python, "-c", "import pip"], seconds=30)
    except InfrastructureError:
        return False
    return True


def main() -> int:
    """Install; a failure is one line on standard error and exit code 1."""
    try:
        install(PROJECT, Machine())
    except InfrastructureError as error:
        say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
