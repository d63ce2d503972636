"""A broker of three nodes loses one, in every way a node is lost: work goes on, and nothing is lost or doubled."""

from collections.abc import Iterator

import eventlet
import pytest

from deploy.dev.broker_cluster import ClusterNode
from deploy.dev.processes import wait_until
from servicelane import suite
from tests.drills.conftest import DrillAt
from tests.drills.drill import Drill
from tests.drills.servers import Brokers
from tests.faults.bus import Bus
from tests.faults.world import World, Worlds
from tests.infrastructure import Databases
from tests.waiting import awaited

pytestmark = pytest.mark.drill

INVOICES = "billing.issue_invoices"


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worlds]:
    """The suite at three brokers, as often as a drill spoils it. Where there is no RabbitMQ it fails, and says so."""
    servers = Brokers()
    databases = Databases(servers.infrastructure)

    def make() -> World:
        servers.heal()
        bus = Bus(servers.cluster.vhost(), servers.infrastructure.management_url)
        return World(bus, {name: databases.make(name) for name in suite.SERVICES}, tmp_path_factory.mktemp("world"), servers)

    made = Worlds(make)
    yield made
    made.discard()
    servers.close()


def nodes_of(drill: Drill) -> list[ClusterNode]:
    """The brokers."""
    return drill.servers.cluster.nodes


def leader_of(drill: Drill, *, but: ClusterNode | None = None) -> ClusterNode:
    """Who leads the queue that billing's invoices come from, as soon as somebody else than `but` does."""

    def found() -> ClusterNode | None:
        leader = drill.servers.cluster.leader(drill.bus.vhost, INVOICES)
        return None if leader is but else leader

    return awaited(found, "a leader of the queue")


def full_queue(drill: Drill, deliveries: int) -> None:
    """Nobody takes what billing is told; so much waits for it."""
    for replica in drill.fleet.of("billing"):
        replica.freeze()
    drill.serve(drill.world.ready(deliveries), reversing=False).wait()
    awaited(lambda: drill.bus.waiting().get(INVOICES, 0) >= deliveries, "the queue to fill")


def test_a_node_killed(worlds: Worlds, drill_at: DrillAt) -> None:
    """Whoever was connected there goes elsewhere; it comes back and catches up."""
    with drill_at("a node killed (kill -9)", worlds) as drill:
        drill.begin(12, over=20)
        nodes_of(drill)[0].kill()
        drill.inject()
        eventlet.sleep(10)


def test_the_leader_of_a_full_queue_killed(worlds: Worlds, drill_at: DrillAt) -> None:
    """Its followers have what it had confirmed, and one of them leads."""
    with drill_at("the leader of a full queue killed", worlds) as drill:
        drill.begin(9, over=15)
        full_queue(drill, 9)
        leader = leader_of(drill)
        leader.kill()
        drill.inject()
        leader_of(drill, but=leader)
        for replica in drill.fleet.of("billing"):
            replica.thaw()
        eventlet.sleep(5)


def test_a_node_frozen(worlds: Worlds, drill_at: DrillAt) -> None:
    """SIGSTOP: its connections stay open and nothing comes. Heartbeats end them, and the others count it out.

    When it goes on it has not seen itself left: it stays apart, whatever pause_minority says, until it is restarted.
    """
    with drill_at("a node frozen for 30 s (SIGSTOP), restarted", worlds) as drill:
        drill.begin(12, over=30)
        node = leader_of(drill)
        node.pause()
        drill.inject()
        eventlet.sleep(30)
        node.resume()
        eventlet.sleep(5)
        node.kill()


def test_a_node_cut_off(worlds: Worlds, drill_at: DrillAt) -> None:
    """All live, and no word passes between one and the two others: the one pauses itself, and joins them again."""
    with drill_at("a node cut off from the others for 15 s", worlds) as drill:
        drill.begin(12, over=25)
        node = leader_of(drill)
        others = [one for one in nodes_of(drill) if one is not node]
        node.isolate(others)
        drill.inject()
        eventlet.sleep(15)
        node.reunite(others)


def test_a_disk_full(worlds: Worlds, drill_at: DrillAt) -> None:
    """One node's alarm blocks publishers on all of them: whoever calls is told to ask again, and what is committed waits."""
    with drill_at("a disk full for 10 s", worlds) as drill:
        drill.begin(12, over=20)
        node = nodes_of(drill)[1]
        node.set_disk_alarm(True)
        drill.inject()
        eventlet.sleep(10)
        node.set_disk_alarm(False)


def test_nodes_restarted_one_by_one(worlds: Worlds, drill_at: DrillAt) -> None:
    """As for another release: each when no queue needs it for its majority."""
    with drill_at("nodes restarted one by one", worlds) as drill:
        drill.begin(12, over=40)
        for node in nodes_of(drill):
            wait_until(lambda node=node: not node.critical(), "every queue to have its majority without the node", seconds=60)
            node.stop()
            drill.inject()
            drill.servers.cluster.start()


def test_a_node_lost_with_its_disk(worlds: Worlds, drill_at: DrillAt) -> None:
    """The leader of a full queue never comes back: a new node takes its place (docs/runbooks), and what waited is still there."""
    with drill_at("a node lost with its disk", worlds) as drill:
        drill.begin(9, over=15)
        full_queue(drill, 9)
        lost = leader_of(drill)
        drill.servers.cluster.replace(lost)
        drill.inject()
        for replica in drill.fleet.of("billing"):
            replica.thaw()
