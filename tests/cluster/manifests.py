"""One overlay of deploy/kubernetes as it would be applied, and questions that the checks ask it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from servicelane.suite import CONSOLE, PROCESSES, SERVICES
from tests.cluster.kustomize import OVERLAYS, Document, at, rendered

NAME, COMPONENT = "app.kubernetes.io/name", "app.kubernetes.io/component"
SECRET = "0123456789abcdef0123456789abcdef"
"""What every secret is, to the checks."""
DOORS = ("gateway", CONSOLE)


def part(service: str) -> str:
    """What a service is called in the name of an object, where no underscore may stand."""
    return f"servicelane-{service.replace('_', '-')}"


@dataclass(frozen=True)
class Manifests:
    """The documents of one overlay."""

    overlay: str
    documents: list[Document]

    @classmethod
    def of(cls, overlay: str) -> "Manifests":
        """Those of an overlay."""
        return cls(overlay, rendered(OVERLAYS / overlay))

    def all(self, kind: str) -> dict[str, Document]:
        """Every document of the kind, by its name."""
        return {document["metadata"]["name"]: document for document in self.documents if document["kind"] == kind}

    def one(self, kind: str, name: str) -> Document:
        """One document; an empty one if there is none."""
        return self.all(kind).get(name, {})

    @property
    def processes(self) -> dict[str, Document]:
        """The deployment of each process that has one, by the process's name."""
        named = {
            at(document, "spec.template.metadata.labels").get(NAME): document for document in self.all("Deployment").values()
        }
        return {name: named[name] for name in PROCESSES if name in named}

    @property
    def job(self) -> Document:
        """The job before the rollout."""
        return self.one("Job", "servicelane-migration")

    @property
    def workloads(self) -> dict[str, Document]:
        """The processes and the job."""
        return {**self.processes, **({"migration": self.job} if self.job else {})}


def pod(workload: Document) -> dict[str, Any]:
    """The specification of its pods."""
    found: dict[str, Any] = at(workload, "spec.template.spec")
    return found


def container(workload: Document) -> dict[str, Any]:
    """Its only container."""
    (only,) = pod(workload)["containers"]
    found: dict[str, Any] = only
    return found


def labels(workload: Document) -> dict[str, str]:
    """Those of its pods."""
    found: dict[str, str] = at(workload, "spec.template.metadata.labels")
    return found


def port(workload: Document, name: str) -> int | None:
    """The number of a named port of its container."""
    return next((one["containerPort"] for one in container(workload).get("ports", []) if one["name"] == name), None)


def environment(workload: Document) -> dict[str, str]:
    """Its variables as the process would find them: `$(NAME)` replaced by what stands before it, each secret by SECRET."""
    found: dict[str, str] = {}
    for entry in container(workload)["env"]:
        value = str(entry.get("value", "")) if "value" in entry else _given(entry["valueFrom"], workload)
        for name, known in found.items():
            value = value.replace(f"$({name})", known)
        found[entry["name"]] = value
    return found


def _given(source: Mapping[str, Any], workload: Document) -> str:
    if "fieldRef" in source:
        return labels(workload)[source["fieldRef"]["fieldPath"].partition("'")[2].rstrip("']")]
    if source.get("configMapKeyRef", {}).get("optional"):
        return ""  # a process must do without
    return SECRET


def secrets(workload: Document) -> Iterator[tuple[str, str]]:
    """Which keys of which secrets it is given."""
    for entry in container(workload)["env"]:
        if "secretKeyRef" in entry.get("valueFrom", {}):
            yield entry["valueFrom"]["secretKeyRef"]["name"], entry["valueFrom"]["secretKeyRef"]["key"]


def selects(selector: Mapping[str, Any], own: Mapping[str, str]) -> bool:
    """Whether a selector finds a pod with these labels."""
    return all(own.get(name) == value for name, value in selector.get("matchLabels", {}).items())


__all__ = [
    "COMPONENT",
    "DOORS",
    "NAME",
    "PROCESSES",
    "SECRET",
    "SERVICES",
    "Document",
    "Manifests",
    "at",
    "container",
    "environment",
    "labels",
    "part",
    "pod",
    "port",
    "secrets",
    "selects",
]
