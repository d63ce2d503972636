"""Drafting purchase orders: in the quantities in which the supplier sells the parts, at its terms (Rules P1, P4)."""

from collections.abc import Sequence

from sqlalchemy import select

from chassis import Invalid, Money, Quantity, Refused, Work
from chassis.wire.rules import rule
from contracts.parts.purchasing import DraftPurchaseOrder, RedraftPurchaseOrder, WantedPart
from contracts.parts.purchasing import PurchaseOrder as PurchaseOrderAnswer
from contracts.shared import MOST_OF_A_LINE
from services.parts.purchasing.line import PurchaseLine
from services.parts.purchasing.purchase_order import PurchaseOrder, next_number
from services.parts.purchasing.queries import shown
from services.parts.supplier.supplier import Supplier
from services.parts.supplier.supplier_part import SupplierPart, delivered_numbers

LINES = "lines.{place}."


def draft(work: Work, command: DraftPurchaseOrder) -> PurchaseOrderAnswer:
    """Draft an order. Raises Refused for a supplier that is not approved (Rule P12)."""
    return shown(work, drafted(work, work.get(Supplier, command.supplier_id), command.lines))


def drafted(work: Work, supplier: Supplier, wanted: Sequence[WantedPart], where: str = LINES) -> PurchaseOrder:
    """A new draft of these parts; `where` each was said, for what is wrong with it."""
    supplier.require_approved()
    order = PurchaseOrder(
        number=next_number(work),
        state="draft",
        supplier_id=supplier.id,
        supplier_code=supplier.code,
        currency=work.profile.currency,
        drafted_by=work.actor,
        drafted_at=work.now,
    )
    order.draft(_lines(work, supplier, wanted, where))
    work.add(order)
    return order


def redraft(work: Work, command: RedraftPurchaseOrder) -> PurchaseOrderAnswer:
    """Other lines of a draft."""
    order = work.edit(PurchaseOrder, command.purchase_order_id)
    order.draft(_lines(work, work.get(Supplier, order.supplier_id), command.lines, LINES))
    return shown(work, order)


def _lines(work: Work, supplier: Supplier, wanted: Sequence[WantedPart], said: str) -> list[PurchaseLine]:
    catalogue = delivered_numbers(work, supplier, (one.part_number for one in wanted))
    numbers = [catalogue.known(one.part_number) for one in wanted]
    sold = select(SupplierPart).where(SupplierPart.supplier_id == supplier.id, SupplierPart.part_number.in_(sorted(set(numbers))))
    terms = {one.part_number: one for one in work.all(sold)}
    lines: list[PurchaseLine] = []
    for place, (one, number) in enumerate(zip(wanted, numbers, strict=True)):
        where = said.format(place=place)
        if number in numbers[:place]:
            raise Invalid.field(f"{where}part_number", "named_twice")
        catalogue.require_whole(f"{where}quantity", one.part_number, one.quantity)
        line = _line(supplier, terms.get(number), one, number, where)
        line.number = place + 1
        lines.append(line)
    return lines


def _line(supplier: Supplier, terms: SupplierPart | None, wanted: WantedPart, number: str, where: str) -> PurchaseLine:
    currency = supplier.currency
    if terms is not None and terms.ordered(wanted.quantity.units) != wanted.quantity.units:
        least, step = str(Quantity(terms.ordered(0))), str(Quantity(terms.multiple_units))
        raise Invalid.fields({f"{where}quantity": [rule("order_steps", least=least, step=step)]})
    if wanted.unit_price is not None and wanted.unit_price.currency != currency:
        raise Refused("wrong_currency", field=f"{where}unit_price", currency=currency)
    if wanted.unit_price is None and terms is None:
        raise Invalid.field(f"{where}unit_price", "required")
    line = PurchaseLine(
        part_number=number,
        their_number=None if terms is None else terms.their_number,
        quantity_units=wanted.quantity.units,
        price_minor=wanted.unit_price.minor if wanted.unit_price is not None else terms.price_minor if terms else 0,
        currency=currency,
        lead_time_days=supplier.lead_time_days if terms is None else terms.lead_time(supplier),
    )
    if line.total.minor > MOST_OF_A_LINE:
        most = Money(MOST_OF_A_LINE, currency).plain()
        raise Invalid.fields({f"{where}quantity": [rule("more_than_a_line", most=most)]})
    return line
