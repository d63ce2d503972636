"""ServiceLane installed as an operator installs it: databases and broker users provisioned, tables and topology migrated."""

import secrets
import subprocess
import sys
import time
from contextlib import suppress

import requests

from bench.processes import PROJECT, ArmFailed, Child
from bench.sandbox import RUN, Sandbox

SERVICES = ("gateway", "booking", "workshop", "parts", "billing", "crm")
COMMAND = "from servicelane.main import main; main()"
COMMAND_SECONDS = 180
READY_SECONDS = 60


class Installation:
    """The environment of its processes, where its databases and its bus are. `slug` tells those of one run apart."""

    def __init__(self, sandbox: Sandbox, slug: str) -> None:
        environment = sandbox.provisioned(slug, SERVICES)
        self.environment = {**environment, "JWT_SECRET": secrets.token_hex(32), "LOG_LEVEL": "WARNING"}
        self.urls = {service: sandbox.admin_url(f"{RUN}_{slug}_{service}") for service in SERVICES}
        """Superusers' URLs by service."""
        self.vhost = f"{RUN}_{slug}"
        self.amqp_uri = sandbox.infrastructure.amqp_uri.rpartition("/")[0] + f"/{self.vhost}"
        self.command("migrate", *SERVICES)

    def command(self, *arguments: str) -> None:
        """Run a `servicelane` command. Raises ArmFailed with what it complained of."""
        done = subprocess.run(
            [sys.executable, "-c", COMMAND, *arguments],
            cwd=PROJECT,
            env={**self.environment, "PYTHONPATH": str(PROJECT)},
            capture_output=True,
            text=True,
            check=False,
            timeout=COMMAND_SECONDS,
        )
        if done.returncode:
            raise ArmFailed(f"servicelane {' '.join(arguments)}: {done.stderr.strip()[-600:]}")


def is_ready(probe: str) -> bool:
    """Whether the process with this probe says that it can work."""
    with requests.Session() as session, suppress(requests.RequestException):  # it does not listen yet
        session.trust_env = False  # a proxy of the environment does not reach the loopback
        return session.get(f"http://{probe}/readyz", timeout=5).ok
    return False


def wait_until_ready(child: Child, probe: str) -> None:
    """Return when the process says that it can work. Raises ArmFailed."""
    deadline = time.monotonic() + READY_SECONDS
    while not is_ready(probe):
        if child.ended or time.monotonic() > deadline:
            raise ArmFailed(f"{child.name} is not ready; its log is {child.log}")
        time.sleep(0.1)
