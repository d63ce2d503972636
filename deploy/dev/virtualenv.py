"""The project's virtual environment, installed from requirements.lock: `python3 -m deploy.dev.virtualenv`.

Run by the system's Python, so only the standard library is here.
"""

from __future__ import annotations

import importlib.util
import re
import sys
from functools import partial
from pathlib import Path

from deploy.dev.infrastructure import PROJECT
from deploy.dev.machine import Machine
from deploy.dev.processes import InfrastructureError, exit_code, run
from deploy.dev.progress import Progress, last_line

CREATE_SECONDS = 120
INSTALL_SECONDS = 900
PACKAGE = "python3-venv"
LOCKED = re.compile(r"^\S+==", re.MULTILINE)
COLLECTED = re.compile(r"^(?:Collecting |Requirement already satisfied: )", re.MULTILINE)


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
    lock = project / "requirements.lock"
    packages = len(LOCKED.findall(lock.read_text(encoding="utf-8")))
    machine.say(
        f"Installing the virtual environment .venv: {packages} packages from requirements.lock; this takes a minute or two."
    )
    clear = [] if _works(python) else ["--clear"]
    create = [sys.executable, "-m", "venv", *clear, str(environment)]
    run(create, seconds=CREATE_SECONDS, progress=Progress("creating .venv", last_line))
    pip: list[str | Path] = [python, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--no-deps"]
    pip += ["--progress-bar", "off"]
    fetching = Progress("installing", partial(_pip_at, packages=packages))
    run([*pip, "--require-hashes", "--requirement", lock], seconds=INSTALL_SECONDS, cwd=project, progress=fetching)
    building = Progress("installing ServiceLane itself", last_line)
    run([*pip, "--no-build-isolation", "--editable", project], seconds=INSTALL_SECONDS, cwd=project, progress=building)
    machine.say("Installed.")


def _pip_at(printed: str, *, packages: int) -> str:
    """How far pip is: it fetches one package after the other, then unpacks them all without a word."""
    if "Installing collected packages" in printed:
        return f"unpacking {packages} packages"
    return f"{len(COLLECTED.findall(printed))} of {packages} packages fetched"


def _works(python: Path) -> bool:
    """Whether an environment's interpreter still runs: the Python it was made from may be gone."""
    try:
        run([python, "-c", "import pip"], seconds=30)
    except InfrastructureError:
        return False
    return True


def main() -> int:
    """Install; a failure is one line on standard error and exit code 1, Ctrl-C is 130."""
    return exit_code(lambda: install(PROJECT, Machine()))


if __name__ == "__main__":
    sys.exit(main())
