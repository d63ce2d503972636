"""deploy/compose.yaml as an engine would be told it: variables put in, each service's settings as its process finds them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from servicelane.suite import CONSOLE, PROCESSES, SERVICES

ROOT = Path(__file__).parents[2]
COMPOSE = ROOT / "deploy/compose.yaml"
SECRETS = "/run/secrets"
PREPARING = "migrate"
SERVERS = ("rabbitmq", "postgres")
PROXY = "proxy"
DOORS = ("gateway", CONSOLE)
OURS = (*PROCESSES, PREPARING)
"""Who runs our image."""
KNOWN = {
    *("image", "build", "command", "environment", "hostname", "restart", "stop_grace_period", "read_only", "tmpfs", "cap_drop"),
    *("cap_add", "security_opt", "logging", "deploy", "healthcheck", "secrets", "volumes", "networks", "ports", "shm_size"),
    *("depends_on",),
}
"""What a service may say: more than this `make packaging` would not do."""
_VARIABLE = re.compile(r"\$(?:(?P<dollar>\$)|\{(?P<name>\w+)(?::-(?P<default>[^}]*))?\})")

Service = dict[str, Any]


@dataclass
class Composition:
    """The file with everything that it leaves to whoever installs it said."""

    document: dict[str, Any]
    environ: Mapping[str, str] = field(default_factory=dict)
    tools: dict[str, Service] = field(default_factory=dict)
    """What is not started with the others: services with a profile."""

    @classmethod
    def of(cls, **environ: str) -> "Composition":
        """As it is, with these variables in its environment; without any, as it stands."""
        document = _told(yaml.safe_load(COMPOSE.read_text(encoding="utf-8")), environ)
        services = document["services"]
        return cls(document, environ, {name: services.pop(name) for name in [*services] if "profiles" in services[name]})

    @property
    def services(self) -> dict[str, Service]:
        """Every service by its name."""
        found: dict[str, Service] = self.document["services"]
        return found

    @property
    def processes(self) -> dict[str, Service]:
        """Those of our processes that are there."""
        return {name: self.services[name] for name in PROCESSES if name in self.services}

    @property
    def ours(self) -> dict[str, Service]:
        """They, and what prepares for them."""
        return {name: self.services[name] for name in OURS if name in self.services}

    def replicas(self, name: str) -> int:
        """So many containers of a service."""
        return int(self.services[name].get("deploy", {}).get("replicas", 1))


def _told(value: Any, environ: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _told(one, environ) for name, one in value.items()}
    if isinstance(value, list):
        return [_told(one, environ) for one in value]
    return _VARIABLE.sub(lambda found: _put(found, environ), value) if isinstance(value, str) else value


def _put(found: re.Match[str], environ: Mapping[str, str]) -> str:
    return "$" if found["dollar"] else environ.get(found["name"]) or found["default"] or ""


def secrets(service: Service) -> Iterator[tuple[str, str]]:
    """Which secrets a service is given, each with the name of its file in `/run/secrets`."""
    for one in service.get("secrets", []):
        yield (one, one) if isinstance(one, str) else (one["source"], one["target"])


def environment(service: Service, folder: Path) -> dict[str, str]:
    """Its variables, with the files of its secrets where they are: in `folder`, by the names of the secrets."""
    files = {f"{SECRETS}/{target}": str(folder / source) for source, target in secrets(service)}
    return {name: files.get(str(value), str(value)) for name, value in service.get("environment", {}).items()}


def networks(service: Service) -> list[str]:
    """The networks it is in."""
    return [*service.get("networks", ["default"])]


__all__ = [
    "CONSOLE",
    "DOORS",
    "KNOWN",
    "OURS",
    "PREPARING",
    "PROCESSES",
    "PROXY",
    "ROOT",
    "SECRETS",
    "SERVERS",
    "SERVICES",
    "Composition",
    "Service",
    "environment",
    "networks",
    "secrets",
]
