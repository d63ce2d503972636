"""A message that kills whoever touches it: what stands beside it is done, and it ends where a person finds it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import eventlet
import pytest

from tests.faults.fleet import REPLICAS
from tests.faults.world import Fault, MakeFault
from tests.waiting import awaited

pytestmark = pytest.mark.long

QUEUE = "crm.schedule_follow_up"
LIMIT = 20
"""Deliveries until the broker gives up. The real limit is 100 (DELIVERY_LIMIT); a policy of the broker lowers it here, because a
hundred processes would take ten minutes to start and die."""


def test_the_neighbours_of_a_killer(make_fault: MakeFault) -> None:
    """Every process that touches the queue dies, three rounds of two; what stood beside the killer is not given up."""
    with make_fault("a killer's neighbours", 300) as fault:
        work = fault.world.ready(30)
        doomed = fault.fleet.arm("crm", "subscriber_mid_effect")
        fault.serve(work, over=2)
        for rest in reversed(range(3)):
            fault.inject(fault.fleet.fallen(doomed))
            if rest:
                doomed = fault.fleet.arm("crm", "subscriber_mid_effect")


def test_a_killer_until_the_broker_gives_it_up(make_fault: MakeFault) -> None:
    """It alone becomes a dead letter, all the others are done; replayed after the fix it has its effect, once."""
    with make_fault(f"a killer, given up after {LIMIT} deliveries", 500) as fault:
        work = fault.world.ready(24)
        killer = work[1][1]  # one that is delivered once only
        fault.fleet.kill("crm")
        with fault.bus.delivery_limit(QUEUE, LIMIT), _deadly(fault, killer.id):
            fault.serve(work).wait()
            awaited(lambda: fault.bus.waiting().get(QUEUE, 0) >= len(work), "killer and neighbours to be in the queue")
            for _ in range(REPLICAS):
                fault.fleet.start("crm")
            while not (given_up := _dead(fault)):
                fault.inject(_die_of_it(fault))
                eventlet.sleep(0.1)
            assert fault.result.injected > LIMIT
            awaited(lambda: not fault.proof.undone(), "the neighbours to be done or given up", 60)
            assert [killer.id in one.payload for one in given_up] == [True], "neighbours were given up, too"
            assert given_up[0].reason == "the broker gave up on it: delivery_limit"
        fault.fleet.operator("dead-letters", "replay", "crm", "--all")


@contextmanager
def _deadly(fault: Fault, work_order: str) -> Iterator[None]:
    """Whoever plans this order's follow-up stands still in the middle of it, for the saboteur to find him."""
    fault.fleet.change(
        "crm",
        "CREATE FUNCTION deadly() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(20); RETURN NEW; END $$",
    )
    fault.fleet.change(
        "crm",
        "CREATE TRIGGER deadly BEFORE INSERT ON follow_up FOR EACH ROW "
        f"WHEN (NEW.work_order_id = '{work_order}') EXECUTE FUNCTION deadly()",
    )
    try:
        yield
    finally:
        fault.fleet.change("crm", "DROP TRIGGER deadly ON follow_up")
        fault.fleet.change("crm", "DROP FUNCTION deadly()")


def _die_of_it(fault: Fault) -> int:
    """Kill every replica that has touched the killer, with its session, and start another; how many."""
    deaths = 0
    query = "SELECT pid, client_port FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"
    for session in fault.fleet.rows("crm", query):
        for replica in fault.fleet.of("crm"):
            if replica.owns(session.client_port):
                replica.kill()
                fault.fleet.rows("crm", "SELECT pg_terminate_backend(:pid)", pid=session.pid)
                fault.fleet.start("crm")
                deaths += 1
    return deaths


def _dead(fault: Fault) -> list[Any]:
    return fault.fleet.rows(
        "crm", "SELECT payload, reason FROM parked_message WHERE subscriber = :queue AND kind = 'dead'", queue=QUEUE
    )
