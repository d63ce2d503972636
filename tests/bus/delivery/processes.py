"""The toy service as real processes, started the way any nameko service is."""

import sys
from pathlib import Path
from typing import Any

from deploy.local.child import Child, bare_environment
from tests.bus.delivery.replicas import Bus

COMMAND = [
    *(sys.executable, "-m", "nameko", "run"),
    *("--config", str(Path(__file__).parents[1] / "toy/config.yaml"), "tests.bus.toy.service"),
]


def run(bus: Bus, log: Path, **settings: Any) -> Child:
    """`nameko run … tests.bus.toy.service` in a process of its own; settings become environment variables."""
    environment = {
        **bare_environment(),
        "AMQP_URI": bus.amqp_uri,
        "DATABASE_URL": bus.database_url,
        "PYTHONWARNINGS": "ignore::DeprecationWarning",
        **{name.upper(): str(value) for name, value in settings.items()},
    }
    return Child("toy", COMMAND, environment, log)
