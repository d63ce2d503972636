"""Processes die, freeze and leave, whoever they are, while others take over."""

import random
import time
from collections.abc import Callable

import eventlet
import pytest

from deploy.local.fleet import Replica
from servicelane import suite
from tests.faults.fleet import Fleet
from tests.faults.outboxes import unsent
from tests.faults.visits import visit
from tests.faults.world import Fault, MakeFault
from tests.waiting import awaited

pytestmark = pytest.mark.long

SEED = 2026
KILLING_SECONDS = 120.0
VISITS = 9


def test_random_kills_of_any_process(make_fault: MakeFault) -> None:
    """Every one to three seconds another process dies and is started again, while orders are got ready and delivered."""
    with make_fault("random SIGKILLs, two replicas each", 500) as fault:
        fault.load(40, over=KILLING_SECONDS)
        more = eventlet.spawn(fault.world.ready, 12)
        _kill_at_random(fault, still=lambda: True)
        fault.serve(more.wait())


def test_visits_from_booking_to_the_gate_under_random_kills(make_fault: MakeFault) -> None:
    """Booked, delivered, paid, let out and closed, each once; a reversal in between takes back invoices, money and gate pass."""
    with make_fault("random SIGKILLs from booking to the gate", 500) as fault:
        desks = fault.world.desks
        visits = [eventlet.spawn(visit, desks[number % len(desks)], reversed_once=number % 2 == 0) for number in range(VISITS)]
        _kill_at_random(fault, still=lambda: not all(one.dead for one in visits))
        fault.orders += [one.wait() for one in visits]
        for order in fault.orders:
            fault.result.answered += len(order.deliveries) + len(order.payments) + len(order.gate_passes)


def test_rolling_restart_under_load(make_fault: MakeFault) -> None:
    """Every process is replaced by SIGTERM: each exits 0, and no request needs more than one repeat."""
    with make_fault("rolling restart (SIGTERM) under load", 400) as fault:
        fault.load(40, over=60)
        for service in suite.SERVICES:
            for old in fault.fleet.of(service):
                assert old.process.stop() == 0, f"{service} did not leave gracefully"
                new = fault.fleet.start(service)
                awaited(lambda one=new: one.ready, f"the new {service} to be ready", 90)
                fault.inject()
        tally = fault.world.tally
        assert not any(status >= 500 for status in tally.statuses), tally.statuses
        assert tally.most_repeats <= 1


def test_a_killed_relay_leader(make_fault: MakeFault) -> None:
    """The other replica takes the lead."""
    with make_fault("the relay's leader killed, three times", 240) as fault:
        fault.load(30, over=15)
        for _ in range(3):
            fault.fleet.leader("workshop").kill()
            fault.inject()
            fault.fleet.start("workshop")


def test_a_frozen_relay_leader(make_fault: MakeFault) -> None:
    """The database takes the lead from a frozen one; when it wakes up it stands by, and what it had in hand is a double."""
    with make_fault("the relay's leader frozen", 240) as fault:
        frozen = fault.fleet.leader("workshop")
        fault.load(20, over=5)
        frozen.freeze()
        fault.inject()
        awaited(lambda: fault.fleet.leader("workshop").pid != frozen.pid, "the other one to lead", 30)
        awaited(lambda: unsent(fault.fleet, "workshop") == 0, "everything to be sent without the frozen one", 30)


def test_a_replica_frozen_in_the_middle_of_a_transaction(make_fault: MakeFault) -> None:
    """It holds open rows and prefetched messages; database and broker take both from it while it is still frozen."""
    with make_fault("a replica frozen mid-transaction", 300) as fault:
        load = fault.load(40, over=20)
        frozen = _freeze_in_transaction(fault, "billing", still=lambda: load.answered < 40)
        load.wait()
        fault.inject()
        fault.proof.await_drained(90)
        assert frozen.running


def test_two_replicas_on_hot_rows(make_fault: MakeFault) -> None:
    """One dealer, the same parts, many hands: no storm of deadlocks."""
    with make_fault("one hot dealer, hot parts", 240) as fault:
        work = fault.world.ready(40, hot=True)
        before = _deadlocks(fault.fleet)
        fault.serve(work, hands=20).wait()
        fault.proof.await_drained(60)
        fault.inject(len(work))
        assert _deadlocks(fault.fleet) - before <= 2


def _kill_at_random(fault: Fault, *, still: Callable[[], bool]) -> None:
    """For two minutes at most. Who has not come up yet is spared: to kill it again would only try how fast the machine is."""
    chance, end = random.Random(SEED), time.monotonic() + KILLING_SECONDS
    while time.monotonic() < end and still():
        eventlet.sleep(chance.uniform(1, 3))
        running = [one for one in fault.fleet.replicas if one.running]
        victim = next((one for one in chance.sample(running, len(running)) if one.ready), None)
        if victim is not None:
            victim.kill()
            fault.fleet.start(victim.service)
            fault.inject()


def _freeze_in_transaction(fault: Fault, service: str, still: Callable[[], bool]) -> Replica:
    while still():
        for replica in fault.fleet.of(service):
            replica.freeze()
            if _in_transaction(fault.fleet, replica):
                return replica
            replica.thaw()
            eventlet.sleep(0.01)
    raise AssertionError(f"{service} was never caught in a transaction")


def _in_transaction(fleet: Fleet, replica: Replica) -> bool:
    query = (
        "SELECT client_port FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction' "
        "AND backend_xid IS NOT NULL"
    )
    return any(replica.owns(row.client_port) for row in fleet.rows(replica.service, query))


def _deadlocks(fleet: Fleet) -> int:
    query = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    return sum(int(fleet.rows(service, query)[0][0]) for service in suite.SERVICES)
