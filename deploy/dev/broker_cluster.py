"""Three RabbitMQ nodes on the loopback that are one broker, for the drills: each with its own name, ports and data.

They share cookie, administrator and port mapper, which is the first node's. Only installed binaries will do.
"""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path

from deploy.dev.control import BROKER_USER, ManagementApi
from deploy.dev.processes import InfrastructureError, Process, wait_until
from deploy.dev.rabbitmq import PrivateBroker
from deploy.dev.state import Store, create_private, secret, write_atomically

PLACES = "abc"
TICK_SECONDS = 10
"""After so long without a word a node counts as gone. RabbitMQ's own is a minute, for networks that stutter."""
SIGHT_SECONDS = 15
JOIN_SECONDS = 60


class ClusterNode(PrivateBroker):
    """One node. `first` is the one whose cluster it joins when it starts with no data; None makes it the first."""

    def __init__(self, store: Store, scripts: Path, first: ClusterNode | None) -> None:
        super().__init__(store, scripts)
        self._first = first
        self._joins = first or self
        self.place = store.directory.name

    @property
    def nodename(self) -> str:
        """What the cluster calls it."""
        return self._nodename()

    def start(self) -> None:
        create_private(self._directory)
        if self._first is not None:  # whoever knows the cookie belongs to the cluster
            write_atomically(self._store.directory / "rabbitmq-password", self._first._password)
            cookie = self._directory / ".erlang.cookie"
            if not cookie.exists():
                write_atomically(cookie, secret(self._first._directory / ".erlang.cookie"))
        super().start()

    def down(self) -> None:
        self.stop()
        if self._first is None:
            super().down()

    def add_vhost(self, name: str) -> None:
        """For all that a drill has on the broker."""
        self._rabbitmqctl("add_vhost", name, "--default-queue-type", "quorum")
        self._rabbitmqctl("set_permissions", "--vhost", name, BROKER_USER, ".*", ".*", ".*")

    def join(self, other: ClusterNode) -> None:
        """When it starts with no data, it joins the cluster of this node."""
        self._joins = other

    def lose(self) -> None:
        """SIGKILL, and its disk is gone, too."""
        self.kill()
        shutil.rmtree(self._directory / "data")

    def isolate(self, others: list[ClusterNode]) -> None:
        """No word passes between it and the others, though all live: it has another cookie for each of them."""
        self._eval(f"[begin erlang:set_cookie(N, apart), erlang:disconnect_node(N) end || N <- {_atoms(others)}]")

    def reunite(self, others: list[ClusterNode]) -> None:
        """The others are let in again."""
        self._eval(f"[erlang:set_cookie(N, erlang:get_cookie()) || N <- {_atoms(others)}]")

    def forget(self, nodename: str) -> None:
        """A node that will not come back is a member no more: neither of the cluster nor of any queue."""
        self._rabbitmqctl("forget_cluster_node", nodename)

    def grow(self) -> None:
        """Every quorum queue has a member here."""
        self._tool("rabbitmq-queues", "grow", self.nodename, "all")

    def set_disk_alarm(self, on: bool) -> None:
        """As if the disk were full, or no more: while it is, publishers are blocked on every node."""
        self._rabbitmqctl("set_disk_free_limit", "1000000000000000" if on else "256MB")
        wait_until(lambda: self._has_alarm() == on, f"the disk alarm to be {'on' if on else 'off'}", seconds=60)

    def api(self) -> ManagementApi:
        """Its management interface."""
        return self._api()

    def running(self) -> set[str]:
        """The nodes that it sees run, itself among them."""
        status, nodes = self._api().get("nodes")
        return {one["name"] for one in nodes if one["running"]} if status == 200 else set()

    def critical(self) -> bool:
        """Whether a queue would lose its majority with this node."""
        status, _ = self._api().get("health/checks/node-is-quorum-critical")
        return status != 200

    def _eval(self, expression: str) -> None:
        self._rabbitmqctl("eval", f"{expression}.")

    def _nodename(self) -> str:
        return f"{super()._nodename().partition('@')[0]}-{self.place}@localhost"

    def _epmd(self) -> Process | None:
        return super()._epmd() if self._first is None else self._first._epmd()

    def _epmd_port(self) -> int:
        return super()._epmd_port() if self._first is None else self._first._epmd_port()

    def _more_configuration(self) -> list[str]:
        return [
            "cluster_partition_handling = pause_minority",
            "queue_leader_locator = balanced",
            f"net_ticktime = {TICK_SECONDS}",
            "cluster_formation.peer_discovery_backend = classic_config",
            f"cluster_formation.classic_config.nodes.1 = {self._joins.nodename}",
        ]


def _atoms(nodes: list[ClusterNode]) -> str:
    return f"[{', '.join(repr(node.nodename) for node in nodes)}]"


class BrokerCluster:
    """The nodes, in a folder of their own."""

    def __init__(self, home: Path, scripts: Path) -> None:
        self._home = home
        self.nodes: list[ClusterNode] = []
        for place in PLACES:
            folder = home / place
            create_private(folder)
            self.nodes.append(ClusterNode(Store(folder), scripts, self.nodes[0] if self.nodes else None))

    @property
    def amqp_uri(self) -> str:
        """The administrator's URI of the virtual host `/` at every node."""
        return ";".join(node.amqp_uri for node in self.nodes)

    def start(self) -> None:
        """All of them run and see one another; one that does not, because it was frozen for long, is started anew."""
        for node in self.nodes:
            node.start()
        try:
            self._await_sight(SIGHT_SECONDS)
        except InfrastructureError:
            lonely = min(self.nodes, key=lambda node: len(node.running()))
            lonely.kill()
            lonely.start()
            self._await_sight(JOIN_SECONDS)

    def _await_sight(self, seconds: float) -> None:
        names = {node.nodename for node in self.nodes}
        wait_until(lambda: all(node.running() == names for node in self.nodes), "nodes that all see each other", seconds=seconds)

    def vhost(self) -> str:
        """A new virtual host; its URI at every node. A queue in it that names no type is a quorum queue."""
        name = f"drill-{secrets.token_hex(3)}"
        first = self.nodes[0]
        first.add_vhost(name)
        return self.amqp_uri.replace("/%2F", f"/{name}")

    def replace(self, lost: ClusterNode) -> None:
        """A node is gone with its disk, and a new one of the same name takes its place."""
        stays = next(one for one in self.nodes if one is not lost)
        lost.lose()
        stays.forget(lost.nodename)
        lost.join(stays)
        self.start()
        lost.grow()

    def leader(self, vhost: str, queue: str) -> ClusterNode | None:
        """The node that leads a quorum queue; None while nobody does, or nobody knows."""
        for node in self.nodes:
            status, found = node.api().get(f"queues/{vhost}/{queue}")
            if status == 200 and found.get("leader"):
                return next(one for one in self.nodes if one.nodename == found["leader"])
        return None

    def discard(self) -> None:
        """End them, with their data."""
        for node in reversed(self.nodes):
            node.discard()
            shutil.rmtree(self._home / node.place)
