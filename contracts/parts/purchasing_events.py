"""What parts announces of purchase orders (Rule P4)."""

from datetime import date

from chassis.wire import Event, Id, Money
from contracts.parts.purchasing import PurchaseOrderNumber, PurchaseOrderState
from contracts.parts.supplier import SupplierCode


class PurchaseOrderEvent(Event):
    """What every event of a purchase order (采购订单) tells: how it is now."""

    purchase_order_id: Id
    number: PurchaseOrderNumber
    supplier_id: Id
    supplier_code: SupplierCode
    state: PurchaseOrderState
    total: Money
    expected_on: date | None = None


class PurchaseOrderApproved(PurchaseOrderEvent, type="parts.purchase_order.approved"):
    """Somebody whose limit is high enough has approved it."""


class PurchaseOrderSent(PurchaseOrderEvent, type="parts.purchase_order.sent"):
    """The supplier has it; its parts are on their way, and expected."""


class PurchaseOrderExpected(PurchaseOrderEvent, type="parts.purchase_order.expected"):
    """The supplier named another day for what is outstanding."""


class PurchaseOrderReceived(PurchaseOrderEvent, type="parts.purchase_order.received"):
    """A delivery of it came, or was undone; with `state` partly_received or sent, something is outstanding."""


class PurchaseOrderCancelled(PurchaseOrderEvent, type="parts.purchase_order.cancelled"):
    """Nothing more of it is wanted; what came before stays."""
