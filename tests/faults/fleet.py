"""Two processes of every service, each with a name and a face, and their tables as the superuser sees them."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from chassis.store.leadership import lock_key
from deploy.dev.infrastructure import PROJECT
from deploy.local.fleet import START_SECONDS, Replica
from servicelane import suite
from servicelane.health_record_sandbox import HealthRecordSandbox
from tests.deployment import Deployment
from tests.faults.bus import Bus
from tests.infrastructure import ServiceDatabase
from tests.waiting import awaited

REPLICAS = 2


class Fleet(Deployment):
    """The suite at full strength, and back to it after every fault. Every service is its own user on the broker."""

    def __init__(
        self,
        bus: Bus,
        databases: dict[str, ServiceDatabase],
        folder: Path,
        environment: Mapping[str, str],
        project: Path = PROJECT,
    ) -> None:
        super().__init__(bus.uri, databases, folder, replicas=REPLICAS, project=project)
        self.installation.environment |= environment
        self.records = HealthRecordSandbox().__enter__()
        """Whoever takes the dealers' health records."""
        self.installation.environment["WORKSHOP_HEALTH_RECORD_URL"] = self.records.url
        self.amqp_uris = {name: bus.user(name) for name in suite.SERVICES}
        self._engines = {
            name: create_engine(database.admin_url, pool_pre_ping=True, isolation_level="AUTOCOMMIT")
            for name, database in databases.items()
        }
        try:
            self.installation.prepare()
            self.restore()
        except BaseException:
            self.stop()
            raise

    def start(self, service: str, **settings: Any) -> Replica:
        """Start one more replica, as the service's own user of the broker."""
        settings.setdefault("amqp_uri", self.amqp_uris[service])
        return super().start(service, **settings)

    def reinforce(self, *services: str) -> None:
        """Twice as many replicas of these services, until the fault is over."""
        for service in services:
            more = [self.start(service) for _ in range(REPLICAS)]
            awaited(partial(_all_ready, more), f"more of {service} to be ready", START_SECONDS)

    def arm(self, service: str, point: str) -> list[Replica]:
        """Replace the replicas of a service by such as die at a named point."""
        self.kill(service)
        return [self.start(service, servicelane_crash_point=point) for _ in range(REPLICAS)]

    def fallen(self, doomed: list[Replica], seconds: float = 60.0) -> int:
        """Return when all of these have ended; how many they were."""
        awaited(lambda: not any(one.running for one in doomed), "the armed processes to die at their point", seconds)
        return len(doomed)

    def leader(self, service: str, name: str = "relay") -> Replica:
        """The replica that leads now; waits until one does."""
        found: list[Replica] = []

        def led() -> bool:
            key = lock_key(name)
            ports = self.rows(
                service,
                "SELECT activity.client_port AS port FROM pg_locks JOIN pg_stat_activity activity USING (pid) "
                "WHERE locktype = 'advisory' AND granted AND database = "
                "(SELECT oid FROM pg_database WHERE datname = current_database()) AND classid = :high AND objid = :low",
                high=key >> 32,
                low=key & 0xFFFFFFFF,
            )
            found[:] = [one for row in ports for one in self.of(service) if one.owns(row.port)]
            return bool(found)

        awaited(led, f"a leader of {service}'s {name}", 60)
        return found[0]

    def rows(self, service: str, query: str, **parameters: Any) -> list[Any]:
        """Read a service's tables as the superuser: all dealers at once."""
        with self._engines[service].connect() as connection:
            return list(connection.execute(text(query), parameters))

    def change(self, service: str, statement: str, **parameters: Any) -> int:
        """Change a service's tables as no service would; how many rows."""
        with self._engines[service].connect() as connection:
            return connection.execute(text(statement), parameters).rowcount

    def let_go(self, service: str) -> None:
        """Have no connection to the service's database any more, until somebody looks again."""
        self._engines[service].dispose()

    def operator(self, *arguments: str, expect: int = 0) -> str:
        """Run a `servicelane` command; what it printed."""
        return self.installation.operator(*arguments, expect=expect)

    def stop(self) -> None:
        """End every process."""
        super().stop()
        self.records.__exit__()
        for engine in self._engines.values():
            engine.dispose()


def _all_ready(replicas: list[Replica]) -> bool:
    return all(one.ready for one in replicas)
