"""Only the transitions of the table exist (Rule W14): every one is tried from every status."""

import itertools
from dataclasses import replace
from typing import Any

import pytest

from chassis.wire.errors import Refused
from chassis.wire.values import Money, Quantity
from contracts.workshop.evidence import RecordAttachment, StoredFile
from services.workshop.agreement.approval import approve, decline, withdraw
from services.workshop.agreement.estimate import Terms, issue_estimate, propose_additional_work
from services.workshop.agreement.paying import change_payer, correct_price
from services.workshop.evidence.attachment import Attachment
from services.workshop.handing_over.delivery import close, deliver, mark_ready
from services.workshop.handing_over.old_part import receive_old_part
from services.workshop.handing_over.reversal import confirm
from services.workshop.order.core_charge import core_charge_of
from services.workshop.order.reversal import requested
from services.workshop.order.share import whole
from services.workshop.order.status import TRANSITIONS, Status, Transition
from services.workshop.order.work_order import WorkOrder
from services.workshop.shop_floor.accepting import accept
from services.workshop.shop_floor.clocking import Clocking, clock_off, clock_on
from services.workshop.shop_floor.dispatch import assign_line, dispatch, hold, resume, void
from services.workshop.shop_floor.installed_part import record_installed
from services.workshop.shop_floor.quality_check import request_quality_check, return_to_work
from tests.unit.workshop.orders import (
    NOON,
    PADS,
    an_estimate,
    an_order_that_is,
    brake_pads,
    cny,
    inspect,
    labour,
    next_change,
    prices,
    sublet,
)

A_PHOTO = RecordAttachment(
    work_order_id="0190a0a0-0000-7000-8000-00000000abcd",
    kind="old_part",
    name="pads.jpg",
    file=StoredFile(sha256="0" * 64, content_type="image/jpeg", size=1),
    most_bytes=1,
)
PICTURE = {
    Status.OPEN: {Status.DISPATCHED, Status.VOID},
    Status.DISPATCHED: {Status.IN_PROGRESS, Status.ON_HOLD, Status.QUALITY_CHECK, Status.VOID},
    Status.IN_PROGRESS: {Status.DISPATCHED, Status.ON_HOLD, Status.QUALITY_CHECK, Status.VOID},
    Status.ON_HOLD: {Status.DISPATCHED, Status.VOID},
    Status.QUALITY_CHECK: {Status.DISPATCHED, Status.READY},
    Status.READY: {Status.DISPATCHED, Status.DELIVERED},
    Status.DELIVERED: {Status.READY, Status.CLOSED},
    Status.CLOSED: set(),
    Status.VOID: set(),
}
"""Which status leads to which others: the table of Rule W14, written down a second time."""


def fit_for(transition: Transition, status: Status) -> WorkOrder:
    """An order of that status on which nothing but its status can keep the transition from being taken."""
    order = an_order_that_is(status)
    if transition is Transition.ADD_LINES:
        order.lines[:] = []
    if transition in (Transition.APPROVE, Transition.DECLINE, Transition.REMOVE_LINE, Transition.ISSUE_ESTIMATE):
        order.status = Status.ON_HOLD
        propose_additional_work(order, [sublet()], prices(), Terms(), NOON)
        an_estimate(next_change(order))
        order.status = status
    if transition is Transition.CORRECT_PRICE:
        order = an_order_that_is(status, sublet())
    if transition is Transition.RECEIVE_OLD_PART:
        core = core_charge_of(order.lines[1])
        core.quote(prices(replace(PADS, core_charge=cny("30.00"))), 1)
        order.lines.append(core)
    if transition in (Transition.CLOCK_ON, Transition.ASSIGN_LINE):
        order.lines[0].done_at = None
    if transition in (Transition.VOID, Transition.WITHDRAW):
        for line in order.lines:
            line.done_at = None
    if transition in (Transition.PASS_QUALITY_CHECK, Transition.FAIL_QUALITY_CHECK):
        order.quality_passed_by = None
    order.revision = int(transition is not Transition.VOID)
    order.reversal = requested("wrong car", by="boss", at=NOON)
    return next_change(order)


def take(transition: Transition, order: WorkOrder) -> None:
    """Take the transition; of one that is taken with what stands beside the order, whether the order lets it."""
    first, last = order.lines[0].id if order.lines else "", order.lines[-1].id if order.lines else ""
    running = [Clocking(line_id=first, technician="zhang", on_at=NOON)]
    taken: dict[Transition, Any] = {
        Transition.ADD_LINES: lambda: order.add_lines([labour()]),
        Transition.REMOVE_LINE: lambda: order.remove_line(last),
        Transition.SAY_COVERAGE: lambda: order.record_job(1, complaint=None, coverage="covered"),
        Transition.RECORD_JOB: lambda: order.record_job(1, complaint=None, cause="worn", correction=None),
        Transition.NAME_PAYER: lambda: order.unname_payer("insurer"),
        Transition.ISSUE_ESTIMATE: lambda: issue_estimate(order, prices(), Terms(), NOON),
        Transition.PROPOSE: lambda: propose_additional_work(order, [brake_pads()], prices(), Terms(), NOON),
        Transition.APPROVE: lambda: approve(order, _newest(order), "Li Na", NOON),
        Transition.DECLINE: lambda: decline(order, [last], "no", signed=True),
        Transition.WITHDRAW: lambda: withdraw(order, [first], "too dear", "Li Na", set()),
        Transition.CHANGE_PAYER: lambda: change_payer(order, first, whole("goodwill"), decided=False),
        Transition.CORRECT_PRICE: lambda: correct_price(order, last, Money.of("70.00", "CNY"), None, decided=False),
        Transition.DISPATCH: lambda: dispatch(order, [], "chen", "B2", NOON),
        Transition.HAND_ON: lambda: order.take(Transition.HAND_ON),
        Transition.ASSIGN_LINE: lambda: assign_line(order, [], first, "chen"),
        Transition.ACCEPT_CAR: lambda: accept(walked(order), [], by="zhang", at=NOON),
        Transition.CLOCK_ON: lambda: clock_on(order, first, "zhang", NOON),
        Transition.CLOCK_OFF: lambda: clock_off(order, running, first, "zhang", NOON, done=False),
        Transition.RECORD_INSTALLED: lambda: record_installed(order, order.lines[1].id, Quantity.of("1"), "zhang"),
        Transition.RECEIVE_OLD_PART: lambda: receive_old_part(order, order.lines[1].id, Quantity.of("1")),
        Transition.HOLD: lambda: hold(order, [], "parts", at=NOON),
        Transition.RESUME: lambda: resume(order),
        Transition.REQUEST_QUALITY_CHECK: lambda: request_quality_check(order, []),
        Transition.PASS_QUALITY_CHECK: lambda: inspect(order, [], "qin", passed=True, findings=None, rework=[]),
        Transition.FAIL_QUALITY_CHECK: lambda: inspect(order, [], "qin", passed=False, findings="dirty", rework=[first]),
        Transition.RETURN_TO_WORK: lambda: return_to_work(order, "squeals", []),
        Transition.MARK_READY: lambda: mark_ready(order),
        Transition.DELIVER: lambda: deliver(order, at=NOON, tax_rate=13_000, warranties={}, accepted_by="Wang", mileage=1),
        Transition.REVERSE_DELIVERY: lambda: confirm(order, at=NOON),
        Transition.CLOSE: lambda: close(order),
        Transition.VOID: lambda: void(order, [], "customer left"),
        Transition.ATTACH: lambda: Attachment.to(order, A_PHOTO, by="zhang", at=NOON),
    }
    taken.get(transition, lambda: order.require(transition))()


def walked(order: WorkOrder) -> WorkOrder:
    """There is a walk-around of its car."""
    order.walk_around_version = 1
    return order


def _newest(order: WorkOrder) -> Any:
    """The estimate of that version, as far as approving looks at it."""
    spare = an_order_that_is(Status.ON_HOLD)
    spare.estimate_version = order.estimate_version - 1
    return propose_additional_work(spare, [sublet()], prices(), Terms(), NOON).document


@pytest.mark.parametrize(("transition", "status"), list(itertools.product(Transition, Status)))
def test_a_transition_leads_where_the_table_says_and_does_not_exist_elsewhere(transition, status):
    order = fit_for(transition, status)
    if status in TRANSITIONS[transition]:
        take(transition, order)
        assert order.status is TRANSITIONS[transition][status]
        return
    with pytest.raises(Refused) as refused:
        take(transition, order)
    assert refused.value.code == "not_in_this_status"
    assert order.status is status
    assert order.announced == []


@pytest.mark.parametrize("status", Status)
def test_the_table_is_the_picture(status):
    leads_to = {leads[status] for leads in TRANSITIONS.values() if status in leads} - {status}
    assert leads_to == PICTURE[status]


def test_nothing_leaves_closed_and_void():
    """And nothing is done there any more, but that an old part comes back (Rule P1), and a fault is observed (Rule W16)."""
    done = [transition for transition, leads in TRANSITIONS.items() if {Status.CLOSED, Status.VOID} & set(leads)]
    assert done == [Transition.RECEIVE_OLD_PART, Transition.OBSERVE_FAULT]
    assert TRANSITIONS[Transition.RECEIVE_OLD_PART][Status.CLOSED] is Status.CLOSED
    assert not [one for one in done if Status.VOID in TRANSITIONS[one]]


def test_every_transition_is_in_the_table():
    assert set(TRANSITIONS) == set(Transition)
