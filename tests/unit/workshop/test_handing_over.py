"""The handing over (Rules W8, W13 to W15)."""

import pytest

from chassis import SignatureDocument
from chassis.wire.errors import Refused
from chassis.wire.values import Quantity
from contracts.billing.events import GatePassUsed
from contracts.workshop.events import DeliveryReversed, ReversalRequested, WorkOrderClosed, WorkOrderDelivered, WorkOrderReady
from services.workshop.agreement.approval import approve, decline
from services.workshop.handing_over.delivery import close, deliver, leave, mark_ready
from services.workshop.handing_over.reversal import confirm, request
from services.workshop.order.status import Status
from services.workshop.shop_floor.installed_part import record_installed
from services.workshop.shop_floor.quality_check import request_quality_check
from tests.unit.workshop.orders import (
    NOON,
    a_work_order,
    an_estimate,
    an_order_that_is,
    brake_pads,
    cny,
    inspect,
    labour,
    next_change,
    sublet,
)

A_PASS = "0190a0a0-0000-7000-8000-00000000abcd"


def left_with(revision):
    """The pass of that delivery was used."""
    return GatePassUsed(gate_pass_id=A_PASS, work_order_id=A_PASS, revision=revision)


def delivered(order, **more):
    usual = {"at": NOON, "tax_rate": 13_000, "warranties": {}, "accepted_by": "Wang", "mileage": 52_000}
    delivery = deliver(order, **{**usual, **more})
    delivery.signature = SignatureDocument.of_account(delivery.settlement, by="wang", at=NOON)
    return delivery, order.announced[0]


def test_a_car_is_ready_only_after_it_passed_and_a_pass_before_rework_does_not_count():
    order = an_order_that_is(Status.IN_PROGRESS)
    request_quality_check(order, [])
    with pytest.raises(Refused, match="quality_not_passed"):
        mark_ready(order)
    inspect(next_change(order), [], "qin", passed=True, findings=None, rework=[])
    mark_ready(next_change(order))
    assert order.announced == [WorkOrderReady(work_order_id=order.id, revision=1, total=cny("400.00"))]


def test_a_new_inspection_does_not_inherit_the_pass_of_the_last_one():
    order = an_order_that_is(Status.IN_PROGRESS)
    request_quality_check(order, [])
    with pytest.raises(Refused, match="quality_not_passed"):
        mark_ready(order)


def test_delivering_announces_only_approved_and_installed_lines():
    order = a_work_order(labour(), brake_pads("2"), brake_pads("1"), sublet())
    estimate = an_estimate(order)
    decline(order, [order.lines[3].id], "not now", signed=False)
    approve(next_change(order), estimate.document, "Li Na", NOON)
    order.status = Status.IN_PROGRESS
    record_installed(order, order.lines[1].id, Quantity.of("1"), "zhang")
    record_installed(order, order.lines[2].id, Quantity.of("0"), "zhang")
    order.status = Status.READY
    _, fact = delivered(next_change(order))
    assert isinstance(fact, WorkOrderDelivered)
    assert order.status is Status.DELIVERED
    assert [(line.number, line.amount, line.quantity) for line in fact.lines] == [
        (1, cny("200.00"), None),
        (2, cny("100.00"), Quantity.of("1")),
    ]
    assert [(line.description, line.reason) for line in fact.declined] == [("Wheel alignment", "not now")]
    assert (fact.revision, fact.accepted_by, fact.delivered_at) == (1, "Wang", NOON)


def test_shares_of_every_delivered_line_add_up_to_its_amount():
    order = an_order_that_is(
        Status.READY,
        brake_pads(
            "1",
            payers=[
                {"payer": payer, "basis_points": points}
                for payer, points in (("warranty", 3333), ("goodwill", 3333), ("customer_pay", 3334))
            ],
        ),
    )
    _, fact = delivered(order)
    for line in fact.lines:
        assert sum(share.amount.minor for share in line.shares) == line.amount.minor


def test_the_signed_settlement_says_what_was_announced():
    order = an_order_that_is(Status.READY, labour(), sublet(payers=[{"payer": "insurer", "basis_points": 10000}]))
    delivery, fact = delivered(order, preferred_phone="139")
    signed = delivery.describe()
    assert (signed.final, signed.reversed, signed.revision, signed.total) == (True, False, 1, cny("280.00"))
    assert [(line.line_id, line.amount) for line in signed.lines] == [(line.line_id, line.amount) for line in fact.lines]
    assert [(share.payer, share.amount) for share in signed.payers] == [
        ("customer_pay", cny("200.00")),
        ("insurer", cny("80.00")),
    ]
    assert (signed.accepted_by, signed.delivered_at, signed.preferred_phone) == ("Wang", NOON, "139")


def test_a_reversed_delivery_returns_to_ready_and_the_next_one_has_the_next_revision():
    order = an_order_that_is(Status.READY)
    delivered(order)
    request(next_change(order), "wrong car", by="boss", at=NOON)
    assert order.announced == [ReversalRequested(work_order_id=order.id, revision=1, reason="wrong car")]
    assert (order.status, order.mileage) == (Status.DELIVERED, 52_000)
    confirm(next_change(order), at=NOON)
    assert order.announced == [DeliveryReversed(work_order_id=order.id, revision=1, reason="wrong car")]
    assert (order.status, order.mileage, order.delivered_at) == (Status.READY, None, None)
    _, fact = delivered(next_change(order))
    assert fact.revision == 2


def test_a_delivery_is_not_reversed_once_the_gate_pass_is_used():
    order = an_order_that_is(Status.READY)
    delivered(order)
    close(next_change(order))
    assert order.announced == [WorkOrderClosed(work_order_id=order.id)]
    with pytest.raises(Refused, match="gate_pass_used"):
        request(next_change(order), "too late", by="boss", at=NOON)


def test_a_gate_pass_of_an_earlier_delivery_closes_nothing():
    order = an_order_that_is(Status.READY)
    delivered(order)
    request(next_change(order), "wrong car", by="boss", at=NOON)
    confirm(next_change(order), at=NOON)
    delivered(next_change(order))
    with pytest.raises(Refused, match="gate_pass_of_another_delivery"):
        leave(next_change(order), left_with(1), at=NOON)
