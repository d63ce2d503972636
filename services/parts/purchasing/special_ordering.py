"""Ordering a part for whom it is short, and for nobody else (Rule P5)."""

from chassis import Quantity, Work
from contracts.parts.order_part import OrderAlone, OrderForBooking, OrderForOrder
from contracts.parts.purchasing import PurchaseOrder as PurchaseOrderAnswer
from contracts.parts.purchasing import WantedPart
from services.parts.purchasing.drafting import drafted
from services.parts.purchasing.queries import shown
from services.parts.special_order.order_part import OrderPart
from services.parts.special_order.special_order import SpecialOrder
from services.parts.stock.stock import open_stock
from services.parts.supplier.supplier import Supplier
from services.parts.supplier.supplier_part import terms_of


def order_for_booking(work: Work, command: OrderForBooking) -> PurchaseOrderAnswer:
    """Draft an order of what is short. Raises Refused for what is waited for no more, and a supplier that is not approved."""
    open_stock(work)
    return _order(work, command, work.get(SpecialOrder, command.special_order_id))


def order_for_order(work: Work, command: OrderForOrder) -> PurchaseOrderAnswer:
    """The same, of what an order waits for."""
    open_stock(work)
    return _order(work, command, work.get(OrderPart, command.order_part_id))


def _order(work: Work, command: OrderAlone, waits: SpecialOrder | OrderPart) -> PurchaseOrderAnswer:
    waits.require_open()
    supplier, units = work.get(Supplier, command.supplier_id), waits.quantity_units
    terms = terms_of(work, supplier, waits.part_number)
    quantity = command.quantity or Quantity(units if terms is None else terms.ordered(units))
    wanted = WantedPart(part_number=waits.part_number, quantity=quantity, unit_price=command.unit_price)
    order = drafted(work, supplier, [wanted])
    order.lines[0].ordered_for = waits.id
    return shown(work, order)


def who_waits(work: Work, id_: str) -> SpecialOrder | OrderPart | None:
    """Who a line was ordered for, if they still wait."""
    found = work.find(SpecialOrder, id_) or work.find(OrderPart, id_)
    return found if found is not None and found.state == found.OPEN else None
