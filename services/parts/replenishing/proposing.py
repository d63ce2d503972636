"""Proposing what to order from whom, and drafting it in one call (Rule P4)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal

from sqlalchemy import select

from chassis import Quantity, Refused, Work
from contracts.parts.purchasing import PurchaseOrder as PurchaseOrderAnswer
from contracts.parts.purchasing import WantedPart
from contracts.parts.replenishment import DraftProposedOrder
from services.parts.purchasing.drafting import drafted
from services.parts.purchasing.queries import shown
from services.parts.replenishing.demand import Stocked, classes, newest_number, stocked_parts
from services.parts.replenishing.forecasting import forecast, order_up_to, reorder_point
from services.parts.replenishing.level import levels_by_hand
from services.parts.stock.stock import open_stock
from services.parts.supplier.supplier import Supplier
from services.parts.supplier.supplier_part import ONE, SupplierPart

MOST_LINES = 500
A_BREATH = 500


@dataclass
class Proposed:
    """What is wanted of one part from one supplier."""

    number: str
    terms: SupplierPart
    lead_time_days: int
    abc_class: str
    monthly: Decimal
    position: int
    point: int
    level: int
    units: int
    by_hand: bool


@dataclass(frozen=True)
class AtPoint:
    """A part at or below its reorder point, and who sells it, if anybody does."""

    number: str
    part: Stocked
    sold: SupplierPart | None
    lead_time_days: int
    abc_class: str
    point: int
    level: int
    by_hand: bool


@dataclass
class Proposals:
    """What is wanted from each supplier, and what nobody sells."""

    by_supplier: dict[str, list[Proposed]] = field(default_factory=dict)
    nobody_sells: list[str] = field(default_factory=list)


def draft_proposed(work: Work, command: DraftProposedOrder) -> PurchaseOrderAnswer:
    """Draft all that is proposed from one supplier. Raises Refused if that is nothing, or the supplier is not approved."""
    open_stock(work)  # who drafts at the same time sees this draft, and proposes nothing twice
    supplier = work.get(Supplier, command.supplier_id)
    supplier.require_approved()
    found = proposals_of(work, approved_suppliers(work), command.service_level, command.cover_days)
    lines = found.by_supplier.get(supplier.id, [])
    if not lines:
        raise Refused("nothing_to_order", supplier=supplier.code)
    wanted = [WantedPart(part_number=one.number, quantity=Quantity(one.units)) for one in lines]
    return shown(work, drafted(work, supplier, wanted))


def approved_suppliers(work: Work) -> dict[str, Supplier]:
    """From whom may be ordered, by id."""
    return {one.id: one for one in work.all(select(Supplier).where(Supplier.approved))}


def proposals_of(work: Work, suppliers: dict[str, Supplier], service_level: int, cover_days: int) -> Proposals:
    """What is to be ordered now, by supplier, and what nobody sells."""
    found = Proposals()
    for one in at_their_point(work, suppliers, service_level, cover_days):
        if one.sold is None:
            found.nobody_sells.append(one.number)
            continue
        lines = found.by_supplier.setdefault(one.sold.supplier_id, [])
        if len(lines) < MOST_LINES:
            units = one.sold.ordered(whole_pieces(Decimal(one.level - one.part.position)))
            lines.append(
                Proposed(
                    number=one.number,
                    terms=one.sold,
                    lead_time_days=one.lead_time_days,
                    abc_class=one.abc_class,
                    monthly=forecast(one.part.demand),
                    position=one.part.position,
                    point=one.point,
                    level=one.level,
                    units=units,
                    by_hand=one.by_hand,
                )
            )
    return found


def at_their_point(work: Work, suppliers: dict[str, Supplier], service_level: int, cover_days: int) -> Iterator[AtPoint]:
    """Every part that is at or below its reorder point: as somebody set it by hand, or else as its demand says."""
    newest = newest_number(work)
    parts = stocked_parts(work, newest)
    of_class = classes(parts)
    terms = _terms(work, suppliers)
    by_hand = levels_by_hand(work, newest)
    for count, number in enumerate(sorted(parts.keys() | by_hand.keys())):
        if count % A_BREATH == 0:
            work.yield_control()
        part, sold, said = parts.get(number, Stocked()), terms.get(number), by_hand.get(number)
        lead_time = 0 if sold is None else sold.lead_time(suppliers[sold.supplier_id])
        if said is not None:
            point, level = said.point_units, said.level_units
        else:
            worked_out = reorder_point(part.demand, lead_time, service_level)
            point, level = whole_pieces(worked_out), whole_pieces(order_up_to(worked_out, part.demand, cover_days))
        if part.position > point or (part.position == 0 and level == 0):
            continue
        yield AtPoint(number, part, sold, lead_time, of_class.get(number, "C"), point, level, by_hand=said is not None)


def _terms(work: Work, suppliers: Iterable[str]) -> dict[str, SupplierPart]:
    """Of each part the terms to order at: the preferred supplier's, or else the cheapest's, of those that are approved."""
    best: dict[str, SupplierPart] = {}
    approved = sorted(suppliers)
    for one in work.all(select(SupplierPart).where(SupplierPart.supplier_id.in_(approved))) if approved else ():
        known = best.get(one.part_number)
        if known is None or (not one.preferred, one.price_minor, one.id) < (not known.preferred, known.price_minor, known.id):
            best[one.part_number] = one
    return best


def whole_pieces(units: Decimal) -> int:
    """Whole pieces, litres or metres, rounded up; in units."""
    return int((units / ONE).to_integral_value(ROUND_CEILING)) * ONE
