"""The console's tests in a real browser: `make browser` installs what they need and runs them; `make test` runs the short ones.

The browser is Debian's Chromium, driven by Playwright from a lock of its own, installed beside `.venv`: whoever only runs
ServiceLane does not fetch it. They run in a process of their own, because the other tests' is patched for green threads.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from deploy.dev.infrastructure import PROJECT, open_store
from deploy.dev.machine import Machine
from deploy.dev.processes import InfrastructureError, run, say
from deploy.dev.progress import Progress, last_line

LOCK = PROJECT / "deploy" / "browser" / "requirements.lock"
INSTALL_SECONDS = 600
PACKAGES = {"chromium": "chromium", "wqy-microhei": "fonts-wqy-microhei"}
"""What Debian brings: the browser, and a font with Chinese letters."""
TESTS = "tests/browser"
SHORT = "--short"


def chromium() -> str | None:
    """Where the browser is, if it is anywhere."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


def missing() -> list[str]:
    """The Debian packages that are not there."""
    fonts = [*Path("/usr/share/fonts").rglob("wqy-microhei*")]
    return [package for name, package in PACKAGES.items() if not (chromium() if name == "chromium" else fonts)]


def ensure(machine: Machine) -> Path:
    """The folder with Playwright as the lock says, and a browser. Raises InfrastructureError that says what is missing."""
    for package in missing():
        if not machine.can_install():
            raise InfrastructureError(f"The console's tests in a browser need {package}: apt-get install {package}")
        machine.say(f"Installing {package} with apt-get (SERVICELANE_NO_APT=1 forbids it).")
        machine.install(package)
    store = open_store(PROJECT, machine)
    site = store.directory / "browser"
    with store.locked():
        mark = site / "installed"
        wanted = hashlib.sha256(LOCK.read_bytes() + sys.version.encode()).hexdigest()
        if not mark.exists() or mark.read_text(encoding="ascii") != wanted:
            machine.say("Installing Playwright (deploy/browser); this takes a moment.")
            shutil.rmtree(site, ignore_errors=True)
            pip: list[str | Path] = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
            pip += ["--no-deps", "--progress-bar", "off", "--require-hashes", "--requirement", LOCK, "--target", site]
            run(pip, seconds=INSTALL_SECONDS, progress=Progress("installing Playwright", last_line))
            mark.write_text(wanted, encoding="ascii")
    return site


def main(arguments: list[str]) -> int:
    """Install and run; the exit status is pytest's, 1 if something cannot be installed.

    With --short nothing is installed by apt-get: where there is no browser, that is said and is no failure.
    """
    machine = Machine()
    short = SHORT in arguments
    arguments = [one for one in arguments if one != SHORT]
    if short and missing():
        say(f"NOT RUN: the console's tests in a browser: no {', '.join(missing())} here. `make browser` installs and runs them.")
        return 0
    try:
        site = ensure(machine)
    except (InfrastructureError, OSError) as error:
        say(str(error))
        return 1
    chosen = [] if any(one.startswith(TESTS) for one in arguments) else [TESTS]
    command = [
        sys.executable,
        "-m",
        "pytest",
        f"--confcutdir={TESTS}",
        "-p",
        "no:cacheprovider",
        "--suppress-nameko-eventlet-notification",
        *chosen,
        *arguments,
    ]
    if short:
        command += ["-m", "short"]
    path = os.pathsep.join([str(site), str(PROJECT)])
    environment = {**os.environ, "PYTHONPATH": path, "SERVICELANE_CHROMIUM": chromium() or ""}
    return subprocess.run(command, cwd=PROJECT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
