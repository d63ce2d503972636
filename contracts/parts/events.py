"""What parts announces."""

from datetime import date, datetime
from typing import Annotated, Literal

from chassis.wire import Event, Id, Money, Part, Quantity, text, whole
from contracts.parts.catalogue import Source
from contracts.shared import Login, PartNumber, PartRequest


class PriceEntry(Part):
    """One part of the price list."""

    part_number: PartNumber
    name_zh: Annotated[str, text(120)]
    name_en: Annotated[str, text(120)]
    unit: Annotated[str, text(10)]
    list_price: Money
    successor: PartNumber | None = None
    core_charge: Money | None = None
    source: Source | None = None


class PriceListPublished(
    Event,
    type="parts.price_list.published",
    subscribers=("booking.record_parts", "workshop.record_prices", "parts.follow_supersession"),
):
    """A chunk of at most 500 parts of the dealer's price list; `edition` grows, a newer edition of a part wins."""

    edition: Annotated[int, whole(1)]
    chunk: Annotated[int, whole(1)]
    chunks: Annotated[int, whole(1)]
    parts: list[PriceEntry]


class PartsReserved(Event, type="parts.reservation.reserved", subscribers=("workshop.record_reservation",)):
    """What is set aside for a work order has changed: `reserved` is all of it, `short` what stock cannot cover.

    Nothing short any more: everything that was waited for has come.
    """

    appointment_id: Id | None = None
    work_order_id: Id
    reserved: list[PartRequest]
    short: list[PartRequest]


class PartsPrePicked(Event, type="parts.reservation.pre_picked", subscribers=("booking.record_pre_picked",)):
    """What is set aside for an appointment (预拣) has changed: `reserved` is all of it, `short` what stock cannot cover."""

    appointment_id: Id
    reserved: list[PartRequest]
    short: list[PartRequest]


SpecialOrderState = Literal["open", "settled", "withdrawn"]
"""`settled`: the parts are there and set aside; `withdrawn`: nobody wants them for the car any more."""


class SpecialOrderFacts(Part):
    """A special order (客户订件) as others need to know it: for whom, which part, how many are short, by when, expected when.

    `wanted_on` and `expected_on` are days of the dealer's.
    """

    special_order_id: Id
    state: SpecialOrderState
    appointment_id: Id
    work_order_id: Id | None = None
    customer_id: Id
    asked_for: PartNumber
    part_number: PartNumber
    quantity: Quantity
    wanted_by: datetime
    wanted_on: date
    expected_on: date | None = None


SPECIAL = ("booking.follow_special_order", "workshop.follow_special_order")


class SpecialOrderEvent(Event):
    """What every event of a special order tells: how it is now (Rules B6, P5)."""

    special_order: SpecialOrderFacts


class SpecialOrderRaised(SpecialOrderEvent, type="parts.special_order.raised", subscribers=SPECIAL):
    """Parts that a booked car needs are short: they are to be ordered for it."""


class SpecialOrderChanged(SpecialOrderEvent, type="parts.special_order.changed", subscribers=SPECIAL):
    """More or less of it is short, it is wanted at another time, or it is known when it is expected."""


class SpecialOrderSettled(SpecialOrderEvent, type="parts.special_order.settled", subscribers=SPECIAL):
    """The parts are there, and set aside for the car."""


class SpecialOrderWithdrawn(SpecialOrderEvent, type="parts.special_order.withdrawn", subscribers=SPECIAL):
    """Nobody wants them for the car any more: the appointment is off, or something else is to be done."""


class ReservationReleased(Event, type="parts.reservation.released"):
    """What was set aside is free again."""

    appointment_id: Id | None = None
    work_order_id: Id | None = None


class SlipSigned(Event):
    """Parts changed hands on a signed slip."""

    slip_id: Id
    work_order_id: Id
    lines: list[PartRequest]
    document_hash: Annotated[str | None, text(64)] = None
    signed_by: Annotated[str | None, text(120)] = None
    signed_at: datetime | None = None
    means: Literal["drawn", "typed"] | None = None


class PartsIssued(SlipSigned, type="parts.slip.issued", subscribers=("workshop.follow_slip",)):
    """Parts left the bin for work in progress on an order (出库单)."""

    technician: Login
    handed_by: Login | None = None


class PartsReturned(SlipSigned, type="parts.slip.returned", subscribers=("workshop.follow_slip",)):
    """Unused parts went back from work in progress to the bin."""


class DeductedPart(Part):
    """One part of a deduction, with the stock (bin and work in progress) before and after, and what was missing."""

    line_id: Id
    part_number: PartNumber
    quantity: Quantity
    on_hand_before: Quantity
    on_hand_after: Quantity
    short: Quantity


class StockDeducted(Event, type="parts.deduction.deducted"):
    """A delivered order's installed parts went from work in progress to the customer, once per delivery revision."""

    work_order_id: Id
    revision: Annotated[int, whole(1)]
    deductions: list[DeductedPart]
    deducted_at: datetime


class DeductionUndone(Event, type="parts.deduction.undone"):
    """A reversed delivery's parts are work in progress again: they are still on the car."""

    work_order_id: Id
    revision: Annotated[int, whole(1)]
