"""What parts announces of parts that orders wait for (Rule P5)."""

from datetime import date, datetime
from typing import Annotated, Literal

from chassis.wire import Event, Id, Part, Quantity, text
from contracts.shared import PartNumber, Plate

OrderPartState = Literal["awaited", "here", "closed"]
"""待到货, 已到货, 已结束. `here`: it has come and is set aside; `closed`: nobody waits for it any more."""


class OrderPartFacts(Part):
    """A part of an order as others need to know it: for whom, which part, how many were short, expected when, here since when.

    `expected_on` is a day of the dealer's.
    """

    order_part_id: Id
    state: OrderPartState
    work_order_id: Id
    order_number: Annotated[str | None, text(20)] = None
    customer_id: Id
    plate: Plate
    asked_for: PartNumber
    part_number: PartNumber
    quantity: Quantity
    expected_on: date | None = None
    here_at: datetime | None = None


FOLLOWED = ("workshop.follow_order_part", "crm.follow_order_part")


class OrderPartEvent(Event):
    """What every event of a part of an order tells: how it is now."""

    order_part: OrderPartFacts


class OrderPartAwaited(OrderPartEvent, type="parts.order_part.awaited", subscribers=FOLLOWED):
    """An order lacks it: it is to be ordered for the order alone; or it is known otherwise how much, or when it comes."""


class OrderPartArrived(OrderPartEvent, type="parts.order_part.arrived", subscribers=FOLLOWED):
    """All of it has come, and is set aside for the order: the customer can be told."""


class OrderPartClosed(OrderPartEvent, type="parts.order_part.closed", subscribers=FOLLOWED):
    """The order does not wait for it any more: it was delivered, is void, or something else is done."""
