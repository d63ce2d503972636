"""Servers that the drills have for themselves: three brokers that are one; a database and the one that follows it."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

from deploy.dev import Infrastructure
from deploy.dev.broker_cluster import BrokerCluster
from deploy.dev.database_pair import DatabasePair
from deploy.dev.infrastructure import open_store
from deploy.dev.machine import Machine
from deploy.dev.postgres import PrivateDatabase
from deploy.dev.processes import InfrastructureError
from deploy.dev.rabbitmq import PrivateBroker
from deploy.dev.state import Store, create_private
from tests.drills.drill import OUT

VHOST = "drill"


def binaries(found: Path | None, package: str) -> Path:
    """Where a server's programs are. Raises InfrastructureError that names the package: a cluster is made of no container."""
    if found is None:
        raise InfrastructureError(f"The drill needs {package}, which is not installed: apt-get install {package}")
    return found


def mount(folder: Path, size: str) -> None:
    """A disk of this size there, in memory. Raises InfrastructureError where that is not allowed."""
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size},mode=711", "tmpfs", str(folder)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    if done.returncode:
        raise InfrastructureError(f"The drill needs a small disk of its own: {done.stderr.strip()}")


class Home:
    """A folder of its own for servers, gone afterwards."""

    def __init__(self, name: str) -> None:
        self.machine = Machine()
        home = OUT / name
        home.mkdir(parents=True, exist_ok=True)
        self.folder = open_store(home, self.machine).directory

    def database(self, name: str, *, disk: str | None = None) -> PrivateDatabase:
        """A PostgreSQL in it, not started yet; on a `disk` of its own of this size."""
        programs = binaries(self.machine.postgres_binaries(), "postgresql")
        create_private(self.folder / name, mode=0o711)  # PostgreSQL's user passes through to its own
        if disk is not None:
            mount(self.folder / name, disk)
        return PrivateDatabase(Store(self.folder / name), programs, self.machine.server_user())

    def broker(self) -> PrivateBroker:
        """A RabbitMQ of one node in it, not started yet."""
        programs = binaries(self.machine.rabbitmq_scripts(), "rabbitmq-server")
        create_private(self.folder / "broker")
        return PrivateBroker(Store(self.folder / "broker"), programs)

    def pair(self, *, synchronous: bool) -> DatabasePair:
        """Two PostgreSQLs in it, one of which follows the other, not started yet."""
        programs = binaries(self.machine.postgres_binaries(), "postgresql")
        return DatabasePair(self.folder, programs, self.machine.server_user(), synchronous=synchronous)

    def remove(self) -> None:
        """Delete it."""
        for folder in self.folder.iterdir():
            if folder.is_mount():
                subprocess.run(["umount", str(folder)], check=True, timeout=60)
        shutil.rmtree(self.folder)


class Brokers:
    """Three brokers and a database, which run when they are made."""

    def __init__(self) -> None:
        self._home = Home("brokers")
        machine = self._home.machine
        self.cluster = BrokerCluster(self._home.folder, binaries(machine.rabbitmq_scripts(), "rabbitmq-server"))
        self.database = self._home.database("database")
        self.heal()
        first = self.cluster.nodes[0]
        self.infrastructure = Infrastructure(first.amqp_uri, first.management_url, self.database.url, None, None)

    def heal(self) -> None:
        """Everything runs again, and all nodes see each other."""
        self.database.start()
        self.cluster.start()

    def close(self) -> None:
        """End them, with their data."""
        self.cluster.discard()
        self.database.discard()
        self._home.remove()


class One:
    """A broker and a database, which run when they are made: for drills that harm neither."""

    def __init__(self, name: str, *, disk: str | None = None) -> None:
        self._home = Home(name)
        self.broker, self.database = self._home.broker(), self._home.database("database", disk=disk)
        self.disk = self._home.folder / "database"
        self.heal()
        self.infrastructure = Infrastructure(self.broker.amqp_uri, self.broker.management_url, self.database.url, None, None)

    def heal(self) -> None:
        """Both run."""
        self.broker.start()
        self.database.start()

    def close(self) -> None:
        """End both, with their data."""
        self.broker.discard()
        self.database.discard()
        self._home.remove()


class Databases:
    """A database with a standby, another one for whoever is not on the pair, and a broker; they run when they are made."""

    def __init__(self, *, synchronous: bool) -> None:
        self._home = Home("databases")
        self.broker = self._home.broker()
        self.pair = self._home.pair(synchronous=synchronous)
        self.database = self._home.database("others")
        self.heal()
        self.infrastructure = Infrastructure(self.broker.amqp_uri, self.broker.management_url, self.database.url, None, None)

    @property
    def primary(self) -> Infrastructure:
        """The same with the pair's primary for a database."""
        return replace(self.infrastructure, database_url=self.pair.primary.url)

    def heal(self) -> None:
        """Everything runs, and the primary has a standby."""
        self.broker.start()
        self.database.start()
        self.pair.start()

    def close(self) -> None:
        """End them, with their data."""
        self.broker.discard()
        self.database.discard()
        self.pair.discard()
        self._home.remove()
