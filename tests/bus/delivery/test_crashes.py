"""kill -9 at every named point: what was committed has its effect once, whatever dies when."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from chassis.rpc.client import RpcCaller
from chassis.store.tables import inbox
from chassis.wire.call import Call
from chassis.wire.ids import new_id
from deploy.local.child import Child
from tests.bus.delivery.processes import run
from tests.bus.delivery.replicas import Bus
from tests.waiting import awaited

FACTS = 20


@pytest.fixture
def start(server_bus: Bus, tmp_path: Path) -> Iterator[Callable[..., Child]]:
    """Starts toy processes; none outlives the test."""
    started: list[Child] = []

    def start_one(**settings: Any) -> Child:
        started.append(run(server_bus, tmp_path / "toy.log", **settings))
        return started[-1]

    yield start_one
    for process in started:
        process.kill()


@pytest.mark.parametrize(
    "point",
    [
        "relay_after_claim",
        "relay_after_publish",
        "relay_after_confirm",
        "subscriber_before_inbox",
        "subscriber_mid_effect",
        "subscriber_after_commit",
    ],
)
def test_a_process_killed_at_this_point_loses_and_doubles_nothing(
    server_bus: Bus, start: Callable[..., Child], point: str
) -> None:
    """The next process finishes what the killed one left, and every effect is there once."""
    toy = server_bus.reader()
    for _ in range(FACTS):
        toy.count("wheels")
    assert start(servicelane_crash_point=point).wait(90) == -signal.SIGKILL
    start()
    awaited(lambda: toy.total("mirror of wheels") == FACTS, "every effect of the mirror", 90)
    awaited(lambda: toy.total("shadow of wheels") == FACTS, "every effect of the shadow", 90)
    awaited(lambda: not toy.unsent(), "the outbox to be sent")
    assert toy.rows(select(func.count()).select_from(inbox)) == [(2 * FACTS,)]


@pytest.mark.parametrize("point", ["command_before_commit", "command_after_commit"])
def test_a_command_redelivered_after_a_kill_has_one_effect_and_its_first_answer(
    server_bus: Bus, start: Callable[..., Child], point: str
) -> None:
    """The caller, still waiting, is answered by the next process, and the fact reaches its subscribers."""
    doomed = start(servicelane_crash_point=point)
    toy = server_bus.reader()
    caller = RpcCaller(server_bus.amqp_uri, "test", heartbeat=10)
    caller.start()
    try:
        awaited(lambda: _answers(caller), "the process to answer RPC", 90)
        import eventlet

        waiting = eventlet.spawn(caller.call, "toy", "count", {"name": "wheels", "by": 4}, Call(dealer="sh-pudong"), timeout=40.0)
        assert doomed.wait(90) == -signal.SIGKILL
        start()
        answer = waiting.wait()
    finally:
        caller.stop()
    assert (answer["total"], answer["version"]) == (4, 1)
    assert toy.total("wheels") == 4
    awaited(lambda: toy.total("mirror of wheels") == 4, "the effect of what was committed")


def test_sigterm_under_load_redelivers_nothing_that_was_finished(server_bus: Bus, start: Callable[..., Child]) -> None:
    """It exits 0, and no message left in the queues has its effect already."""
    toy = server_bus.reader()
    for _ in range(400):
        toy.count("wheels")
    running = start(batch=5)
    awaited(lambda: 0 < toy.total("mirror of wheels") < 300, "the work to be under way", 90)
    running.signal(signal.SIGTERM)
    assert running.wait(90) == 0
    done = {(row.subscriber, row.message_id) for row in toy.rows(select(inbox))}
    left = _left_in_queues(server_bus)
    assert left, "the load was too small to be interrupted"
    assert not done & left
    assert len(done) + len(left) + 2 * len(toy.unsent()) == 800


def _answers(caller: RpcCaller) -> bool:
    from chassis.wire.errors import ServiceError

    try:
        caller.call("toy", "visit_events", {"correlation_id": new_id()}, Call(dealer="d"), timeout=1.0)
    except ServiceError:
        return False
    return True


def _left_in_queues(bus: Bus) -> set[tuple[str, str]]:
    import kombu

    left = set()
    with kombu.Connection(bus.amqp_uri) as connection, connection.channel() as channel:
        for queue in ("toy.mirror", "toy.shadow"):
            while (message := channel.basic_get(queue, no_ack=True)) is not None:
                left.add((queue, message.properties["message_id"]))
    return left
