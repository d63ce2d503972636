"""A fleet whose replicas have a share of a core each: one service is scaled while the others stay as they are."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import requests
from prometheus_client.parser import text_string_to_metric_families

from bench.arms.arm import READY_SECONDS
from bench.arms.ours import Deployment
from bench.arms.worker import Worker
from bench.fleet.installation import SERVICES
from deploy.local.fleet import Fleet, Replica
from deploy.local.share import Share

WORK = {
    "workshop": ("servicelane_rpc_seconds_count", {"service": "workshop", "method": "deliver_work_order"}),
    "gateway": ("servicelane_http_seconds_count", {"service": "gateway"}),
}
"""What counts the work of a service's replicas."""


class SharedOut:
    """Every service once and without a share at first, up to `most` replicas of each later."""

    def __init__(self, deployment: Deployment, *, most: int, cores: float) -> None:
        self._deployment = deployment
        self._cores = cores
        self._shares: dict[str, Share] = {}
        self._fleet = Fleet(deployment, SERVICES, replicas=most, seed="scale-out")

    def open(self) -> None:
        """Start everything."""
        for service in SERVICES:
            self._fleet.scale(service, 1)

    def scale(self, service: str, replicas: int) -> list[Replica]:
        """So many replicas of it, each with its share from the moment on that it is ready: a start is not what is measured."""
        found = self._fleet.scale(service, replicas)
        for one in found:
            self.share(one.name, self._cores, [one.pid])
        return found

    def share(self, name: str, cores: float, pids: Iterable[int]) -> None:
        """These processes have so much of a core together, and no more."""
        self._shares[name] = Share(name, cores)
        self._shares[name].take(pids)

    def free(self, *names: str) -> None:
        """Whose name begins so may take what there is again."""
        for name in [one for one in self._shares if one.startswith(names)]:
            self._shares.pop(name).close()

    def of(self, service: str) -> list[Replica]:
        """Its running replicas, the oldest first."""
        return sorted(self._fleet.of(service), key=lambda one: one.born)

    @contextmanager
    def client(self, kind: str) -> Iterator[Worker]:
        """Clients of `bench.arms.load`, new ones: they know the gateways there are now."""
        environment = dict(self._deployment.environment)
        environment["AMQP_URI"] = environment["AMQP_URI"].replace("{service}", "gateway")
        gateways = [self._fleet.addresses[one.place] for one in self._fleet.of("gateway")]
        environment["HTTP_ADDRESS"] = ",".join(one.removeprefix("http://") for one in gateways)
        client = Worker("scale-out-client", ["-m", "bench.cooperative", "bench.arms.load", kind], environment)
        try:
            client.receive(READY_SECONDS)
            yield client
        finally:
            client.stop()

    def close(self) -> None:
        """End every process and every share."""
        self._fleet.stop()
        self.free("")


def worked(replicas: Iterable[Replica]) -> dict[str, float]:
    """How much each replica has done since its start, by its name."""
    return {one.name: _counted(one.probe, *WORK[one.service]) for one in replicas}


def _counted(probe: str, name: str, labels: dict[str, str]) -> float:
    with requests.Session() as session:
        session.trust_env = False  # a proxy of the environment does not reach the loopback
        text = session.get(f"http://{probe}/metrics", timeout=30).text
    samples = (sample for family in text_string_to_metric_families(text) for sample in family.samples)
    return sum(one.value for one in samples if one.name == name and labels.items() <= one.labels.items())
