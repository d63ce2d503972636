"""Nothing is a dead end (Rule W14): from every status, and every state an order can be in, there is a way forward or out."""

from datetime import timedelta

import pytest

from chassis.wire.errors import Refused
from chassis.wire.values import Quantity
from contracts.roles import QUALITY_INSPECTOR, SERVICE_ADVISOR, TECHNICIAN, WORKSHOP_MANAGER
from contracts.workshop.events import WorkOrderReturned, WorkOrderVoided, WorkWithdrawn
from contracts.workshop.routes import ROUTES
from services.workshop.agreement.approval import decline, withdraw
from services.workshop.agreement.estimate import Terms, propose_additional_work
from services.workshop.handing_over.delivery import deliver, mark_ready
from services.workshop.handing_over.reversal import confirm, request
from services.workshop.order.line import State
from services.workshop.order.pre_delivery import checked
from services.workshop.order.status import TRANSITIONS, Status, Transition
from services.workshop.shop_floor.clocking import clock_off, clock_on
from services.workshop.shop_floor.dispatch import dispatch, hold, resume, void
from services.workshop.shop_floor.installed_part import record_installed
from services.workshop.shop_floor.quality_check import request_quality_check, return_to_work
from tests.unit.workshop.orders import (
    NOON,
    an_approved_order,
    an_order_that_is,
    brake_pads,
    inspect,
    labour,
    next_change,
    prices,
    sublet,
)

WAYS_OUT = {
    Status.OPEN: {
        SERVICE_ADVISOR: {"void_work_order"},
        WORKSHOP_MANAGER: {"dispatch_work_order"},
    },
    Status.DISPATCHED: {
        SERVICE_ADVISOR: {"hold_work_order", "void_work_order"},
        WORKSHOP_MANAGER: {"hold_work_order", "request_quality_check"},
        TECHNICIAN: {"clock_on", "request_quality_check"},
    },
    Status.IN_PROGRESS: {
        SERVICE_ADVISOR: {"hold_work_order", "void_work_order"},
        WORKSHOP_MANAGER: {"dispatch_work_order", "hold_work_order", "request_quality_check"},
        TECHNICIAN: {"request_quality_check"},
    },
    Status.ON_HOLD: {
        SERVICE_ADVISOR: {"resume_work_order", "void_work_order"},
        WORKSHOP_MANAGER: {"resume_work_order"},
    },
    Status.QUALITY_CHECK: {
        SERVICE_ADVISOR: {"return_to_work", "mark_ready"},
        WORKSHOP_MANAGER: {"return_to_work"},
        QUALITY_INSPECTOR: {"return_to_work", "mark_ready", "check_quality"},
    },
    Status.READY: {
        SERVICE_ADVISOR: {"return_to_work", "deliver_work_order"},
        WORKSHOP_MANAGER: {"return_to_work"},
        QUALITY_INSPECTOR: {"return_to_work"},
    },
}
"""Who leads an order out of which status, and how. A delivered one is closed by the gate pass, or reversed by the manager."""

METHOD_OF = {
    Transition.DISPATCH: "dispatch_work_order",
    Transition.HOLD: "hold_work_order",
    Transition.RESUME: "resume_work_order",
    Transition.PASS_QUALITY_CHECK: "check_quality",
    Transition.FAIL_QUALITY_CHECK: "check_quality",
    Transition.DELIVER: "deliver_work_order",
    Transition.VOID: "void_work_order",
}
"""The commands that are not called like their transition."""

ROLES = {route.request.method: route.roles for route in ROUTES}


@pytest.mark.parametrize("status", WAYS_OUT)
def test_who_leads_an_order_out_of_its_status(status):
    found = {}
    for transition, leads in TRANSITIONS.items():
        if leads.get(status, status) is not status:
            method = METHOD_OF.get(transition, transition.value)
            for role in ROLES[method]:
                found.setdefault(role, set()).add(method)
    for role, ways in WAYS_OUT[status].items():
        assert found[role] == ways


@pytest.mark.parametrize("status", Status)
def test_every_status_leads_to_an_end(status):
    reached, grew = {status}, True
    while grew:
        further = {leads[one] for leads in TRANSITIONS.values() for one in reached if one in leads}
        grew, reached = not further <= reached, reached | further
    assert reached & {Status.CLOSED, Status.VOID}


def dispatched(*lines, **terms):
    """An approved order given to zhang, in B1."""
    order = an_approved_order(*(lines or (labour(), brake_pads())), **terms)
    dispatch(order, [], "zhang", "B1", NOON)
    return next_change(order)


def clocked(order, line, technician="zhang", *, minutes=0, done=False):
    """Somebody was at the line for so long."""
    clocking = next_change(clock_on(order, line.id, technician, NOON))
    clock_off(order, [clocking], line.id, technician, NOON + timedelta(minutes=minutes), done=done)
    return clocking


def finish(order):
    """All labour that is left is done, the car passes and is handed over."""
    for line in order.lines:
        if line.unfinished:
            clocked(order, line, done=True)
    request_quality_check(next_change(order), [])
    inspect(next_change(order), [], "qin", passed=True, findings=None, rework=[])
    mark_ready(next_change(order))
    order.pre_delivery = checked("wang", NOON, None)
    deliver(next_change(order), at=NOON, tax_rate=13_000, warranties={}, accepted_by="Wang", mileage=1)
    return order


def delivered_by_mistake():
    """Delivered, and that reversed: it is ready."""
    order = finish(dispatched())
    request(next_change(order), "wrong car", by="boss", at=NOON)
    confirm(next_change(order), at=NOON)
    return next_change(order)


def failed_inspection():
    """Somebody found something: it is dispatched, its line to be redone."""
    order = an_order_that_is(Status.QUALITY_CHECK)
    order.quality_passed_by = None
    inspect(order, [], "qin", passed=False, findings="squeals", rework=[order.lines[0].id])
    return next_change(order)


def on_hold(reason):
    """Dispatched, and waiting."""
    order = dispatched()
    hold(order, [], reason, at=NOON)
    return next_change(order)


def resumed(order):
    """The waiting has an end."""
    resume(order)
    return next_change(order)


def withdrawn(order, *numbers, issued=()):
    """The customer signs that these lines are not wanted any more."""
    withdraw(order, [order.lines[number - 1].id for number in numbers], "too dear", "Li Na", set(issued))
    return next_change(order)


def undecided():
    """Additional work was proposed, and nobody answered."""
    order = dispatched()
    propose_additional_work(order, [sublet()], prices(), Terms(), NOON)
    return next_change(order)


def declined(order):
    """The customer says no to the newest line."""
    decline(order, [order.lines[-1].id], "not now", signed=True)
    return next_change(order)


def removed(order):
    """The advisor takes the newest line away."""
    order.remove_line(order.lines[-1].id)
    return next_change(order)


def without_its_part(order):
    """The part never came: none of it is installed."""
    record_installed(order, order.lines[1].id, Quantity.of("0"), "chen")
    return order


def returned(order, *numbers):
    """The car goes back to the shop."""
    return_to_work(order, "the customer does not take it", [order.lines[number - 1].id for number in numbers])
    return next_change(order)


def clocked_on_by_mistake():
    """Somebody stood at the wrong car for a moment."""
    order = dispatched()
    clocked(order, order.lines[0], "chen")
    return order


TO_DELIVERY = {
    "a reversed delivery is delivered again": lambda: _delivered_again(delivered_by_mistake()),
    "a reversed delivery goes back to work": lambda: finish(returned(delivered_by_mistake(), 1)),
    "a failed inspection is redone": lambda: finish(failed_inspection()),
    **{
        f"a hold for {reason} ends": lambda reason=reason: finish(resumed(on_hold(reason)))
        for reason in ("approval", "parts", "warranty_authorisation", "sublet")
    },
    "an undecided line is declined": lambda: finish(declined(undecided())),
    "an undecided line is removed": lambda: finish(removed(undecided())),
    "a lost part is not installed": lambda: finish(without_its_part(dispatched())),
    "a lost part is withdrawn": lambda: finish(withdrawn(resumed(on_hold("parts")), 2)),
    "a car in inspection goes back to work": lambda: finish(returned(an_order_that_is(Status.QUALITY_CHECK), 1)),
    "a ready car goes back to work": lambda: finish(returned(an_order_that_is(Status.READY), 1)),
    "a ready car's part comes off again": lambda: finish(without_its_part(returned(an_order_that_is(Status.READY)))),
}

TO_THE_END = {
    "dispatched, and the customer leaves": dispatched,
    **{f"on hold for {reason}": lambda reason=reason: on_hold(reason) for reason in ("approval", "parts")},
    "everything is withdrawn": lambda: withdrawn(dispatched(), 1, 2),
    "additional work is undecided": undecided,
    "clocked on by mistake": clocked_on_by_mistake,
}


def _delivered_again(order):
    deliver(order, at=NOON, tax_rate=13_000, warranties={}, accepted_by="Wang", mileage=1)
    return order


@pytest.mark.parametrize("state", TO_DELIVERY)
def test_an_order_is_delivered_from(state):
    assert TO_DELIVERY[state]().status is Status.DELIVERED


@pytest.mark.parametrize("state", TO_THE_END)
def test_an_order_of_which_nothing_was_done_is_voided_from(state):
    order = TO_THE_END[state]()
    void(order, [], "customer left")
    assert order.status is Status.VOID
    assert order.announced == [WorkOrderVoided(work_order_id=order.id, reason="customer left")]


def test_an_order_on_which_something_was_done_is_not_voided():
    """Labour begun, a part on the car, a delivery that was reversed: it is settled, not forgotten."""
    begun = dispatched()
    clocked(begun, begun.lines[0], minutes=1)
    fitted = dispatched()
    record_installed(fitted, fitted.lines[1].id, Quantity.of("1"), "chen")
    for order, code in ((begun, "line_begun"), (fitted, "line_begun"), (returned(delivered_by_mistake(), 1), "was_delivered")):
        before = order.status
        with pytest.raises(Refused, match=code):
            void(order, [], "customer left")
        assert (order.status, order.announced) == (before, [])


def test_a_car_that_goes_back_to_work_is_inspected_again():
    order = returned(an_order_that_is(Status.READY), 1)
    assert (order.status, order.quality_passed_by, order.lines[0].done_at) == (Status.DISPATCHED, None, None)
    order = an_order_that_is(Status.READY)
    return_to_work(order, "squeals", [order.lines[0].id])
    assert order.announced == [WorkOrderReturned(work_order_id=order.id, reason="squeals", lines=[order.lines[0].id])]


def test_withdrawn_work_is_declined_work_and_its_parts_are_no_longer_wanted():
    order = dispatched(labour(), brake_pads(), brake_pads("1"))
    withdraw(order, [order.lines[1].id, order.lines[1].id], "too dear", "Li Na", set())
    assert (order.lines[1].state, order.lines[1].declined_reason) == (State.DECLINED, "too dear")
    [fact] = order.announced
    assert isinstance(fact, WorkWithdrawn)
    assert (fact.withdrawn_by, [line.line_id for line in fact.declined]) == ("Li Na", [order.lines[1].id])
    assert [part.line_id for part in fact.parts] == [order.lines[2].id]


def test_only_approved_work_of_which_nothing_was_done_or_issued_is_withdrawn():
    order = dispatched(labour(), brake_pads(), sublet())
    clock_on(order, order.lines[0].id, "zhang", NOON)
    with pytest.raises(Refused, match="line_begun"):
        withdrawn(order, 1)
    with pytest.raises(Refused, match="parts_issued"):
        withdrawn(order, 2, issued=[order.lines[1].id])
    with pytest.raises(Refused, match="line_not_approved"):
        withdrawn(withdrawn(order, 3), 3)


def test_a_part_that_a_reversed_delivery_left_on_the_car_is_not_withdrawn():
    """It came off the shelf with that delivery, slip or no slip."""
    order = returned(delivered_by_mistake())
    with pytest.raises(Refused, match="parts_issued"):
        withdrawn(order, 2)
    assert finish(without_its_part(order)).status is Status.DELIVERED
