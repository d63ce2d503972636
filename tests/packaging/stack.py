"""The composition on an engine, told by its SDK: what `docker compose` makes of the file, so far as the file goes.

What it does not know in the file is an error. Three things differ: nothing is built here, names begin with the project's, and the
proxy's ports on the host are free ones.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from docker.models.containers import Container
from docker.types import EndpointConfig, Healthcheck, IPAMConfig, IPAMPool, LogConfig

from deploy.dev.containers import engine
from deploy.dev.processes import wait_until
from deploy.dev.state import free_port
from tests.packaging.composition import KNOWN, PREPARING, PROXY, SECRETS, Composition, Service, networks, secrets

LABEL = "servicelane.packaging"
START_SECONDS = 900.0
NANO = 1_000_000_000
CONDITIONS = {"service_healthy": "healthy", "service_completed_successfully": "exited"}
UNITS = {"ms": 1_000_000, "s": NANO, "m": 60 * NANO}


class Stack:
    """All of it, under the name of one project; `secrets_folder` is where the secrets' files are."""

    def __init__(self, composition: Composition, project: str, secrets_folder: Path) -> None:
        self._composition = composition
        self._project = project
        self._secrets = secrets_folder
        self._client = engine(600)
        self._labels = {LABEL: project}
        self.ports: dict[int, int] = {}
        """Of the proxy: where its ports are on the host."""

    def up(self) -> None:
        """Everything, each as soon as what it waits for is there. Raises InfrastructureError for what does not come."""
        for name, network in self._composition.document["networks"].items():
            pools = [IPAMPool(subnet=one["subnet"]) for one in (network or {}).get("ipam", {}).get("config", [])]
            ipam = IPAMConfig(pool_configs=pools) if pools else None
            self._client.networks.create(self._named(name), driver="bridge", ipam=ipam, labels=self._labels)
        for name in self._composition.document["volumes"]:
            self._client.volumes.create(self._named(name), labels=self._labels)
        waiting = dict(self._composition.services)
        while waiting:
            (name, service) = next(
                (name, one) for name, one in waiting.items() if not set(one.get("depends_on", {})) & set(waiting)
            )
            del waiting[name]
            self.await_conditions(service)
            for number in range(1, self._composition.replicas(name) + 1):
                self.create(name, number).start()
        for name in self._composition.processes:
            self.await_healthy(name)
        self.await_healthy(PROXY)

    def await_conditions(self, service: Service) -> None:
        """What a service waits for before it starts."""
        for other, how in service.get("depends_on", {}).items():
            if how["condition"] == "service_healthy":
                self.await_healthy(other)
            else:
                wait_until(lambda other=other: self._ended(other), f"the end of {other}", seconds=START_SECONDS)  # type: ignore[misc]

    def await_healthy(self, name: str) -> None:
        """Every container of a service is well."""
        wait_until(
            lambda: all(one.attrs["State"].get("Health", {}).get("Status") == "healthy" for one in self.of(name)),
            f"{name} to be healthy",
            seconds=START_SECONDS,
        )

    def _ended(self, name: str) -> bool:
        (only,) = self.of(name)
        state = only.attrs["State"]
        assert state["Status"] != "exited" or only.attrs["RestartCount"] < 5, self.said(only)
        return bool(state["Status"] == "exited" and state["ExitCode"] == 0)

    def create(self, name: str, number: int, **otherwise: Any) -> Container:
        """One container of a service, in all its networks; some of it otherwise, if that is said."""
        service = {**self._composition.services[name], **otherwise}
        assert set(service) <= KNOWN, f"{name}: nobody knows {sorted(set(service) - KNOWN)}"
        first, *others = networks(service)
        container = self._client.containers.create(
            name=f"{self._project}-{name}-{number}",
            labels={**self._labels, "service": name},
            network=self._named(first),
            networking_config={self._named(first): EndpointConfig("1.41", aliases=[name])},
            **self._of(service, name),
        )
        for other in others:
            self._client.networks.get(self._named(other)).connect(container, aliases=[name])
        return container

    def _of(self, service: Service, name: str) -> dict[str, Any]:
        limits = service.get("deploy", {}).get("resources", {}).get("limits", {})
        policy, _, most = service.get("restart", "no").partition(":")
        logging = service.get("logging", {"driver": "json-file", "options": {}})
        told: dict[str, Any] = {
            "image": service["image"],
            "environment": {key: str(value) for key, value in service.get("environment", {}).items()},
            "restart_policy": {"Name": policy, "MaximumRetryCount": int(most or 0)},
            "read_only": service.get("read_only", False),
            "tmpfs": dict(one.partition(":")[::2] for one in service.get("tmpfs", [])),
            "cap_drop": service.get("cap_drop"),
            "cap_add": service.get("cap_add"),
            "security_opt": service.get("security_opt"),
            "log_config": LogConfig(type=logging["driver"], config=logging["options"]),
            "mem_limit": limits.get("memory"),
            "nano_cpus": int(float(limits["cpus"]) * NANO) if limits else None,
            "shm_size": service.get("shm_size"),
            "hostname": service.get("hostname"),
            "healthcheck": _healthcheck(service["healthcheck"]) if "healthcheck" in service else None,
            "volumes": [self._mount(one) for one in service.get("volumes", [])]
            + [f"{self._secrets / source}:{SECRETS}/{target}:ro" for source, target in secrets(service)],
        }
        if "command" in service:
            told["command"] = service["command"]
        if "ports" in service:
            assert name == PROXY
            inner = [int(one.rpartition(":")[2]) for one in service["ports"]]
            self.ports = {port: free_port() for port in inner}
            told["ports"] = {f"{port}/tcp": ("127.0.0.1", outer) for port, outer in self.ports.items()}
        return told

    def _mount(self, volume: str) -> str:
        source, _, rest = volume.partition(":")
        if source.startswith("."):
            return f"{(Path(__file__).parents[2] / 'deploy' / source).resolve()}:{rest}"
        return volume if source.startswith("/") else f"{self._named(source)}:{rest}"

    def _named(self, name: str) -> str:
        return f"{self._project}_{name}"

    def of(self, name: str | None = None) -> list[Container]:
        """The containers of a service, or all, as they are now."""
        wanted = [f"{LABEL}={self._project}"] + ([f"service={name}"] if name else [])
        found: list[Container] = self._client.containers.list(all=True, filters={"label": wanted})
        return found

    def said(self, container: Container) -> str:
        """The end of its log."""
        return str(container.logs(tail=30).decode(errors="replace"))

    def once(self, name: str, *command: str, **otherwise: Any) -> tuple[int, str]:
        """Run a command in a container like a service's; its exit status and what it printed, warnings apart."""
        if command:
            otherwise["command"] = list(command)
        container = self.create(name, 100 + time.monotonic_ns() % 1_000_000, restart="no", **otherwise)
        try:
            container.start()
            status = int(container.wait(timeout=300)["StatusCode"])
            return status, self.said(container).strip()
        finally:
            container.remove(force=True)

    @contextmanager
    def killed(self, *containers: Container) -> Iterator[None]:
        """SIGKILL, and started again at the end of the block."""
        for one in containers:
            one.kill()
        yield
        for one in containers:
            one.start()

    def stop(self) -> dict[str, int]:
        """SIGTERM to all but the servers, then to them; each one's exit status."""
        found = {}
        for one in sorted(self.of(), key=lambda one: one.labels["service"] in ("rabbitmq", "postgres")):
            service = one.labels["service"]
            if service != PREPARING:
                one.stop(timeout=_seconds(self._composition.services[service].get("stop_grace_period", "10s")))
            one.reload()
            found[str(one.name)] = int(one.attrs["State"]["ExitCode"])
        return found

    def down(self) -> None:
        """Remove all of it."""
        for one in self.of():
            one.remove(force=True, v=True)
        ours = {"label": f"{LABEL}={self._project}"}
        for network in self._client.networks.list(filters=ours):
            network.remove()
        for volume in self._client.volumes.list(filters=ours):
            volume.remove(force=True)

    def left(self) -> list[str]:
        """What is still there of it."""
        ours = {"label": f"{LABEL}={self._project}"}
        found = [*self.of(), *self._client.networks.list(filters=ours), *self._client.volumes.list(filters=ours)]
        return [str(one.attrs.get("Name")) for one in found]


def _healthcheck(given: dict[str, Any]) -> dict[str, Any]:
    if given.get("disable"):
        return {"test": ["NONE"]}
    times: dict[str, Any] = {name: _nanoseconds(given[name]) for name in ("interval", "timeout", "start_period") if name in given}
    return dict(Healthcheck(test=given["test"], retries=given.get("retries", 3), **times))


def _nanoseconds(text: str) -> int:
    number, unit = re.fullmatch(r"(\d+)(ms|s|m)", text).groups()  # type: ignore[union-attr]  # a typo in the file
    return int(number) * UNITS[unit]


def _seconds(text: str) -> int:
    return _nanoseconds(text) // NANO
