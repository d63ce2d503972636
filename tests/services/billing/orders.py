"""Delivered orders as workshop announces them, for the tests of billing."""

from datetime import UTC, datetime

from chassis.events.parked import ParkedMessage
from chassis.events.subscription import Delivery
from chassis.wire.envelope import seal
from chassis.wire.ids import new_id
from chassis.wire.values import Hours, Money, Quantity
from contracts.shared import CustomerFacts, DeliveredLine, Share, VehicleFacts
from contracts.workshop.events import DeliveryReversed, ReversalRequested, WorkOrderDelivered

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
"""Noon in Shanghai."""


def cny(amount: str) -> Money:
    return Money.of(amount, "CNY")


def labour(number: int, **shares: str | Money) -> DeliveredLine:
    """`labour(1, customer_pay="100.00", warranty="13.00")`"""
    return _line(number, shares, kind="labour", description="Replace brake pads", operation_code="BR-01", hours=Hours.of("1.5"))


def part(number: int, **shares: str | Money) -> DeliveredLine:
    return _line(number, shares, kind="part", description="Brake pads", part_number="26296-SC010", quantity=Quantity.of("2"))


def _line(number, shares, **facts):
    amounts = {payer: amount if isinstance(amount, Money) else cny(amount) for payer, amount in shares.items()}
    currency = next(iter(amounts.values())).currency
    return DeliveredLine(
        line_id=new_id(),
        number=number,
        amount=Money.total(amounts.values(), currency),
        shares=[Share(payer=payer, amount=amount) for payer, amount in amounts.items()],
        **facts,
    )


def delivered(*lines: DeliveredLine, work_order_id: str | None = None, revision: int = 1, **changes) -> WorkOrderDelivered:
    facts = {
        "work_order_id": work_order_id or new_id(),
        "number": "WO-2026-0001",
        "revision": revision,
        "customer": CustomerFacts(customer_id=new_id(), name="Li Lei", phone="13800000001"),
        "vehicle": VehicleFacts(vehicle_id=new_id(), vin="1M8GDM9AXKP042788", plate="沪A12345", make="Subaru", model="Forester"),
        "mileage": 48_200,
        "currency": "CNY",
        "tax_mode": "inclusive",
        "tax_rate": "13",
        "lines": list(lines),
        "declined": [],
        "advisor": "chen",
        "accepted_by": "Li Lei",
        "delivered_at": NOON,
    }
    return WorkOrderDelivered(**{**facts, **changes})


def reversed_(fact: WorkOrderDelivered) -> DeliveryReversed:
    return DeliveryReversed(work_order_id=fact.work_order_id, revision=fact.revision, reason="Delivered the wrong car")


def reversal_requested(fact: WorkOrderDelivered) -> ReversalRequested:
    return ReversalRequested(work_order_id=fact.work_order_id, revision=fact.revision, reason="Delivered the wrong car")


def message(fact, *, dealer: str = "sh-pudong", sequence: int = 1, visit: str | None = None) -> str:
    """The fact in an envelope, as it comes off the bus."""
    return seal(
        fact,
        subject=fact.work_order_id,
        sequence=sequence,
        time=NOON,
        dealer=dealer,
        correlation_id=visit,
        causation_id=None,
        traceparent=None,
        actor="test",
    ).to_json()


def batch(*facts, dealer: str = "sh-pudong") -> list[Delivery]:
    """Deliveries of delivered orders to the subscriber that bills them."""
    return [Delivery("billing.issue_invoices", message(fact, dealer=dealer)) for fact in facts]


def retry(desk, row) -> bool:
    """Try a parked message again, as when the fact it waits for has come."""
    entry = ParkedMessage(**row._mapping)
    return bool(desk.subscriber.retry(entry, entry))
