"""What the processes stand on, and how many of them there are."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from chassis.process.settings import Settings
from gateway.http.table import MEGABYTE, Table
from servicelane.suite import service_class
from tests.cluster.manifests import (
    DOORS,
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

AWAY_IN_SMALL = {"ScaledObject", "TriggerAuthentication", "PodMonitor", "PrometheusRule", "ScheduledBackup"}
SPARE_CONNECTIONS = 20
"""For the operator, for backups and for people."""


def queues(service: str) -> set[str]:
    """The queues whose messages wait for the service's subscriptions, by what its code declares."""
    return {one.name for one in service_class(service).subscriptions()}


def replicas_follow_what_waits(manifests: Manifests) -> list[str]:
    """Each service by the depth of its own subscription queues, all of them and no others; never to none; slower than a drain."""
    if manifests.overlay == "small":
        return [f"{kind} needs an operator that one node need not have" for kind in AWAY_IN_SMALL if manifests.all(kind)]
    found = []
    everything = {name for service in SERVICES for name in {*queues(service), f"{service}.dead-letters", f"rpc-{service}"}}
    for name, workload in manifests.processes.items():
        scaled = manifests.one("ScaledObject", part(name)).get("spec", {})
        if at(scaled, "scaleTargetRef.name") != workload["metadata"]["name"] or "replicas" in workload["spec"]:
            found.append(f"{name}: nobody says how many there are, or two do")
            continue
        waiting = [one for one in scaled["triggers"] if one["type"] == "rabbitmq"]
        mine = queues(name) if name in SERVICES else set()
        counted = {queue for one in waiting for queue in everything if re.search(one["metadata"]["queueName"], queue)}
        if counted != mine:
            found.append(f"{name}: what waits is not what is counted: {', '.join(sorted(counted ^ mine))}")
        found += [f"{name}: {what}" for one in waiting for what in _counting(manifests, one)]
        if not any(one["type"] == "cpu" for one in scaled["triggers"]):
            found.append(f"{name}: nobody sees that it is busy")
        if scaled.get("minReplicaCount", 0) < 2 or scaled.get("idleReplicaCount") is not None:
            found.append(f"{name}: it may be alone, or gone")
        down = at(scaled, "advanced.horizontalPodAutoscalerConfig.behavior.scaleDown")
        slowest = min((one["periodSeconds"] / one["value"] for one in down.get("policies", [])), default=0)
        grace = pod(workload)["terminationGracePeriodSeconds"]
        if min(scaled.get("cooldownPeriod", 0), down.get("stabilizationWindowSeconds", 0), slowest) <= grace:
            found.append(f"{name}: one leaves before another one has drained")
    return found


def _counting(manifests: Manifests, trigger: Document) -> list[str]:
    metadata, found = trigger["metadata"], []
    broker, namespace = next(iter(manifests.all("RabbitmqCluster").items()))
    server = urlsplit(metadata.get("host", ""))
    if (server.hostname, server.port) != (f"{broker}.{namespace['metadata']['namespace']}.svc", 15672):
        found.append(f"the management interface is not at {metadata.get('host')}")
    if (metadata.get("protocol"), metadata.get("excludeUnacknowledged", "false")) != ("http", "false"):
        found.append("what is being worked on is not counted")
    if (metadata.get("useRegex"), metadata.get("operation"), metadata.get("mode")) != ("true", "sum", "QueueLength"):
        found.append("its queues are not taken together")
    if at(trigger, "authenticationRef.name") not in manifests.all("TriggerAuthentication"):
        found.append("nobody may look")
    return found


def the_database_has_a_connection_for_everybody(manifests: Manifests) -> list[str]:
    """Also while a rollout of all has one more of each, at the most replicas there may be."""
    (server,) = manifests.all("Cluster").values()
    held = int(at(server, "spec.postgresql.parameters")["max_connections"])
    needed = SPARE_CONNECTIONS
    for name, workload in manifests.processes.items():
        if name in SERVICES:
            most = at(manifests.one("ScaledObject", part(name)), "spec.maxReplicaCount") or 1
            workers = Settings.read(name, environment(workload)).workers
            needed += (most + 1) * (workers + 5) + 2
    return [] if needed <= held else [f"{needed} connections may be needed, {held} there are"]


def servers_bear_a_loss(manifests: Manifests) -> list[str]:
    """Of a group: three brokers on three nodes, three databases of which two have what was answered, and backups."""
    ((broker, rabbitmq),) = manifests.all("RabbitmqCluster").items()
    ((database, postgres),) = manifests.all("Cluster").items()
    wanted = 3 if manifests.overlay == "group" else 1
    found = []
    if rabbitmq["spec"].get("replicas") != wanted or postgres["spec"].get("instances") != wanted:
        found.append(f"there are not {wanted} of each")
    configured = rabbitmq["spec"]["rabbitmq"]["additionalConfig"]
    if "default_queue_type = quorum" not in configured or "cluster_partition_handling = pause_minority" not in configured:
        found.append(f"{broker}: a queue may be on one node alone")
    if at(postgres, "spec.bootstrap.initdb") | {"encoding": "UTF8", "locale": "C"} != at(postgres, "spec.bootstrap.initdb"):
        found.append(f"{database}: text does not sort by code point")
    if postgres["spec"].get("enableSuperuserAccess") is not True:
        found.append(f"{database}: the job cannot make databases")
    if manifests.overlay != "group":
        return found
    apart = at(rabbitmq, "spec.affinity.podAntiAffinity").get("requiredDuringSchedulingIgnoredDuringExecution", [{}])[0]
    if apart.get("topologyKey") != "kubernetes.io/hostname" or at(postgres, "spec.affinity.podAntiAffinityType") != "required":
        found.append("two may be on one node")
    budget = manifests.one("PodDisruptionBudget", broker).get("spec", {})
    if budget.get("maxUnavailable") != 1 or at(budget, "selector.matchLabels") != {"app.kubernetes.io/name": broker}:
        found.append(f"{broker}: a majority may be asked to leave at once")
    together = at(postgres, "spec.postgresql.synchronous")
    if together.get("number", 0) < 1 or together.get("dataDurability", "required") != "required":
        found.append(f"{database}: what was answered is on one server alone")
    backups = [one["spec"] for one in manifests.all("ScheduledBackup").values() if one["spec"]["cluster"]["name"] == database]
    if not backups or not at(postgres, "spec.backup.barmanObjectStore.destinationPath"):
        found.append(f"{database}: it is not backed up")
    found += [f"{one['schedule']} does not begin with seconds" for one in backups if len(one["schedule"].split()) != 6]
    return found


def the_broker_takes_the_largest_message(manifests: Manifests) -> list[str]:
    """A request travels to its service whole, a file in it as base64."""
    (rabbitmq,) = manifests.all("RabbitmqCluster").values()
    said = re.search(r"^max_message_size = (\d+)$", rabbitmq["spec"]["rabbitmq"]["additionalConfig"], re.MULTILINE)
    taken, sent = int(said[1]) if said else 16 * MEGABYTE, largest_message()
    return [] if sent <= taken else [f"a message of {sent} bytes is sent, {taken} are taken"]


def largest_message() -> int:
    """How large a request may be that the gateway sends on; photos and the like it keeps itself."""
    return max(row.body_limit for row in Table.of_contracts().rows if not row.uploads)


def everybody_is_watched(manifests: Manifests) -> list[str]:
    """One monitor finds every process, at the port its probes have."""
    if manifests.overlay != "group":
        return []
    (monitor,) = manifests.all("PodMonitor").values()
    asked = [(one["port"], one["path"]) for one in monitor["spec"]["podMetricsEndpoints"]]
    seen = {name for name, one in manifests.processes.items() if selects(monitor["spec"]["selector"], labels(one))}
    found = [f"{name}: nobody reads its metrics" for name in PROCESSES if name not in seen]
    if len(manifests.all("PrometheusRule")) != 1:
        found.append("nobody is called")
    return found + ([] if asked == [("probes", "/metrics")] else [f"nothing is measured at {asked}"])


def attachments_are_kept(manifests: Manifests) -> list[str]:
    """In a volume that outlives the pod, or where all gateways reach it."""
    workload = manifests.processes.get("gateway", {})
    store = environment(workload).get("ATTACHMENT_STORE", "")
    if manifests.overlay == "group":
        return [] if store.startswith("s3://") else ["gateways on three nodes do not share a folder"]
    names = [one["name"] for one in container(workload)["volumeMounts"] if one["mountPath"] == store]
    claims = [one.get("persistentVolumeClaim", {}).get("claimName") for one in pod(workload)["volumes"] if one["name"] in names]
    return [] if claims and set(claims) <= set(manifests.all("PersistentVolumeClaim")) else [f"{store} goes with the pod"]


def nobody_is_named_who_is_no_door(manifests: Manifests) -> list[str]:
    """Ports for callers are the doors' alone."""
    named = {name for name, workload in manifests.processes.items() if port(workload, "http")}
    return [f"{name}: a port for callers" for name in named ^ set(DOORS)]


CHECKS: tuple[Callable[[Manifests], list[str]], ...] = (
    replicas_follow_what_waits,
    the_database_has_a_connection_for_everybody,
    servers_bear_a_loss,
    the_broker_takes_the_largest_message,
    everybody_is_watched,
    attachments_are_kept,
    nobody_is_named_who_is_no_door,
)
