"""Only the steps drawn in the table exist (Rule W14): every step is tried from every status."""

import itertools
from typing import Any

import pytest

from chassis.wire.errors import Refused
from chassis.wire.values import Quantity
from services.workshop.domain.clockings import Clocking
from services.workshop.domain.estimates import Terms
from services.workshop.domain.orders import WorkOrder
from services.workshop.domain.status import DRAWN, Status, Step
from tests.unit.workshop.orders import NOON, an_estimate, an_order_that_is, brake_pads, labour, next_change, prices, sublet

DRAWING = {
    Status.OPEN: {Status.DISPATCHED, Status.VOID},
    Status.DISPATCHED: {Status.IN_PROGRESS, Status.ON_HOLD, Status.QUALITY_CHECK},
    Status.IN_PROGRESS: {Status.ON_HOLD, Status.QUALITY_CHECK},
    Status.ON_HOLD: {Status.DISPATCHED},
    Status.QUALITY_CHECK: {Status.DISPATCHED, Status.READY},
    Status.READY: {Status.DELIVERED},
    Status.DELIVERED: {Status.READY, Status.CLOSED},
    Status.CLOSED: set(),
    Status.VOID: set(),
}
"""Rule W14's picture, drawn a second time."""


def fit_for(step: Step, status: Status) -> WorkOrder:
    """An order of that status on which nothing but its status can keep the step from being taken."""
    order = an_order_that_is(status)
    if step is Step.ADD_LINES:
        order.lines[:] = []
    if step in (Step.APPROVE, Step.DECLINE, Step.REMOVE_LINE, Step.ISSUE_ESTIMATE):
        order.status = Status.ON_HOLD
        order.propose_additional_work([sublet()], prices(), Terms(), NOON)
        an_estimate(next_change(order))
        order.status = status
    if step is Step.CLOCK_ON:
        order.lines[0].done_at = None
    if step is Step.CLOCK_OFF:
        order.clockings.append(Clocking(line_id=order.lines[0].id, technician="zhang", on_at=NOON))
    order.revision = 1
    return next_change(order)


def take(step: Step, order: WorkOrder) -> None:
    """Take the step."""
    first, last = order.lines[0].id if order.lines else "", order.lines[-1].id if order.lines else ""
    taken: dict[Step, Any] = {
        Step.ADD_LINES: lambda: order.add_lines([labour()]),
        Step.REMOVE_LINE: lambda: order.remove_line(last),
        Step.RECORD_JOB: lambda: order.record_job(1, complaint=None, cause="worn", correction=None),
        Step.ISSUE_ESTIMATE: lambda: order.issue_estimate(prices(), Terms(), NOON),
        Step.PROPOSE: lambda: order.propose_additional_work([brake_pads()], prices(), Terms(), NOON),
        Step.APPROVE: lambda: order.approve(_newest(order), "Li Na"),
        Step.DECLINE: lambda: order.decline([last], "no", signed=True),
        Step.DISPATCH: lambda: order.dispatch("chen", "B2"),
        Step.CLOCK_ON: lambda: order.clock_on(first, "zhang", NOON),
        Step.CLOCK_OFF: lambda: order.clock_off(first, "zhang", NOON, done=False),
        Step.RECORD_INSTALLED: lambda: order.record_installed(order.lines[1].id, Quantity.of("1")),
        Step.HOLD: lambda: order.hold("parts"),
        Step.RESUME: order.resume,
        Step.REQUEST_QUALITY_CHECK: order.request_quality_check,
        Step.PASS_QUALITY_CHECK: lambda: order.check_quality("qin", passed=True, findings=None, rework=[]),
        Step.FAIL_QUALITY_CHECK: lambda: order.check_quality("qin", passed=False, findings="dirty", rework=[]),
        Step.MARK_READY: order.mark_ready,
        Step.DELIVER: lambda: order.deliver(at=NOON, accepted_by="Wang", mileage=1),
        Step.REVERSE_DELIVERY: lambda: order.reverse_delivery("wrong car"),
        Step.CLOSE: lambda: order.close(order.revision),
        Step.VOID: lambda: order.void("customer left"),
    }
    taken[step]()


def _newest(order: WorkOrder) -> Any:
    """The estimate of that version, as far as approving looks at it."""
    spare = an_order_that_is(Status.ON_HOLD)
    spare.estimate_version = order.estimate_version - 1
    return spare.propose_additional_work([sublet()], prices(), Terms(), NOON).content


@pytest.mark.parametrize(("step", "status"), list(itertools.product(Step, Status)))
def test_a_step_leads_where_it_is_drawn_and_does_not_exist_elsewhere(step, status):
    order = fit_for(step, status)
    if status in DRAWN[step]:
        take(step, order)
        assert order.status is DRAWN[step][status]
        return
    with pytest.raises(Refused) as refused:
        take(step, order)
    late_reversal = (step, status) == (Step.REVERSE_DELIVERY, Status.CLOSED)
    assert refused.value.code == ("gate_pass_used" if late_reversal else "not_in_this_status")
    assert order.status is status
    assert order.announced == []


@pytest.mark.parametrize("status", Status)
def test_the_table_is_the_picture(status):
    leads_to = {drawn[status] for drawn in DRAWN.values() if status in drawn} - {status}
    assert leads_to == DRAWING[status]


def test_nothing_leaves_closed_and_void():
    assert not [step for step, drawn in DRAWN.items() if {Status.CLOSED, Status.VOID} & set(drawn)]


def test_every_step_is_drawn():
    assert set(DRAWN) == set(Step)
