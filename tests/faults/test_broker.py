"""The broker stops, dies, blocks, freezes and loses what it was told to keep."""

import json

import eventlet
import pytest

from tests.faults.outboxes import unsent
from tests.faults.world import Fault, MakeFault
from tests.waiting import awaited

pytestmark = pytest.mark.long

RPC_SECONDS = 10.0
"""The gateway's own deadline (RPC_TIMEOUT)."""


def test_the_broker_stopped_and_started(make_fault: MakeFault) -> None:
    """Clients are told to ask again, the outboxes fill, and everything arrives."""
    with make_fault("broker stopped under load", 240) as fault:
        load = fault.load(24, over=12)
        load.reached(6)
        fault.servers.broker.stop()
        fault.inject()
        eventlet.sleep(3)
        fault.servers.broker.start()


def test_the_broker_killed(make_fault: MakeFault) -> None:
    """What it had confirmed is on its disk."""
    with make_fault("broker killed under load", 240) as fault:
        load = fault.load(24, over=12)
        load.reached(6)
        fault.servers.broker.kill()
        fault.inject()
        fault.servers.broker.start()


def test_the_broker_restarted_again_and_again(make_fault: MakeFault) -> None:
    """Reconnecting is an everyday thing."""
    with make_fault("broker restarted, twice in a row", 300) as fault:
        load = fault.load(24, over=30)
        for answered in (4, 10):
            load.reached(answered)
            fault.servers.broker.stop()
            fault.servers.broker.start()
            fault.inject()


def test_the_broker_blocks_publishers(make_fault: MakeFault) -> None:
    """A memory alarm stops every publisher for ten seconds; nobody hangs and nothing is given up."""
    with make_fault("broker blocked by a memory alarm", 240) as fault:
        load = fault.load(24, over=12)
        load.reached(6)
        fault.servers.broker.set_memory_alarm(True)
        fault.inject()
        eventlet.sleep(10)
        fault.servers.broker.set_memory_alarm(False)


def test_the_broker_frozen_during_calls(make_fault: MakeFault) -> None:
    """Half-open connections: every request is answered within its deadline all the same, with "ask again"."""
    with make_fault("broker frozen during RPC", 240) as fault:
        load = fault.load(24, over=12)
        load.reached(6)
        fault.servers.broker.pause()
        fault.inject()
        eventlet.sleep(15)
        fault.servers.broker.resume()
        load.wait()
        assert fault.world.tally.longest_seconds < RPC_SECONDS + 3
        assert fault.world.tally.statuses[0] == 0, "the gateway itself always answers"


def test_a_queue_deleted_with_what_was_in_it(make_fault: MakeFault) -> None:
    """The subscriber declares it again; reconciliation names what was lost with it, and republishing heals it."""
    with make_fault("a full queue deleted", 240) as fault:
        work = fault.world.ready(12)
        frozen = fault.fleet.of("billing")
        for replica in frozen:
            replica.kill()
        fault.serve(work, reversing=False).wait()
        awaited(lambda: fault.bus.waiting().get("billing.issue_invoices", 0) >= 12, "the queue to fill")
        fault.bus.delete("billing.issue_invoices")
        fault.inject()
        _heal(fault, "billing.issue_invoices", then="billing.decide_reversal", at_least=12)


def test_one_of_three_bindings_deleted(make_fault: MakeFault) -> None:
    """Mandatory cannot see it: two others still take the event. Reconciliation does, and republishing doubles nothing."""
    with make_fault("one of three bindings deleted", 240) as fault:
        work = fault.world.ready(12)
        fault.fleet.kill("crm")  # or it would put its binding back before anything is lost
        fault.bus.unbind("crm.schedule_follow_up")
        fault.inject()
        fault.serve(work).wait()
        awaited(lambda: unsent(fault.fleet, "workshop") == 0, "workshop to have sent everything")
        _heal(fault, "crm.schedule_follow_up", then="crm.cancel_follow_up", at_least=12)


def _heal(fault: Fault, queue: str, *, then: str, at_least: int) -> None:
    """As an operator does it: reconcile, republish what it names, reconcile again. `then` waits for what `queue` has lost."""
    fault.fleet.restore()
    awaited(lambda: set(fault.proof.undone()) <= {queue, then}, "all others to have done their part", 60)
    awaited(lambda: not fault.bus.waiting(), "what was bound again to be delivered")
    findings = json.loads(fault.fleet.operator("reconcile", "--json", expect=1))
    events = sorted({one["event"] for one in findings if one["event"]})
    assert len(events) >= at_least, findings
    fault.fleet.operator("republish", "workshop", *events)
    fault.proof.await_drained(90)
    fault.fleet.operator("reconcile")
