"""Two processes of every service, killed and replaced one by one."""

import time
from dataclasses import dataclass

from bench.arms import free_port
from bench.installation import COMMAND, SERVICES, Installation, is_ready, wait_until_ready
from bench.processes import Child, end

PASSWORD = "showroom-2026"


@dataclass
class Replica:
    """One process of a service. The `spared` one of two is not killed in a soak, so that something grows old there."""

    service: str
    spared: bool
    child: Child
    probe: str
    born: float

    @property
    def name(self) -> str:
        """Which service and which of the two: a replacement has the name of whom it replaces."""
        return f"{self.service}-{'a' if self.spared else 'b'}"


class Fleet:
    """The suite with two replicas of each service; whoever is killed is started again, as by an orchestrator."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._addresses = {spared: f"127.0.0.1:{free_port()}" for spared in (True, False)}
        self.addresses = [f"http://{address}" for address in self._addresses.values()]
        """Where the two gateways listen."""
        self.replicas: list[Replica] = []

    def start(self) -> None:
        """Start everything, service by service: a dozen interpreters that start at once starve each other."""
        for service in SERVICES:
            for spared in (True, False):
                self._start(service, spared=spared)
            self.await_ready()

    def await_ready(self) -> None:
        """Return when all are at work. Raises ArmFailed."""
        for one in self.replicas:
            wait_until_ready(one.child, one.probe)

    def replace(self, victim: Replica) -> Replica:
        """SIGKILL, and a new process at once; it may not be ready yet."""
        victim.child.kill()
        self.replicas.remove(victim)
        return self._start(victim.service, spared=victim.spared)

    def mend(self) -> None:
        """Start again who could not start, for want of a port or of a server."""
        for one in [one for one in self.replicas if one.child.ended]:
            self.replace(one)

    def at_strength(self) -> bool:
        """Whether all are at work now."""
        return all(is_ready(one.probe) for one in self.replicas)

    def stop(self) -> None:
        """End every process."""
        end([one.child for one in self.replicas])
        self.replicas.clear()

    def _start(self, service: str, *, spared: bool) -> Replica:
        probe = f"127.0.0.1:{free_port()}"
        environment = {**self._installation.environment, "PROBE_ADDRESS": probe, "HTTP_ADDRESS": self._addresses[spared]}
        name = f"soak-{service}-{'a' if spared else 'b'}"
        child = Child(name, ["-c", COMMAND, "run", service], environment)
        self.replicas.append(Replica(service, spared, child, probe, time.monotonic()))
        return self.replicas[-1]
