"""Two processes of every service, each with a name and a face: killed, frozen and replaced one by one."""

import signal
from contextlib import suppress
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import create_engine, text

from chassis.store.leadership import lock_key
from deploy.dev.state import choose_ports
from servicelane import suite
from servicelane.embedded import free_port
from tests.deployment import Deployment, Process
from tests.faults.bus import Bus
from tests.waiting import awaited

REPLICAS = 2
START_SECONDS = 90.0


class Replica:
    """One process of a service with its own probe; a gateway's has its own address."""

    def __init__(self, deployment: Deployment, service: str, address: str | None, **settings: Any) -> None:
        self.service = service
        self.address = address
        self.probe = f"127.0.0.1:{free_port()}"
        if address is not None:
            settings["http_address"] = address.removeprefix("http://")
        self.process: Process = deployment.start(service, probe_address=self.probe, **settings)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self.process._process.pid

    @property
    def running(self) -> bool:
        """Whether it has not ended; a frozen one runs."""
        return self.process.running

    @property
    def ready(self) -> bool:
        """Whether it says it can work."""
        try:
            answer = requests.get(f"http://{self.probe}/readyz", timeout=2)
        except requests.RequestException:
            return False
        return answer.ok

    def freeze(self) -> None:
        """SIGSTOP: its connections stay open and nothing comes."""
        self.process.signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT."""
        self.process.signal(signal.SIGCONT)

    def kill(self) -> None:
        """SIGKILL."""
        self.process.kill()

    def owns(self, port: int) -> bool:
        """Whether one of its sockets has this local port: the other end of what a server sees of it."""
        inodes = {
            fields[9]
            for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
            if int((fields := line.split())[1].rpartition(":")[2], 16) == port
        }
        for handle in Path(f"/proc/{self.pid}/fd").iterdir():
            with suppress(FileNotFoundError):  # closed meanwhile
                if str(handle.readlink()).removeprefix("socket:[").removesuffix("]") in inodes:
                    return True
        return False


class Fleet:
    """The suite at full strength, and back to it after every fault. Every service is its own user on the broker."""

    def __init__(self, bus: Bus, databases: dict[str, Any], folder: Path) -> None:
        self.databases = databases
        self.deployment = Deployment(bus.uri, databases, folder)
        self.amqp_uris = {name: bus.user(name) for name in suite.SERVICES}
        # Below the ephemeral range: while a gateway is dead, no outgoing connection may take its port.
        ports = choose_ports([f"gateway {number}" for number in range(REPLICAS)], {}, str(folder))
        self.addresses = [f"http://127.0.0.1:{port}" for port in ports.values()]
        self.replicas: list[Replica] = []
        self._engines = {
            name: create_engine(database.admin_url, pool_pre_ping=True, isolation_level="AUTOCOMMIT")
            for name, database in databases.items()
        }
        try:
            self.deployment.prepare()
            self.restore()
        except BaseException:
            self.stop()
            raise

    def of(self, service: str) -> list[Replica]:
        """The running replicas of a service."""
        return [one for one in self.replicas if one.service == service and one.running]

    def start(self, service: str, **settings: Any) -> Replica:
        """Start one more replica, or one that takes a dead one's place; it may not be ready yet."""
        taken = {one.address for one in self.of("gateway")}
        address = next(one for one in self.addresses if one not in taken) if service == "gateway" else None
        self.replicas = [one for one in self.replicas if one.running]
        settings.setdefault("amqp_uri", self.amqp_uris[service])
        self.replicas.append(Replica(self.deployment, service, address, **settings))
        return self.replicas[-1]

    def reinforce(self, *services: str) -> None:
        """Twice as many replicas of these services, until the fault is over."""
        for service in services:
            more = [self.start(service) for _ in range(REPLICAS)]
            awaited(lambda all_of=more: all(one.ready for one in all_of), f"more of {service} to be ready", START_SECONDS)

    def arm(self, service: str, point: str) -> list[Replica]:
        """Replace the replicas of a service by such as die at a named point."""
        self.kill(service)
        return [self.start(service, servicelane_crash_point=point) for _ in range(REPLICAS)]

    def fallen(self, doomed: list[Replica], seconds: float = 60.0) -> int:
        """Return when all of these have ended; how many they were."""
        awaited(lambda: not any(one.running for one in doomed), "the armed processes to die at their point", seconds)
        return len(doomed)

    def kill(self, *services: str) -> None:
        """SIGKILL every replica of these services."""
        for service in services:
            for replica in self.of(service):
                replica.kill()

    def restore(self) -> None:
        """Everyone thawed, two of each, all of them ready; one that could not start is started again, as by an orchestrator.

        Those beyond two are stopped.
        """
        for replica in self.replicas:
            replica.thaw()
        for service in suite.SERVICES:  # service by service: a dozen interpreters that start at once starve each other
            awaited(lambda name=service: self._complete(name), f"{service} at full strength", START_SECONDS)

    def _complete(self, service: str) -> bool:
        for surplus in self.of(service)[REPLICAS:]:
            surplus.process.stop()
        while len(self.of(service)) < REPLICAS:
            self.start(service)
        return all(one.ready for one in self.of(service))

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

        awaited(led, f"a leader of {service}'s {name}", 20)
        return found[0]

    def rows(self, service: str, query: str, **parameters: Any) -> list[Any]:
        """Read a service's tables as the superuser: all dealers at once."""
        with self._engines[service].connect() as connection:
            return list(connection.execute(text(query), parameters))

    def change(self, service: str, statement: str, **parameters: Any) -> int:
        """Change a service's tables as no service would; how many rows."""
        with self._engines[service].connect() as connection:
            return connection.execute(text(statement), parameters).rowcount

    def operator(self, *arguments: str, expect: int = 0) -> str:
        """Run a `servicelane` command; what it printed."""
        done = self.deployment.command(*arguments)
        assert done.returncode == expect, f"servicelane {' '.join(arguments)}: {done.stdout}{done.stderr}"
        return done.stdout

    def stop(self) -> None:
        """End every process."""
        self.deployment.stop()
        for engine in self._engines.values():
            engine.dispose()
