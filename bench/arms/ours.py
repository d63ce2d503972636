"""ServiceLane's own arms: the services as processes of `servicelane run`, provisioned and migrated as a deployment is."""

from typing import ClassVar

from bench.arms.arm import READY_SECONDS, Arm
from bench.arms.worker import ArmFailed, Worker
from bench.data import invariants
from bench.data.mixes import Mix, Order
from bench.data.multiply import Multiplier
from bench.data.sandbox import Sandbox
from bench.fleet.installation import Installation
from deploy.dev.processes import wait_until
from deploy.dev.state import free_port
from deploy.local.fleet import is_ready
from deploy.local.installation import COMMAND

RUNNING = ("workshop", "billing", "parts", "crm")
"""Booking is not asked: its exchange is all the others need."""
SEED_SECONDS = 180


class Deployment(Installation):
    """One deployment of ServiceLane with orders that are ready; both arms work on it, in turn."""

    def __init__(self, sandbox: Sandbox, mix: Mix, slug: str) -> None:
        super().__init__(sandbox, f"{slug}{len(mix.dealers)}")
        seeding = Worker("S-seed", ["-m", "bench.data.supplier"], self.environment)
        self._multiplier = Multiplier(self.urls, seeding.do({"mix": mix.name}, SEED_SECONDS))

    @property
    def templates(self) -> list[Order]:
        """The orders all others are like, made by real commands from the first to the last."""
        return self._multiplier.templates

    def orders(self, count: int) -> list[Order]:
        """So many further orders."""
        return self._multiplier.orders(count)

    def delivered(self, count: int) -> list[Order]:
        """So many further ones that are delivered, of which nobody heard before `announce`; the templates are. Then no others."""
        self._multiplier.deliver()
        return self._multiplier.orders(count)

    def announce(self) -> None:
        """Have these deliveries published."""
        self._multiplier.announce()


class OurArm(Arm):
    """ServiceLane; `kind` of client: rpc at the workshop's RPC, http at the gateway."""

    kind: ClassVar[str]
    services: ClassVar[tuple[str, ...]] = RUNNING
    checks = invariants.OURS

    def __init__(self, sandbox: Sandbox, mix: Mix, deployment: "SharedDeployment") -> None:
        super().__init__(sandbox, mix)
        self._shared = deployment
        self._deployment: Installation

    def prepare(self) -> None:
        """The deployment, if it is not there yet."""
        self._deployment = self._shared.get()
        every = self._deployment.urls
        self.urls, self.amqp_uri = {service: every[service] for service in RUNNING}, self._deployment.amqp_uri

    def make(self, count: int) -> list[Order]:
        """Orders of the deployment."""
        return self._shared.get().orders(count)

    def start(self) -> None:
        """The services, each until it says that it is ready; then the client."""
        http = f"127.0.0.1:{free_port()}"
        probes = {service: f"127.0.0.1:{free_port()}" for service in self.services}
        children = {}
        for service, probe in probes.items():
            group = service if service in ("workshop", "gateway") else "subscribers"
            environment = {**self._deployment.environment, "PROBE_ADDRESS": probe, "HTTP_ADDRESS": http}
            children[service] = self.spawn(group, service, self.command(service), environment)
        for service, child in children.items():
            self.wait_until_ready(child, probes[service])
        environment = {**self._deployment.environment, "HTTP_ADDRESS": http}
        environment["AMQP_URI"] = environment["AMQP_URI"].replace("{service}", "gateway")
        self._client = self.spawn("client", "client", ["-m", "bench.cooperative", "bench.arms.load", self.kind], environment)
        self._client.receive(READY_SECONDS)

    def command(self, service: str) -> list[str]:
        """How a service is run."""
        return [*COMMAND[1:], "run", service]

    def wait_until_ready(self, child: Worker, probe: str) -> None:
        """Return when the probe says so. Raises ArmFailed."""
        wait_until(lambda: is_ready(probe) or not child.running, f"{child.name} to be ready", seconds=READY_SECONDS)
        if not child.running:
            raise ArmFailed(f"{child.name} has ended; its log is {child.log}")

    @property
    def client(self) -> Worker:
        """The process with the clients."""
        return self._client


class ServicesArm(OurArm):
    """S-svc."""

    name = "S-svc"
    title = "ServiceLane, RPC at the workshop's RPC"
    kind = "rpc"


class HttpArm(OurArm):
    """S-http."""

    name = "S-http"
    title = "ServiceLane, HTTP at the gateway"
    kind = "http"
    services = (*RUNNING, "gateway")


class ReadArm(OurArm):
    """Reads of one work order through the gateway, over our RPC."""

    name = "read"
    title = "gateway read over our RPC"
    kind = "read"
    reads = True
    services = ("workshop", "gateway")


class NamekoReadArm(ReadArm):
    """The same reads, with nameko's own RPC between the gateway and the workshop."""

    name = "read over nameko"
    title = "gateway read over nameko's RPC defaults"

    def command(self, service: str) -> list[str]:
        """The same code on nameko's own extensions."""
        return ["-m", "bench.cooperative", "bench.arms.peers.nameko_read", service]

    def wait_until_ready(self, child: Worker, probe: str) -> None:
        """These say it themselves."""
        child.receive(READY_SECONDS)


class SharedDeployment:
    """One deployment of this run, made when the first arm needs it. `slug` tells it from others with as many dealers."""

    def __init__(self, sandbox: Sandbox, mix: Mix, slug: str = "s") -> None:
        self._sandbox, self._mix, self._slug = sandbox, mix, slug
        self._made: Deployment | None = None

    def get(self) -> Deployment:
        """The one deployment."""
        self._made = self._made or Deployment(self._sandbox, self._mix, self._slug)
        return self._made
