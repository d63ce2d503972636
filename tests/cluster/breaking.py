"""How something is made wrong in the manifests, so that a check is seen to notice."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.cluster.manifests import Document, Manifests, at, container, pod


@dataclass(frozen=True)
class Break:
    """What `make` makes wrong of an overlay, the check that must notice, and what it must say."""

    check: Callable[[Manifests], list[str]]
    complaint: str
    make: Callable[[Manifests], object]
    overlay: str = "group"


def told(process: str, variable: str, value: str | None) -> Callable[[Manifests], None]:
    """The process is told another value; with None, nothing."""

    def make(manifests: Manifests) -> None:
        entries = container(manifests.workloads[process])["env"]
        entries[:] = [one for one in entries if one["name"] != variable]
        if value is not None:
            entries.append({"name": variable, "value": value})

    return make


def replace_at(document: Any, path: str, value: Any) -> None:
    """Something else stands there; with None, nothing. A number in the path is an entry of a list."""
    *way, last = [int(one) if one.isdecimal() else one.replace("~1", "/") for one in path.split("/")]
    for step in way:
        document = document[step]
    if value is None:
        del document[last]
    else:
        document[last] = value


def put(kind: str, name: str, path: str, value: Any) -> Callable[[Manifests], None]:
    """Something else stands in a document, as `replace_at` has it."""
    return lambda manifests: replace_at(manifests.one(kind, name), path, value)


def of_crm(path: str, value: Any) -> Callable[[Manifests], None]:
    """Of the deployment of one process."""
    return put("Deployment", "servicelane-crm", path, value)


def in_its_container(path: str, value: Any) -> Callable[[Manifests], None]:
    """Of its container."""
    return of_crm(f"spec/template/spec/containers/0/{path}", value)


def gone(kind: str, name: str) -> Callable[[Manifests], None]:
    """A document is missing."""
    return lambda manifests: manifests.documents.remove(manifests.one(kind, name))


def more(document: Document) -> Callable[[Manifests], None]:
    """There is one document more."""
    return lambda manifests: manifests.documents.append(document)


def password_last(manifests: Manifests) -> None:
    """A variable stands behind the one that is made of it."""
    entries = container(manifests.processes["crm"])["env"]
    entries.append(entries.pop(next(i for i, one in enumerate(entries) if one["name"] == "PASSWORD")))


def of_a_secret(name: str) -> Callable[[Manifests], None]:
    """One process is given the password that stands in another secret."""

    def make(manifests: Manifests) -> None:
        entries = container(manifests.processes["crm"])["env"]
        next(one for one in entries if one["name"] == "PASSWORD")["valueFrom"]["secretKeyRef"]["name"] = name

    return make


def nowhere_to_write(manifests: Manifests) -> None:
    """Nothing is mounted that it could write to."""
    pod(manifests.processes["crm"])["containers"][0]["volumeMounts"] = []


def asks_the_broker(manifests: Manifests) -> None:
    """The console gets at the bus."""
    at(manifests.processes["console"], "spec.template.metadata.labels")["servicelane/bus"] = "yes"
