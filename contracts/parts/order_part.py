"""Parts of orders (工单订件): what an order lacks that nobody booked is on special order for it alone (Rule P5)."""

from datetime import date, datetime
from typing import Annotated

from chassis.wire import Answer, Command, Id, Part, Quantity, Query, text
from contracts.parts.order_part_events import OrderPartState
from contracts.parts.purchasing import PurchaseOrder
from contracts.shared import Amount, Listing, Page, PartNumber, Plate, Price


class OrderPart(Answer):
    """A part that an order waits for, or that has come for it and is set aside.

    `quantity` is what is still short; of one that is here or closed what was, when it was last awaited. `part_number` is what to
    order for the number that was asked for. `late`: it is expected on a later day than it is wanted.
    """

    id: Id
    version: int
    state: OrderPartState
    work_order_id: Id
    order_number: Annotated[str | None, text(20)] = None
    customer_id: Id
    plate: Plate
    asked_for: PartNumber
    part_number: PartNumber
    quantity: Quantity
    wanted_by: datetime
    wanted_on: date
    expected_on: date | None = None
    purchase_order_id: Id | None = None
    late: bool
    raised_at: datetime
    here_at: datetime | None = None
    closed_at: datetime | None = None


class OrderParts(Answer, Page):
    """A page of parts of orders, the first wanted first."""

    items: list[OrderPart]


class ExpectOrderPart(Command, service="parts", answer=OrderPart):
    """Say when a part of an order is expected.

    The promised time of the order is looked at again.
    """

    order_part_id: Id
    expected_on: date


class ListOrderParts(Query, Listing, service="parts", answer=OrderParts):
    """Parts of orders.

    What orders lack that nobody booked: those in a state, the first wanted first; those of one order, if it is given.
    """

    state: OrderPartState = "awaited"
    work_order_id: Id | None = None


class OrderAlone(Part):
    """How much is ordered for one customer: if left out, what is short in the supplier's steps, at its terms' price."""

    supplier_id: Id
    quantity: Amount | None = None
    unit_price: Price | None = None


class OrderForBooking(Command, OrderAlone, service="parts", answer=PurchaseOrder):
    """Order a part for a booked car.

    A draft to an approved supplier of what a special order is short of: what comes of it is set aside for that car, before
    anybody who has waited longer (Rule P5).
    """

    special_order_id: Id


class OrderForOrder(Command, OrderAlone, service="parts", answer=PurchaseOrder):
    """Order a part for an order.

    A draft to an approved supplier of what the order is short of: what comes of it is set aside for that order, before anybody
    who has waited longer (Rule P5).
    """

    order_part_id: Id
