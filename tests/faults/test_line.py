"""The line between one service and the broker goes silent, on both ends or on one."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.bus.line import Line
from tests.faults.outboxes import DELIVERED, hurry, published_late, unsent
from tests.faults.world import Fault, MakeFault
from tests.waiting import awaited

pytestmark = pytest.mark.long

LATE_SECONDS = 110
"""Less than what a relay takes for the mistake of a clock: two of its longest pauses."""


def test_lost_confirms(make_fault: MakeFault) -> None:
    """The broker has the events and the relay does not know: it sends them again, and every effect is there once."""
    with make_fault("confirms lost", 240) as fault, _over_a_line(fault, "workshop") as line:
        work = fault.world.ready(8)
        with published_late(fault.fleet, DELIVERED, LATE_SECONDS):
            for desk, order in work:
                fault.orders.append(order)
                desk.deliver(order)
                fault.result.answered += 1
        awaited(lambda: unsent(fault.fleet, "workshop") == len(work), "everything but the deliveries to be sent")
        line.mute()
        hurry(fault.fleet, "workshop")
        ids = [order.id for _, order in work]
        billed = "SELECT count(DISTINCT work_order_id) FROM invoice WHERE work_order_id::text = ANY(:ids)"
        awaited(lambda: fault.fleet.rows("billing", billed, ids=ids)[0][0] == len(ids), "billing to hear of the deliveries")
        fault.inject(unsent(fault.fleet, "workshop"))
        assert fault.result.injected == len(work)
        line.cut()
        line.thaw()
        line.mend()
        awaited(lambda: unsent(fault.fleet, "workshop") == 0, "the relay to send them again")


def test_half_open_connections(make_fault: MakeFault) -> None:
    """Both ends believe in connections on which nothing comes, until their heartbeats tell; then nothing is missing."""
    with make_fault("half-open connections", 300) as fault, _over_a_line(fault, "crm") as line:
        load = fault.load(24, over=12)
        load.reached(6)
        line.freeze()
        fault.inject()
        load.wait()
        awaited(lambda: fault.bus.consumers("crm.schedule_follow_up") == 0, "the broker to give up the connections", 60)
        awaited(lambda: not any(one.ready for one in fault.fleet.of("crm")), "crm to give up the connections", 60)
        line.thaw()


@contextmanager
def _over_a_line(fault: Fault, service: str) -> Iterator[Line]:
    """Replicas of the service that reach the broker over a line of the saboteur's, until the fault is over."""
    line = Line(fault.fleet.amqp_uris[service])
    fault.fleet.kill(service)
    replicas = [fault.fleet.start(service, amqp_uri=line.uri) for _ in range(2)]
    awaited(lambda: all(one.ready for one in replicas), f"{service} to be ready over the line", 90)
    try:
        yield line
    finally:
        fault.fleet.kill(service)
        line.cut()
