"""Ordering a part for whom it is short, and for nobody else (Rule P5)."""

from sqlalchemy import select

from chassis import Quantity, Refused, Work
from contracts.parts.order_part import OrderAlone, OrderForBooking, OrderForOrder
from contracts.parts.purchasing import PurchaseOrder as PurchaseOrderAnswer
from contracts.parts.purchasing import WantedPart
from services.parts.purchasing.drafting import drafted
from services.parts.purchasing.line import PurchaseLine
from services.parts.purchasing.purchase_order import OPEN, PurchaseOrder
from services.parts.purchasing.queries import shown
from services.parts.special_order.order_part import OrderPart
from services.parts.special_order.special_order import SpecialOrder
from services.parts.stock.stock import open_stock
from services.parts.supplier.supplier import Supplier
from services.parts.supplier.supplier_part import terms_of


def order_for_booking(work: Work, command: OrderForBooking) -> PurchaseOrderAnswer:
    """Draft an order of what is short.

    Raises Refused for what is waited for no more or is ordered already, and for a supplier that is not approved.
    """
    open_stock(work)
    return _order(work, command, work.get(SpecialOrder, command.special_order_id))


def order_for_order(work: Work, command: OrderForOrder) -> PurchaseOrderAnswer:
    """The same, of what an order waits for."""
    open_stock(work)
    return _order(work, command, work.get(OrderPart, command.order_part_id))


def _order(work: Work, command: OrderAlone, waits: SpecialOrder | OrderPart) -> PurchaseOrderAnswer:
    waits.require_open()
    _refuse_twice(work, waits.id)
    supplier, units = work.get(Supplier, command.supplier_id), waits.quantity_units
    terms = terms_of(work, supplier, waits.part_number)
    quantity = command.quantity or Quantity(units if terms is None else terms.ordered(units))
    wanted = WantedPart(part_number=waits.part_number, quantity=quantity, unit_price=command.unit_price)
    order = drafted(work, supplier, [wanted], where="")
    order.lines[0].ordered_for = waits.id
    return shown(work, order)


def _refuse_twice(work: Work, ordered_for: str) -> None:
    """Raises Refused("ordered_already") while something of it is outstanding, of a draft, too."""
    of_order = (PurchaseLine.dealer_id == PurchaseOrder.dealer_id) & (PurchaseLine.purchase_order_id == PurchaseOrder.id)
    left = PurchaseLine.quantity_units > PurchaseLine.received_units + PurchaseLine.given_up_units
    open_ones = select(PurchaseOrder.number).join(PurchaseLine, of_order)
    open_ones = open_ones.where(
        PurchaseOrder.state.in_(("draft", "approved", *OPEN)), PurchaseLine.ordered_for == ordered_for, left
    )
    for row in work.execute(open_ones.order_by(PurchaseOrder.id).limit(1)):
        raise Refused("ordered_already", number=row.number)
