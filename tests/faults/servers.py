"""A broker and a database that the faults have for themselves: stopped, killed and frozen, they are nobody else's."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from deploy.dev import Infrastructure, ensure
from deploy.dev.infrastructure import open_store
from deploy.dev.machine import Machine

OUT = Path(__file__).with_name("out")
NAMED = ("AMQP_URI", "RABBITMQ_MANAGEMENT_URL", "DATABASE_URL", "ADMIN_DATABASE_URL")


class _Alone(Machine):
    """This computer, without the servers its environment names: those belong to others."""

    environ: Mapping[str, str] = {name: value for name, value in os.environ.items() if name not in NAMED}


class Servers:
    """Private instances in a state directory of their own; `close` ends them and deletes their data."""

    def __init__(self, home: Path = OUT / "servers") -> None:
        home.mkdir(parents=True, exist_ok=True)
        self._home = home
        self.infrastructure: Infrastructure = ensure(home, _Alone())
        assert self.infrastructure.broker is not None
        assert self.infrastructure.database is not None
        self.broker = self.infrastructure.broker
        self.database = self.infrastructure.database

    def heal(self) -> None:
        """Let both run, whatever a fault has done to them: stopped, killed, frozen, alarmed."""
        self.database.start()
        self.broker.start()

    def close(self) -> None:
        """End both, with their data."""
        self.broker.discard()
        self.database.discard()
        shutil.rmtree(open_store(self._home, _Alone()).directory)
