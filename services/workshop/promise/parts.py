"""What is known of an order's parts: which it lacks, and when they come (Rule W6)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chassis import Quantity, Work
from contracts.parts.events import SpecialOrderFacts
from contracts.parts.order_part_events import OrderPartFacts
from contracts.shared import PART_NUMBER
from contracts.workshop.promise import AwaitedPart, PartsKnown
from services.workshop.order.line import Kind, OrderLine
from services.workshop.order.work_order import WorkOrder
from services.workshop.pricing.price_list import price_list
from services.workshop.projections.appointment import FollowedAppointment
from services.workshop.projections.awaited_part import expected_parts
from services.workshop.projections.opening_hours import Opening
from services.workshop.projections.order_parts import OrderParts
from services.workshop.projections.part_supply import KnownSupply, without_stock


@dataclass(frozen=True)
class Parts:
    """What is known of an order's parts."""

    known: PartsKnown
    awaited: list[AwaitedPart]
    at: datetime | None

    @property
    def unknown(self) -> bool:
        """Of one of them nobody knows when it comes."""
        return any(one.expected_on is None for one in self.awaited)


def parts_of(work: Work, order: WorkOrder, lines: Sequence[OrderLine], calendar: Opening, today: date) -> Parts:
    """A part is there, at the latest, when the shop closes on the day on which it is expected.

    What nobody has set anything aside for yet is asked of what parts told of its stock.
    """
    wanted = [line for line in lines if line.kind is Kind.PART and (line.approved or line.undecided)]
    if not wanted:
        return Parts("none_needed", [], None)
    set_aside = work.find(OrderParts, order.id)
    expected = expected_parts(work, order.appointment_id, order.id)
    if set_aside is not None:
        short = [(one.part_number, one.quantity) for one in set_aside.short]
    else:
        short = [(number, one.quantity) for number, one in expected.items()]
    seen_to = {PART_NUMBER.key(number) for number, _ in short} | (_booked(work, order) if set_aside is None else set())
    asked = [line for line in wanted if line.part_number and (line.undecided or set_aside is None)]
    supply = without_stock(work, [number for number, _ in short] + [line.part_number or "" for line in asked])
    short += _without_stock(asked, supply, seen_to)
    awaited = [_awaited(number, units, expected.get(number), supply, today) for number, units in short]
    if awaited:
        last = max((one.expected_on for one in awaited if one.expected_on is not None), default=None)
        at = None if last is None else calendar.closes(max(last, today))
        return Parts("awaited", awaited, at)
    here = set_aside is not None and not any(line.undecided for line in wanted)
    return Parts("here" if here else "not_set_aside", [], None)


def _without_stock(
    asked: Sequence[OrderLine], supply: dict[str, KnownSupply], seen_to: Collection[str]
) -> list[tuple[str, Quantity]]:
    """What there is none of, by part; of what is short already, or was set aside at the booking, that is known otherwise."""
    found: dict[str, int] = {}
    for line in asked:
        key = PART_NUMBER.key(line.part_number or "")
        if key in supply and key not in seen_to and line.part_number:
            found[line.part_number] = found.get(line.part_number, 0) + (line.quantity_units or 0)
    return [(number, Quantity(units)) for number, units in found.items()]


def _awaited(
    number: str,
    quantity: Quantity,
    ordered: SpecialOrderFacts | OrderPartFacts | None,
    supply: dict[str, KnownSupply],
    today: date,
) -> AwaitedPart:
    told = supply.get(PART_NUMBER.key(number))
    if ordered is not None and ordered.expected_on is not None:
        return AwaitedPart(
            part_number=number, quantity=quantity, expected_on=ordered.expected_on, arrival_known_by="special_order"
        )
    if told is not None and told.expected_on is not None:
        return AwaitedPart(part_number=number, quantity=quantity, expected_on=told.expected_on, arrival_known_by="on_its_way")
    if told is not None and told.lead_time_days is not None:
        on = today + timedelta(days=told.lead_time_days)
        return AwaitedPart(part_number=number, quantity=quantity, expected_on=on, arrival_known_by="lead_time")
    return AwaitedPart(part_number=number, quantity=quantity)


def _booked(work: Work, order: WorkOrder) -> set[str]:
    """What was set aside or put on special order for the appointment, by every number that it is sold under."""
    if order.appointment_id is None:
        return set()
    booked = work.get(FollowedAppointment, order.appointment_id).appointment.parts
    return price_list(work, {one.part_number for one in booked}).keys
