"""The whole suite, so many replicas of every service: killed, frozen and replaced one by one, and brought back to strength."""

import time
from collections.abc import Sequence
from functools import partial
from typing import Any

import requests

from deploy.dev.processes import wait_until
from deploy.dev.state import choose_ports, free_port
from deploy.local.child import Child
from deploy.local.installation import Installation
from deploy.local.proc import owns

START_SECONDS = 180.0
"""For an interpreter on a machine that has other things to do; whoever is ready is not waited for."""


def is_ready(probe: str) -> bool:
    """Whether the process with this probe says that it can work."""
    with requests.Session() as session:
        session.trust_env = False  # a proxy of the environment does not reach the loopback
        try:
            return session.get(f"http://{probe}/readyz", timeout=5).ok
        except requests.RequestException:  # it does not listen yet, or is frozen
            return False


class Replica:
    """One process of a service with its own probe; who replaces it takes over its place among those of the service."""

    def __init__(self, installation: Installation, service: str, place: int, **settings: Any) -> None:
        self.service = service
        self.place = place
        self.name = f"{service}-{'abcdefgh'[place]}"
        self.probe = str(settings.pop("probe_address", None) or f"127.0.0.1:{free_port()}")
        self.born = time.monotonic()
        self.process: Child = installation.run(service, self.name, probe_address=self.probe, **settings)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self.process.pid

    @property
    def running(self) -> bool:
        """Whether it has not ended; a frozen one runs."""
        return self.process.running

    @property
    def ready(self) -> bool:
        """Whether it says it can work."""
        return is_ready(self.probe)

    def freeze(self) -> None:
        """SIGSTOP: its connections stay open and nothing comes."""
        self.process.freeze()

    def thaw(self) -> None:
        """SIGCONT."""
        self.process.thaw()

    def kill(self) -> None:
        """SIGKILL."""
        self.process.kill()

    def owns(self, port: int) -> bool:
        """Whether one of its sockets has this local port: the other end of what a server sees of it."""
        return owns(self.pid, port)


class Fleet:
    """So many replicas of each service of an installation; nothing runs before `restore`."""

    def __init__(self, installation: Installation, services: Sequence[str], *, replicas: int, seed: str) -> None:
        self.installation = installation
        self.services = services
        self.strength = replicas
        # Below the ephemeral range: while a gateway is dead, no outgoing connection may take its port.
        self._addresses = [*choose_ports([f"gateway {place}" for place in range(replicas)], {}, seed).values()]
        self.addresses = [f"http://127.0.0.1:{port}" for port in self._addresses]
        """Where the gateways listen."""
        self.replicas: list[Replica] = []

    def of(self, service: str) -> list[Replica]:
        """The running replicas of a service."""
        return [one for one in self.replicas if one.service == service and one.running]

    def start(self, service: str, **settings: Any) -> Replica:
        """Start one more replica, or one that takes a dead one's place; it may not be ready yet."""
        self.replicas = [one for one in self.replicas if one.running]
        taken = {one.place for one in self.of(service)}
        place = next(place for place in range(len(taken) + 1) if place not in taken)
        if service == "gateway":
            settings["http_address"] = f"127.0.0.1:{self._addresses[place]}"
        self.replicas.append(Replica(self.installation, service, place, **settings))
        return self.replicas[-1]

    def replace(self, victim: Replica) -> Replica:
        """SIGKILL, and a new process at once; it may not be ready yet."""
        victim.kill()
        return self.start(victim.service)

    def kill(self, *services: str) -> None:
        """SIGKILL every replica of these services."""
        for service in services:
            for replica in self.of(service):
                replica.kill()

    def mend(self) -> None:
        """Start again who has ended, without waiting for it: as an orchestrator does."""
        for service in self.services:
            self._mend(service, self.strength)

    def restore(self) -> None:
        """Everyone thawed, so many of each as there should be, all of them ready; those beyond are stopped.

        Raises InfrastructureError when that does not come about.
        """
        for replica in self.replicas:
            replica.thaw()
        for service in self.services:  # service by service: a dozen interpreters that start at once starve each other
            self.scale(service, self.strength)

    def scale(self, service: str, replicas: int) -> list[Replica]:
        """So many of this service, all of them ready; those beyond are stopped. Raises InfrastructureError."""
        for surplus in self.of(service)[replicas:]:
            surplus.process.stop()
        wait_until(partial(self._complete, service, replicas), f"{service} at full strength", seconds=START_SECONDS)
        return self.of(service)

    def _complete(self, service: str, replicas: int) -> bool:
        self._mend(service, replicas)
        return all(one.ready for one in self.of(service))

    def _mend(self, service: str, replicas: int) -> None:
        while len(self.of(service)) < replicas:
            self.start(service)

    def stop(self) -> None:
        """End every process."""
        for replica in self.replicas:
            replica.kill()
        self.replicas.clear()
