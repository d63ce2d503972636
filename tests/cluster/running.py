"""How the processes run: each is there, is asked where it answers, has time to drain, and may do nothing it need not."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import kubernetes_validate
from sqlalchemy.engine import make_url
from werkzeug.test import Client

from chassis.amqp.consumer import DRAIN_SECONDS
from chassis.process.metrics import Exposition
from chassis.process.probes import Probes
from tests.cluster.manifests import (
    COMPONENT,
    DOORS,
    NAME,
    PROCESSES,
    SERVICES,
    Document,
    Manifests,
    at,
    container,
    environment,
    labels,
    part,
    pod,
    port,
    selects,
)
from tests.cluster.settings import DOCKERFILE

OLDEST, NEWEST = "1.30", "1.37"
"""The versions of Kubernetes between which the manifests are good."""
CUSTOM = {
    "Cluster",
    "PodMonitor",
    "PrometheusRule",
    "RabbitmqCluster",
    "ScaledObject",
    "ScheduledBackup",
    "TriggerAuthentication",
}
LEAVING_SECONDS = 10
MEASURED_MEBIBYTES = {"gateway": 156, "services": 116}
"""The most that docs/scaling.md measured after half an hour of load."""


def kubernetes_knows_every_field(manifests: Manifests) -> list[str]:
    """Held against Kubernetes' own schemas, strictly; the custom resources are their operators', see tests/drills."""
    found = []
    for document in manifests.documents:
        if document["kind"] in CUSTOM:
            continue
        for version in (OLDEST, NEWEST):
            try:
                kubernetes_validate.validate(document, version, strict=True)
            except kubernetes_validate.ValidationError as error:
                path = ".".join(map(str, error.path))
                found.append(f"{document['kind']} {document['metadata']['name']}: {path}: {error.message} ({version})")
            except kubernetes_validate.SchemaNotFoundError:
                found.append(f"{document['kind']} of {document['apiVersion']} is not known to Kubernetes {version}")
    return found


def every_process_is_there(manifests: Manifests) -> list[str]:
    """With an account and a disruption budget of its own; the doors with a service, the others with none."""
    found = [f"{name}: there is no deployment" for name in PROCESSES if name not in manifests.processes]
    found += [f"{name} is no process" for name in set(manifests.all("Deployment")) - {part(one) for one in PROCESSES}]
    for name, workload in manifests.processes.items():
        account = manifests.one("ServiceAccount", pod(workload).get("serviceAccountName", ""))
        if account.get("metadata", {}).get("name") != part(name) or account.get("automountServiceAccountToken") is not False:
            found.append(f"{name}: it has no account of its own that can ask nobody for anything")
        budget = manifests.one("PodDisruptionBudget", part(name))
        if _selected(manifests, at(budget, "spec.selector")) != {name} or at(budget, "spec.maxUnavailable") != 1:
            found.append(f"{name}: nodes are not emptied of it one by one")
        if _selected(manifests, workload["spec"]["selector"]) != {name}:
            found.append(f"{name}: its deployment takes other pods for its own")
        service = manifests.one("Service", part(name))
        asked = [one.get("targetPort") for one in at(service, "spec.ports") or []]
        if name in DOORS and (asked != ["http"] or _selected(manifests, {"matchLabels": service["spec"]["selector"]}) != {name}):
            found.append(f"{name}: no service leads to it")
        if name not in DOORS and service:
            found.append(f"{name}: it is asked over the bus alone, but has a service")
    return found


def _selected(manifests: Manifests, selector: Document) -> set[str]:
    return {name for name, workload in manifests.workloads.items() if selector and selects(selector, labels(workload))}


def every_address_leads_somewhere(manifests: Manifests) -> list[str]:
    """What listens is what is asked: ports, services, servers, hosts."""
    found, servers = [], _servers(manifests)
    for name, workload in manifests.processes.items():
        variables = environment(workload)
        for variable, of in (("PROBE_ADDRESS", "probes"), ("HTTP_ADDRESS", "http")):
            listens = int(variables[variable].rpartition(":")[2]) if variable in variables else None
            if listens != port(workload, of) or (listens and not variables[variable].startswith("0.0.0.0:")):
                found.append(f"{name}: {variable} is {variables.get(variable)}, its port {of} {port(workload, of)}")
        asked = [urlsplit(variables[one]) for one in ("AMQP_URI", "GATEWAY_URL") if one in variables]
        hosts = [(one.hostname, one.port) for one in asked]
        if "DATABASE_URL" in variables:
            hosts.append((make_url(variables["DATABASE_URL"]).host, None))
        found += [f"{name}: nobody is at {host}:{number}" for host, number in hosts if number not in servers.get(host or "", ())]
    for rule in at(manifests.one("Ingress", "servicelane"), "spec.rules") or []:
        for path in rule["http"]["paths"]:
            behind = path["backend"]["service"]
            ports = [one["name"] for one in at(manifests.one("Service", behind["name"]), "spec.ports") or []]
            if behind["port"]["name"] not in ports:
                found.append(f"{rule['host']}{path['path']} leads nowhere")
    ingress = at(manifests.one("Ingress", "servicelane"), "spec")
    ciphered = {host for one in ingress.get("tls", []) for host in one["hosts"] if one.get("secretName")}
    found += [f"{rule['host']} is open to be read" for rule in ingress.get("rules", []) if rule["host"] not in ciphered]
    return found


def _servers(manifests: Manifests) -> dict[str, tuple[int | None, ...]]:
    """Who can be asked under which name at which port; None is the usual one."""
    found: dict[str, tuple[int | None, ...]] = dict.fromkeys(manifests.all("RabbitmqCluster"), (None,))
    found |= {f"{name}-rw": (None,) for name in manifests.all("Cluster")}
    return found | {
        name: tuple(one["port"] for one in service["spec"]["ports"]) for name, service in manifests.all("Service").items()
    }


def every_probe_asks_what_is_answered(manifests: Manifests) -> list[str]:
    """Started and alive by /healthz, ready by /readyz; neither in less time than a check of the process has."""
    probes, found = Client(Probes(None, Exposition("parts"))), []
    for name, workload in manifests.processes.items():
        for kind, path in (("startupProbe", "/healthz"), ("livenessProbe", "/healthz"), ("readinessProbe", "/readyz")):
            asked = at(container(workload), f"{kind}.httpGet")
            if asked != {"path": path, "port": "probes"} or probes.get(path).status_code != 200:
                found.append(f"{name}: {kind} asks {asked or 'nothing'}")
        if at(container(workload), "readinessProbe.timeoutSeconds") in ({}, 1, 2):
            found.append(f"{name}: its readiness has no time to be found out")
        startup = at(container(workload), "startupProbe")
        if startup.get("periodSeconds", 10) * startup.get("failureThreshold", 3) < 60:
            found.append(f"{name}: it is killed before it has started")
    return found


def every_process_may_drain(manifests: Manifests) -> list[str]:
    """Before SIGKILL comes: preStop, the calls, the messages, and leaving. See Service.stop: one drain follows the other."""
    found = []
    for name, workload in manifests.processes.items():
        drain = float(environment(workload).get("DRAIN_SECONDS", DRAIN_SECONDS))
        waits = at(container(workload), "lifecycle.preStop.exec.command") or ["sleep", "0"]
        needed = float(waits[-1]) + 2 * drain + LEAVING_SECONDS
        if drain != DRAIN_SECONDS:
            found.append(f"{name}: it drains for {drain} s, the documents say {DRAIN_SECONDS}")
        if float(waits[-1]) < 1 or waits[0] != "sleep":
            found.append(f"{name}: it stops while it is still being asked")
        if pod(workload).get("terminationGracePeriodSeconds", 30) < needed:
            found.append(f"{name}: it is killed before the {needed:.0f} s are over that it may need")
        if at(workload, "spec.strategy.rollingUpdate.maxUnavailable") != 0:
            found.append(f"{name}: a rollout stops it before another one is ready")
    return found


def nobody_may_do_what_it_need_not(manifests: Manifests) -> list[str]:
    """The image's own user, nothing to write but what is mounted, no capability, no token, bounds measured."""
    (user,) = re.findall(r"^USER (\d+)$", DOCKERFILE, re.MULTILINE)
    found = []
    for name, workload in manifests.workloads.items():
        outer, inner = pod(workload).get("securityContext", {}), container(workload).get("securityContext", {})
        asked = {
            "runs as the image's user": outer.get("runAsUser") == int(user) and outer.get("runAsNonRoot") is True,
            "calls the kernel as a profile lets it": at(outer, "seccompProfile.type") == "RuntimeDefault",
            "writes nothing of its image": inner.get("readOnlyRootFilesystem") is True,
            "has no capability": at(inner, "capabilities.drop") == ["ALL"] and "add" not in inner.get("capabilities", {}),
            "gains no privilege": inner.get("allowPrivilegeEscalation") is False,
            "has no token": pod(workload).get("automountServiceAccountToken") is False,
            "is told of no services": pod(workload).get("enableServiceLinks") is False,
            "can write where it must": _writable(workload),
            "has bounds": _bounded(name, workload),
        }
        found += [f"{name}: not true that it {what}" for what, true in asked.items() if not true]
    return found


def _writable(workload: Document) -> bool:
    mounted = {one["mountPath"] for one in container(workload).get("volumeMounts", []) if not one.get("readOnly")}
    variables = environment(workload)
    needed = {"/tmp", *(variables[one] for one in ("TMPDIR", "ATTACHMENT_STORE") if one in variables)}
    return {one for one in needed if one.startswith("/")} <= mounted


def _bounded(name: str, workload: Document) -> bool:
    kinds = container(workload).get("resources", {})
    if not all({"cpu", "memory"} <= set(kinds.get(kind, {})) for kind in ("requests", "limits")):
        return False
    needs = MEASURED_MEBIBYTES.get(name, MEASURED_MEBIBYTES["services"])
    return needs < mebibytes(kinds["requests"]["memory"]) < mebibytes(kinds["limits"]["memory"])


def mebibytes(quantity: str) -> int:
    """A quantity of memory in MiB."""
    number, unit = int(quantity[:-2]), quantity[-2:]
    return number * {"Mi": 1, "Gi": 1024}[unit]


def replicas_are_spread(manifests: Manifests) -> list[str]:
    """Over nodes, each service's own; what is one process does not stand in the way of another."""
    found = []
    for name, workload in manifests.processes.items():
        spread = pod(workload).get("topologySpreadConstraints", [])
        if [one["topologyKey"] for one in spread] != ["kubernetes.io/hostname"]:
            found.append(f"{name}: its replicas may all be on one node")
        elif _selected(manifests, spread[0]["labelSelector"]) != {name}:
            found.append(f"{name}: it is spread together with others")
        if labels(workload).get(COMPONENT) != "process" or labels(workload).get(NAME) not in (*SERVICES, "console"):
            found.append(f"{name}: its labels do not say what it is")
    return found


CHECKS: tuple[Callable[[Manifests], list[str]], ...] = (
    kubernetes_knows_every_field,
    every_process_is_there,
    every_address_leads_somewhere,
    every_probe_asks_what_is_answered,
    every_process_may_drain,
    nobody_may_do_what_it_need_not,
    replicas_are_spread,
)
