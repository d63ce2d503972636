"""Messages that come too often, too late, in the wrong order or again after years."""

import random
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from deploy.local.desk import Order
from servicelane import suite
from tests.faults.orders import Desk
from tests.faults.outboxes import DELIVERED, published_late, unsent
from tests.faults.world import Fault, MakeFault
from tests.waiting import awaited

pytestmark = pytest.mark.long

SEED = 2026
EVERYBODY_SINCE = "2000-01-01"
FOLLOWERS = {"parts": "parts.deduct_stock", "crm": "crm.schedule_follow_up"}
"""Who acts on deliveries and reversals as they are told, and in which queue it hears of deliveries."""
LATE_SECONDS = 20


def test_every_message_five_times_in_any_order(make_fault: MakeFault) -> None:
    """Four consumers of each queue, doubles of every delivery and reversal, shuffled over each other: one effect each."""
    with make_fault("every message five times, shuffled, 4 consumers", 300) as fault:
        fault.fleet.reinforce("billing", "parts", "crm")
        [(before,)] = fault.fleet.rows("workshop", "SELECT max(position) FROM outbox")
        fault.load(20).wait()
        query = "SELECT id::text, type, envelope FROM outbox WHERE position > :before AND type ~ 'deliver'"
        copies = [row for row in fault.fleet.rows("workshop", query, before=before) for _ in range(5)]
        random.Random(SEED).shuffle(copies)
        for row in copies:
            fault.bus.publish([(row.id, row.envelope)], routing_key=row.type.partition(".")[2])
        fault.inject(len(copies))


def test_the_whole_log_again_after_the_inbox_was_purged(make_fault: MakeFault) -> None:
    """The inbox has a retention, the log a longer one: business keys and sequences keep every effect single."""
    with make_fault("whole log replayed, inboxes purged", 400) as fault:
        fault.load(12).wait()
        fault.proof.await_drained(60)
        for service in suite.SERVICES:
            fault.fleet.change(service, "DELETE FROM inbox")
        for service in suite.SERVICES:
            said = fault.fleet.operator("republish", service, "--since", EVERYBODY_SINCE)
            fault.inject(int(said.split()[0]))
        fault.proof.forget()
        fault.proof.await_drained(200)


def test_reversals_heard_before_their_deliveries(make_fault: MakeFault) -> None:
    """They wait as NotYet, without counting attempts, until what they undo has come: requests at billing, reversals elsewhere."""
    with make_fault("reversal before delivery", 240) as fault:
        work = fault.world.ready(9)
        with _deaf(fault):
            with published_late(fault.fleet, DELIVERED, LATE_SECONDS):
                load = fault.serve(work)
                awaited(lambda: _early(fault, "billing") > 0, "billing to hold requests early", LATE_SECONDS)
            load.wait()
        for service in FOLLOWERS:
            awaited(lambda name=service: _early(fault, name) > 0, f"{service} to hold reversals early", LATE_SECONDS)
        _tell(fault, work, "true")
        fault.inject(len(work))


def test_third_delivery_heard_before_the_second(make_fault: MakeFault) -> None:
    """Every revision has its effects once, whichever is heard first."""
    with make_fault("third delivery before the second", 240) as fault:
        work = fault.world.ready(6)
        with _deaf(fault):
            for desk, order in work:
                fault.orders.append(order)
                for _ in range(2):
                    desk.deliver(order)
                    desk.reverse(order)
                desk.deliver(order)
                fault.result.answered += 5
        _tell(fault, work, "revision = '3'")
        awaited(lambda: _early(fault, "parts") > 0, "parts to hold the third until the second is reversed", LATE_SECONDS)
        _tell(fault, work, "revision < '3'")
        fault.inject(len(work))


def test_numbers_rolled_back(make_fault: MakeFault) -> None:
    """Invoices that fail after their numbers were given out leave no gap: the numbers roll back with them."""
    with make_fault("number allocation rolled back", 240) as fault:
        refuse = "ALTER TABLE invoice ADD CONSTRAINT refused CHECK (payer <> 'warranty') NOT VALID"
        fault.fleet.change("billing", refuse)
        try:
            fault.load(12, reversing=False).wait()  # what is not billed is not reversed
            parked = "SELECT count(*) FROM parked_message WHERE subscriber = 'billing.issue_invoices' AND kind = 'retrying'"
            awaited(lambda: fault.fleet.rows("billing", parked)[0][0] >= 12, "billing to hold what failed")
            fault.inject(fault.fleet.rows("billing", parked)[0][0])
        finally:
            fault.fleet.change("billing", "ALTER TABLE invoice DROP CONSTRAINT refused")


@contextmanager
def _deaf(fault: Fault) -> Iterator[None]:
    """Parts and crm are away meanwhile, and of what waits for them the deliveries are lost: they hear what came after first."""
    for service in FOLLOWERS:
        fault.fleet.kill(service)
    yield
    awaited(lambda: unsent(fault.fleet, "workshop") == 0, "workshop to have sent everything", LATE_SECONDS)
    for queue in FOLLOWERS.values():
        fault.bus.purge(queue)
    fault.fleet.restore()


def _tell(fault: Fault, work: list[tuple[Desk, Order]], which: str) -> None:
    """Publish deliveries of these orders again; `which` is a condition on their `revision`."""
    query = (
        "SELECT id::text, envelope FROM (SELECT *, CAST(envelope AS json) -> 'data' ->> 'work_order_id' AS work_order, "
        "CAST(envelope AS json) -> 'data' ->> 'revision' AS revision FROM outbox WHERE type = 'workshop.work_order.delivered') "
        f"AS delivered WHERE work_order = ANY(:orders) AND {which}"
    )
    rows = fault.fleet.rows("workshop", query, orders=[order.id for _, order in work])
    fault.bus.publish([tuple(row) for row in rows])


def _early(fault: Fault, service: str) -> int:
    query = "SELECT count(*) FROM parked_message WHERE kind = 'early' AND attempts = 0 AND NOT message_id = ANY(:poison)"
    return int(fault.fleet.rows(service, query, poison=list(fault.proof.poison))[0][0])
