"""Orders as the tests of the rules need them: no database, prices that are easy to add up."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeVar

from chassis import Aggregate
from chassis.wire.ids import new_id
from chassis.wire.values import Hours, Money, Quantity
from contracts.shared import PART_NUMBER, CustomerFacts, Payer, VehicleFacts
from services.workshop.agreement.approval import approve
from services.workshop.agreement.estimate import Estimate, Terms, issue_estimate
from services.workshop.order.line import Kind, OrderLine
from services.workshop.order.pre_delivery import checked
from services.workshop.order.status import Status
from services.workshop.order.work_order import WorkOrder
from services.workshop.pricing.price_book import PriceBook
from services.workshop.pricing.price_list import ListedPart, PriceList
from services.workshop.shop_floor.inspection import Verdict
from services.workshop.shop_floor.quality_check import check_quality, hands_on

R = TypeVar("R", bound=Aggregate)

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def cny(amount: str) -> Money:
    """So many yuan."""
    return Money.of(amount, "CNY")


PADS = ListedPart("PAD-1", "制动片", "Brake pads", cny("100.00"))
OLD_PADS = ListedPart("PAD-0", "旧制动片", "Old brake pads", cny("90.00"), successor="PAD-1")


def prices(
    *parts: ListedPart,
    rate: str | None = "200.00",
    coefficient: str = "1",
    payer_rates: dict[Payer, str] | None = None,
    **menu: str,
) -> PriceBook:
    """An hour costs 200.00, the model is a plain one."""
    return PriceBook(
        currency="CNY",
        labour_rate=None if rate is None else cny(rate),
        payer_rates={payer: cny(own) for payer, own in (payer_rates or {}).items()},
        coefficient=Decimal(coefficient),
        menu_prices={code: cny(price) for code, price in menu.items()},
        tax_rate=13_000,
        parts=PriceList({PART_NUMBER.key(part.part_number): part for part in (parts or (PADS, OLD_PADS))}),
    )


def labour(hours: str = "1.00", **more: Any) -> OrderLine:
    """Front brakes: 200.00 an hour."""
    return _line(Kind.LABOUR, description="Front brakes", operation_code="BRAKE", hours_units=Hours.of(hours).units, **more)


def brake_pads(quantity: str = "2", **more: Any) -> OrderLine:
    """Brake pads at 100.00 each."""
    given = {"part_number": "PAD-1", **more}
    return _line(Kind.PART, description="Brake pads", quantity_units=Quantity.of(quantity).units, **given)


def sublet(amount: str = "80.00", **more: Any) -> OrderLine:
    """Wheel alignment, outside."""
    return _line(Kind.SUBLET, description="Wheel alignment", agreed_price_minor=cny(amount).minor, **more)


def _line(kind: Kind, **values: Any) -> OrderLine:
    return OrderLine(kind=kind, **{"payers": [{"payer": "customer_pay", "basis_points": 10000}], **values})


def a_work_order(*lines: OrderLine, **more: Any) -> WorkOrder:
    """Opened, with lines nobody has seen; what that announced is gone."""
    order = WorkOrder.open(
        number="RO-2026-000001",
        visit_id=new_id(),
        complaint="Brakes squeal",
        advisor="wang",
        at=NOON,
        currency="CNY",
        tax_mode="inclusive",
        customer=CustomerFacts(customer_id=new_id(), name="Li Na", phone="13800000001"),
        vehicle=VehicleFacts(vehicle_id=new_id(), vin="1M8GDM9AXKP042788", plate="沪A12345", make="Volvo", model="XC60"),
        **more,
    )
    order.pre_delivery = checked("wang", NOON, None)  # nothing but its status keeps it from being delivered
    if lines:
        order.add_lines(lines)
    return next_change(order)


def an_estimate(order: WorkOrder, **terms: Any) -> Estimate:
    """The undecided lines, put before the customer."""
    estimate = issue_estimate(order, prices(), Terms(**terms), NOON)
    next_change(order)
    return estimate


def an_approved_order(*lines: OrderLine, **terms: Any) -> WorkOrder:
    """The customer wants all of it."""
    order = a_work_order(*lines)
    approve(order, an_estimate(order, **terms).document, "Li Na", NOON)
    return next_change(order)


def an_order_that_is(status: Status, *lines: OrderLine) -> WorkOrder:
    """An approved order put straight into a status, its labour done."""
    order = an_approved_order(*(lines or (labour(), brake_pads())))
    order.status, order.technician, order.bay, order.quality_passed_by = status, "zhang", "B1", "qin"
    for line in order.lines:
        line.done_at = NOON
    return order


def next_change(root: R) -> R:
    """What was announced so far is published; the next change begins."""
    root.announced.clear()
    return root


def inspect(order, clockings, inspector, *, handed_out=(), cause="workmanship", **found):
    """Somebody signs the final inspection, who did none of the work."""
    verdict = Verdict(cause=None if found["passed"] else cause, **found)
    check_quality(order, hands_on(order, clockings, handed_out), inspector, verdict)
