"""Special orders (客户订件): parts that a booked car needs and stock does not have."""

from datetime import date, datetime
from typing import Annotated

from chassis.wire import Answer, Command, Id, Quantity, Query, text
from contracts.parts.events import SpecialOrderState
from contracts.shared import Listing, Page, PartNumber, Plate


class SpecialOrder(Answer):
    """A part to be ordered for one appointment, and then for its order (Rules B6, P5).

    `quantity` is what is still short; of one that is closed what was, when it was last open. `part_number` is what to order for
    the number that was asked for. `late`: it is expected on a later day than it is wanted. With a `purchase_order_id` it comes
    with that order, when its supplier said.
    """

    id: Id
    version: int
    state: SpecialOrderState
    appointment_id: Id
    work_order_id: Id | None = None
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
    closed_at: datetime | None = None


class SpecialOrders(Answer, Page):
    """A page of special orders, the first wanted first."""

    items: list[SpecialOrder]


class ExpectSpecialOrder(Command, service="parts", answer=SpecialOrder):
    """Say when a special order is expected.

    The booking desk sees it, and has a task to move the appointment if that is later than its day (Rule B6).
    """

    special_order_id: Id
    expected_on: date


class ListSpecialOrders(Query, Listing, service="parts", answer=SpecialOrders):
    """Special orders.

    Those in a state, the first wanted first; those of one appointment, if it is given.
    """

    state: SpecialOrderState = "open"
    appointment_id: Id | None = None
