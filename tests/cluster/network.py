"""Who may talk to whom, worked out from the network policies as a cluster would, and held against the list of who must."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.cluster.manifests import NAME, PROCESSES, SERVICES, Document, Manifests, labels, selects

OUTSIDE = "outside"
DNS, TLS, PROBES, TRACES = 53, 443, 9000, 4318
RABBITMQ, POSTGRES = "servicelane-rabbitmq", "servicelane-postgres"
NAMESPACES = ("kube-system", "monitoring", "ingress-nginx", "keda", "rabbitmq-system", "cnpg-system")
CLUSTER_INTERFACE = 6443

Talk = tuple[str, str, int]


@dataclass(frozen=True)
class Peer:
    """Somebody who may ask or be asked: a pod of ours, one of the servers', or anyone of another namespace."""

    name: str
    labels: Mapping[str, str] = field(default_factory=dict)
    namespace: str = ""
    """Empty for our own."""


def only_who_must_talk_talks(manifests: Manifests) -> list[str]:
    """Exactly those pairs and ports, no more and no fewer."""
    allowed, needed = set(_allowed(manifests)), _needed(manifests)
    found = [f"{who} may not ask {whom} at {port}, and must" for who, whom, port in sorted(needed - allowed)]
    return found + [f"{who} may ask {whom} at {port}, and need not" for who, whom, port in sorted(allowed - needed)]


def _needed(manifests: Manifests) -> set[Talk]:
    bus = [*SERVICES, "migration"]
    found = {(who, "kube-system", DNS) for who in (*PROCESSES, "migration", RABBITMQ, POSTGRES)}
    found |= {(who, RABBITMQ, 5672) for who in bus} | {(who, POSTGRES, 5432) for who in bus}
    found |= {("migration", RABBITMQ, 15672), ("console", "gateway", 8000)}
    found |= {("ingress-nginx", "gateway", 8000), ("ingress-nginx", "console", 8080)}
    found |= {("monitoring", who, PROBES) for who in PROCESSES} | {
        ("monitoring", RABBITMQ, 15692),
        ("monitoring", POSTGRES, 9187),
    }
    found |= {(who, "monitoring", TRACES) for who in PROCESSES}
    found |= {("keda", RABBITMQ, 15672), ("rabbitmq-system", RABBITMQ, 15672)}
    found |= {("cnpg-system", POSTGRES, 5432), ("cnpg-system", POSTGRES, 8000)}
    found |= {(RABBITMQ, RABBITMQ, 4369), (RABBITMQ, RABBITMQ, 25672), (POSTGRES, POSTGRES, 5432), (POSTGRES, POSTGRES, 8000)}
    found |= {(who, OUTSIDE, port) for who in (RABBITMQ, POSTGRES) for port in (TLS, CLUSTER_INTERFACE)}
    # An object storage is outside, and so is whoever takes the health records, which an installation lets workshop ask itself.
    return found | ({("gateway", OUTSIDE, TLS)} if manifests.overlay == "group" else set())


def _allowed(manifests: Manifests) -> Iterator[Talk]:
    policies = [document["spec"] for document in manifests.all("NetworkPolicy").values()]
    ours = [Peer(name, labels(workload)) for name, workload in manifests.workloads.items()]
    ours += [Peer(RABBITMQ, {NAME: RABBITMQ}), Peer(POSTGRES, {"cnpg.io/cluster": POSTGRES})]
    others = [Peer(name, {"k8s-app": "kube-dns"}, name) for name in NAMESPACES]
    ports = {
        entry["port"]
        for policy in policies
        for side in ("ingress", "egress")
        for rule in policy.get(side, [])
        for entry in rule["ports"]
    }
    for one in (*ours, *others, Peer("anyone", {}, "default")):
        for other in (*ours, *others, Peer(OUTSIDE, {}, OUTSIDE)):
            if one.namespace and other.namespace:
                continue
            for port in sorted(ports):
                if _lets(policies, one, other, port, "egress") and _lets(policies, other, one, port, "ingress"):
                    if other.namespace and other.name != OUTSIDE and _lets(policies, one, Peer("", {}, OUTSIDE), port, "egress"):
                        continue  # whoever may ask anybody outside may ask these, too
                    if one is other and one.name in PROCESSES:
                        continue
                    yield one.name, other.name, port


def _lets(policies: list[Document], own: Peer, other: Peer, port: int, side: str) -> bool:
    """Whether the policies of a pod let it ask (egress) or be asked by (ingress) the other at the port."""
    if own.namespace:
        return True  # what others' policies say is theirs
    kind = side.capitalize()
    binding = [one for one in policies if kind in one["policyTypes"] and selects(one["podSelector"], own.labels)]
    if not binding:
        return True
    return any(_fits(rule, other, port, side) for policy in binding for rule in policy.get(side, []))


def _fits(rule: Mapping[str, Any], other: Peer, port: int, side: str) -> bool:
    if port not in {entry["port"] for entry in rule.get("ports", [])}:
        return False
    named = rule.get("to" if side == "egress" else "from")
    return named is None or any(_is(one, other) for one in named)


def _is(named: Mapping[str, Any], other: Peer) -> bool:
    if "namespaceSelector" in named:
        if not other.namespace or not selects(named["namespaceSelector"], {"kubernetes.io/metadata.name": other.namespace}):
            return False
    elif other.namespace:
        return False
    return selects(named.get("podSelector", {}), other.labels)


CHECKS: tuple[Callable[[Manifests], list[str]], ...] = (only_who_must_talk_talks,)
