"""The tools that try the OpenAPI document, each at its locked version: generators of clients, linters, and the Node they run on.

They stand apart from `.venv`: the Python generator wants another version of a library of ours. Node comes as a wheel, so that no
Node has to be on the machine. Installed when first asked for, and anew when a lock changes.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import ssl
import sys
from collections.abc import Mapping
from pathlib import Path

from deploy.dev.infrastructure import PROJECT, open_store
from deploy.dev.machine import Machine
from deploy.dev.processes import InfrastructureError, run, say
from deploy.dev.progress import Progress, last_line

LOCKED = PROJECT / "deploy" / "api-tools"
INSTALL_SECONDS = 600
_FILES = ("requirements.lock", "package.json", "package-lock.json", ".npmrc")
_MARK = "installed"


class ApiTools:
    """The installed tools: `run` runs one of them by name."""

    def __init__(self, directory: Path) -> None:
        self._python = directory / "python" / "bin"
        self._node = directory / "node" / "node_modules"

    @property
    def node_modules(self) -> Path:
        """Where what a TypeScript client imports is found."""
        return self._node

    @property
    def environment(self) -> Mapping[str, str]:
        """For the tools alone: their own Python and Node first, and nothing that asks the network whether there is news."""
        path = os.pathsep.join([str(self._python), str(self._node / ".bin"), os.environ.get("PATH", "")])
        quiet = {"NO_UPDATE_NOTIFIER": "1", "REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
        return {**os.environ, **quiet, "PATH": path}

    def run(self, tool: str, *arguments: str | Path, seconds: float, cwd: Path) -> str:
        """What the tool printed. Raises InfrastructureError with its last words when it fails."""
        found = shutil.which(tool, path=self.environment["PATH"])
        if found is None:
            raise InfrastructureError(f"{tool} is not among the tools of {LOCKED}")
        return run([found, *arguments], seconds=seconds, env=self.environment, cwd=cwd)


def ensure(machine: Machine | None = None) -> ApiTools:
    """The tools as the locks say, installed if they are not. Raises InfrastructureError that says what is missing."""
    machine = machine or Machine()
    store = open_store(PROJECT, machine)
    directory = store.directory / "api-tools"
    with store.locked():
        mark = directory / _MARK
        wanted = _fingerprint()
        if not mark.exists() or mark.read_text(encoding="ascii") != wanted:
            machine.say("Installing the tools that try the OpenAPI document (deploy/api-tools); this takes a minute.")
            shutil.rmtree(directory, ignore_errors=True)
            _install(directory)
            mark.write_text(wanted, encoding="ascii")
    return ApiTools(directory)


def _install(directory: Path) -> None:
    python = directory / "python"
    run([sys.executable, "-m", "venv", python], seconds=INSTALL_SECONDS)
    pip: list[str | Path] = [python / "bin" / "python", "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    pip += ["--no-deps", "--progress-bar", "off", "--require-hashes", "--requirement", LOCKED / "requirements.lock"]
    run(pip, seconds=INSTALL_SECONDS, progress=Progress("installing the Python tools", last_line))
    node = directory / "node"
    node.mkdir()
    for name in _FILES[1:]:
        shutil.copy(LOCKED / name, node / name)
    npm = shutil.which("npm", path=str(python / "bin"))
    if npm is None:
        raise InfrastructureError("The wheel of Node brought no npm: is there one for this machine? See deploy/api-tools.")
    environment = {**_trust(), **os.environ, "PATH": os.pathsep.join([str(python / "bin"), os.environ.get("PATH", "")])}
    progress = Progress("installing the Node tools", last_line)
    run([npm, "ci", "--no-audit", "--no-fund"], seconds=INSTALL_SECONDS, env=environment, cwd=node, progress=progress)


def _trust() -> dict[str, str]:
    """Node knows only the authorities it brings along; it shall trust whom this machine trusts, as pip does."""
    paths = ssl.get_default_verify_paths()
    known = (Path(one) for one in (paths.cafile, f"{paths.capath}/ca-certificates.crt") if one)
    return next(({"NODE_EXTRA_CA_CERTS": str(one)} for one in known if one.is_file()), {})


def _fingerprint() -> str:
    facts = b"".join((LOCKED / name).read_bytes() for name in _FILES)
    return hashlib.sha256(facts + sys.version.encode()).hexdigest()


def main() -> int:
    """Install them; a failure is one line on standard error and exit code 1."""
    try:
        ensure()
    except (InfrastructureError, OSError) as error:
        say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
