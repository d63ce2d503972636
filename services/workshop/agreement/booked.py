"""From what the customer booked to lines of the order (Rule B6)."""

from sqlalchemy import select

from chassis import Invalid, NotYetKnown, Refused, Work
from chassis.wire.rules import rule
from contracts.shared import PartRequest
from contracts.workshop.order import NewLabour, NewLines, NewPart
from services.workshop.order.work_order import WorkOrder
from services.workshop.pricing.operation import Operation
from services.workshop.pricing.price_list import PriceList, price_list
from services.workshop.projections.appointment import FollowedAppointment


def booked_work(work: Work, order: WorkOrder) -> NewLines:
    """What the order's appointment asks for and no line has yet.

    Raises Invalid naming every item that catalogue or price list do not know; Refused if nothing is left to propose.
    """
    if order.appointment_id is None:
        raise Refused("not_from_an_appointment")
    booked = work.get(FollowedAppointment, order.appointment_id).appointment
    listed = price_list(work, {part.part_number for part in booked.parts})
    known = set(work.all(select(Operation.code).where(Operation.code.in_(booked.operations))))
    errors = {
        f"operations.{index}": [rule("not_in_the_catalogue", operation_code=code)]
        for index, code in enumerate(booked.operations)
        if code not in known
    }
    errors |= {
        f"parts.{index}": [rule("not_in_the_price_list", part_number=part.part_number)]
        for index, part in enumerate(booked.parts)
        if _sold_as(listed, part) is None
    }
    if errors:
        raise Invalid.fields(errors)
    codes = {line.operation_code for line in order.lines}
    numbers = {line.part_number for line in order.lines}
    wanted = NewLines(
        labour=[NewLabour(operation_code=code) for code in dict.fromkeys(booked.operations) if code not in codes],
        parts=[
            NewPart(part_number=part.part_number, quantity=part.quantity)
            for part in booked.parts
            if not _numbers(listed, part) & numbers
        ],
    )
    if not (wanted.labour or wanted.parts):
        raise Refused("nothing_booked")
    to_paint = set(work.all(select(Operation.code).where(Operation.code.in_(booked.operations), Operation.painting)))
    for labour in wanted.labour or ():
        if labour.operation_code in to_paint:
            raise Refused("painting_needs_panel", operation_code=labour.operation_code)
    return wanted


def _numbers(listed: PriceList, part: PartRequest) -> set[str | None]:
    """How a line names the part: by its own number, or by the one under which it is sold today."""
    entry = listed.find(part.part_number)
    return {entry.part_number, _sold_as(listed, part)} if entry else set()


def _sold_as(listed: PriceList, part: PartRequest) -> str | None:
    """The number under which the part is sold today; None while the price list lacks it."""
    try:
        return listed.current(part.part_number).part_number
    except NotYetKnown:
        return None
