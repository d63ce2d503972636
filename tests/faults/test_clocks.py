"""A clock is set forward and back again: what was written down by it must not be waited for."""

import pytest

from deploy.local.desk import Order
from servicelane import suite
from tests.faults.orders import Desk
from tests.faults.outboxes import DELIVERED, published_late
from tests.faults.world import Fault, MakeFault
from tests.waiting import awaited

pytestmark = pytest.mark.long

LATE_SECONDS = 60
FAILED = "SELECT count(*) FROM parked_message WHERE subscriber = 'billing.issue_invoices' AND kind = 'retrying'"
PUT_OFF = (
    "UPDATE outbox SET next_at = now() + interval '1 year' WHERE sent_at IS NULL",
    "UPDATE parked_message SET next_at = now() + interval '1 year' WHERE next_at IS NOT NULL",
    "INSERT INTO schedule_run (schedule, due) SELECT schedule, max(due) + interval '1 year' FROM schedule_run GROUP BY schedule",
)
"""What a clock a year ahead leaves behind: events to be sent, messages to be tried and runs that are done, all of next year."""


def test_a_clock_a_year_ahead_that_was_set_right(make_fault: MakeFault) -> None:
    """What was put off until next year is done now, and the schedules go on."""
    with make_fault("clock a year ahead, set right", 240) as fault:
        work = fault.world.ready(12)
        fault.fleet.change("billing", "ALTER TABLE invoice ADD CONSTRAINT refused CHECK (payer <> 'warranty') NOT VALID")
        try:
            _deliver(fault, work[:9])
            awaited(lambda: fault.fleet.rows("billing", FAILED)[0][0] >= 9, "billing to hold what failed")
        finally:
            fault.fleet.change("billing", "ALTER TABLE invoice DROP CONSTRAINT refused")
        with published_late(fault.fleet, DELIVERED, LATE_SECONDS):
            _deliver(fault, work[9:])
        fault.fleet.kill("booking")
        for service in suite.SERVICES:
            fault.inject(sum(fault.fleet.change(service, put_off) for put_off in PUT_OFF))
        fault.fleet.restore()
        ahead = "SELECT count(*) FROM schedule_run WHERE due > now() + interval '1 day'"
        awaited(lambda: fault.fleet.rows("booking", ahead)[0][0] == 0, "booking's schedule to go on")


def _deliver(fault: Fault, work: list[tuple[Desk, Order]]) -> None:
    for desk, order in work:
        fault.orders.append(order)
        desk.deliver(order)
        fault.result.answered += 1
