"""What can be measured. An arm prepares its databases once, and is started and stopped for every round."""

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar

from bench.arms.plain import seeding
from bench.arms.worker import ArmFailed, Worker
from bench.data import invariants
from bench.data.mixes import Mix, Order
from bench.data.sandbox import Sandbox
from deploy.dev.infrastructure import PROJECT
from deploy.local.child import stop
from servicelane.invariants.checks import Check

READY_SECONDS = 60
JOB_SECONDS = 300


class Arm(ABC):
    """One way of doing the job."""

    name: str
    title: str
    promises_invariants = True
    reads = False
    """Whether it reads orders; else it delivers them."""
    checks: ClassVar[tuple[Check, ...]]
    """What must hold after a round."""

    urls: dict[str, str]
    """Superusers' URLs of the four databases, by service."""
    amqp_uri: str
    """The administrator's URI of the virtual host."""
    project: Path = PROJECT
    """The checkout whose code it runs."""

    def __init__(self, sandbox: Sandbox, mix: Mix) -> None:
        self.sandbox = sandbox
        self.mix = mix
        self._ready: list[Order] = []
        self._children: dict[str, list[Worker]] = defaultdict(list)

    @abstractmethod
    def prepare(self) -> None:
        """Make databases and bus."""

    @abstractmethod
    def make(self, count: int) -> list[Order]:
        """Make orders that are ready to be delivered."""

    @abstractmethod
    def start(self) -> None:
        """Start the processes; returns when they can work."""

    @property
    @abstractmethod
    def client(self) -> Worker:
        """The process that takes the load: {"orders", "rate", "clients", "repeats"} -> {"seconds", "failed"}."""

    def stop(self) -> None:
        """End the processes."""
        stop([child for children in self._children.values() for child in children])
        self._children.clear()

    def take(self, count: int) -> list[Order]:
        """Orders nobody has delivered yet; what `supply` has not made before is made now."""
        self.supply(count)
        taken, self._ready = self._ready[:count], self._ready[count:]
        return taken

    def supply(self, count: int) -> None:
        """Have so many orders at hand: they are made before the clock starts."""
        if count > len(self._ready):
            self._ready += self.make(count - len(self._ready))

    def send(self, orders: Iterable[Order], *, clients: int, rate: float | None = None) -> None:
        """Begin to deliver: with so many clients that each wait for their answers, or at a rate that waits for nothing."""
        self.client.tell(
            {
                "orders": [[order.dealer, order.id, order.version] for order in orders],
                "rate": rate,
                "clients": clients,
                "repeats": 0.0 if rate else self.mix.repeats,
            }
        )

    def answered(self) -> dict[str, Any]:
        """What the client says when it has its answers. Raises ArmFailed when it failed or was refused."""
        answer: dict[str, Any] = self.client.receive(JOB_SECONDS)
        if answer["failed"]:
            told = dict(islice(answer["failed"].items(), 3))  # one broken arm has hundreds
            raise ArmFailed(f"{self.name}: {told}; see {self.client.log}")
        return answer

    def violations(self) -> list[str]:
        """What does not hold of the invariants it promises, once it is stopped."""
        return invariants.violations(self.urls, self.amqp_uri, self.checks) if self.promises_invariants else []

    def groups(self) -> dict[str, list[int]]:
        """Its processes by group, for counting processor time."""
        return {group: [child.pid for child in children] for group, children in self._children.items()}

    def spawn(self, group: str, name: str, arguments: list[str], environment: dict[str, str]) -> Worker:
        """Start one process of a group."""
        child = Worker(f"{self.name}-{name}", arguments, environment, self.project)
        self._children[group].append(child)
        return child


class PlainArm(Arm):
    """An arm on the plain tables."""

    checks = invariants.PLAIN

    def prepare(self) -> None:
        """Tables, exchanges and queues, stock."""
        slug = self.name.lower().replace(" ", "_")
        self.urls = {service: self.sandbox.database(slug, service) for service in seeding.SERVICES}
        self.amqp_uri = self.sandbox.vhost(slug)
        self.declare()
        self._seeder = seeding.Seeder(self.urls, self.mix)
        self._seeder.prepare()

    def make(self, count: int) -> list[Order]:
        """Orders on the plain tables."""
        return self._seeder.orders(count)

    def declare(self) -> None:
        """Exchanges, queues and bindings."""
        seeding.declare(self.amqp_uri)

    def environment(self, service: str) -> dict[str, str]:
        """What a process of the service needs to know."""
        return {"DATABASE_URL": self.urls[service], "AMQP_URI": self.amqp_uri}

    def start_all(self, module: str, *arguments: str) -> dict[str, Worker]:
        """Start `python -m module <service> …` for each of the four and wait until all can work."""
        children = {
            service: self.spawn(
                "workshop" if service == "workshop" else "subscribers",
                service,
                ["-m", *module.split(), service, *arguments],
                self.environment(service),
            )
            for service in seeding.SERVICES
        }
        for child in children.values():
            child.receive(READY_SECONDS)
        return children


class RawArm(PlainArm):
    """F1 and F2: no framework at all. The service itself takes the load."""

    def __init__(self, sandbox: Sandbox, mix: Mix, *, name: str, title: str, batch: int) -> None:
        super().__init__(sandbox, mix)
        self.name, self.title, self._batch = name, title, batch

    def start(self) -> None:
        """Workshop, billing, parts, crm."""
        self._client = self.start_all("bench.arms.plain.raw", str(self._batch))["workshop"]

    @property
    def client(self) -> Worker:
        """The service."""
        return self._client


class NamekoArm(PlainArm):
    """P1: plain nameko, called over RPC by the same client as ServiceLane."""

    name = "P1"
    title = "plain nameko: commit, then dispatch (unsafe)"
    promises_invariants = False

    def declare(self) -> None:
        """Nothing: nameko declares its own queues."""

    def start(self) -> None:
        """Services, then the client."""
        self.start_all("bench.cooperative bench.arms.peers.nameko_services")
        arguments = ["-m", "bench.cooperative", "bench.arms.load", "nameko"]
        self._client = self.spawn("client", "client", arguments, {"AMQP_URI": self.amqp_uri})
        self._client.receive(READY_SECONDS)

    @property
    def client(self) -> Worker:
        """The process with the clients."""
        return self._client


class FastStreamArm(PlainArm):
    """P2: FastStream and asyncpg, called by FastStream's own requests."""

    name = "P2"
    title = "FastStream and asyncpg, same outbox and inbox"

    def start(self) -> None:
        """Services, then the client."""
        self.start_all("bench.arms.peers.faststream_services")
        arguments = ["-m", "bench.arms.peers.faststream_client"]
        self._client = self.spawn("client", "client", arguments, {"AMQP_URI": self.amqp_uri})
        self._client.receive(READY_SECONDS)

    @property
    def client(self) -> Worker:
        """The process with the clients."""
        return self._client
