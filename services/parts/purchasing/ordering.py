"""Approving, sending, expecting and cancelling purchase orders (Rule P4)."""

from chassis import Invalid, Work
from chassis.wire.ahead import YEAR, require_within
from contracts.parts.purchasing import (
    ApprovePurchaseOrder,
    CancelPurchaseOrder,
    ExpectPurchaseOrder,
    SendPurchaseOrder,
    SetPurchasingSettings,
)
from contracts.parts.purchasing import PurchaseOrder as PurchaseOrderAnswer
from services.parts.purchasing.arrivals import tell_arrivals
from services.parts.purchasing.purchase_order import PurchaseOrder
from services.parts.purchasing.queries import shown
from services.parts.purchasing.settings import PurchasingSettings
from services.parts.stock.stock import open_stock
from services.parts.supplier.supplier import Supplier


def approve(work: Work, command: ApprovePurchaseOrder) -> PurchaseOrderAnswer:
    """Approve a draft. Raises Refused above the limit of whoever asks, and for a supplier that was suspended since."""
    order = work.edit(PurchaseOrder, command.purchase_order_id)
    work.get(Supplier, order.supplier_id).require_approved()
    work.settings(PurchasingSettings).require_within(order.total, work.call.roles)
    order.approve(at=work.now, by=work.actor)
    return shown(work, order)


def send(work: Work, command: SendPurchaseOrder) -> PurchaseOrderAnswer:
    """The supplier has it. Raises Refused for one that was suspended since."""
    open_stock(work)
    order = work.edit(PurchaseOrder, command.purchase_order_id)
    work.get(Supplier, order.supplier_id).require_approved()
    order.send(at=work.now, by=work.actor, today=work.profile.local(work.now).date())
    tell_arrivals(work, order.numbers)
    return shown(work, order)


def expect(work: Work, command: ExpectPurchaseOrder) -> PurchaseOrderAnswer:
    """The supplier named another day. Raises Invalid for one that has passed, or for a line that the order does not have."""
    open_stock(work)
    order = work.edit(PurchaseOrder, command.purchase_order_id)
    today = work.profile.local(work.now).date()
    if command.expected_on < today:
        raise Invalid.field("expected_on", "must_not_be_past")
    require_within("expected_on", command.expected_on, today, days=2 * YEAR)
    numbers = {line.number for line in order.lines}
    for place, number in enumerate(command.lines):
        if number not in numbers:
            raise Invalid.field(f"lines.{place}", "not_on_the_order")
    order.expect(command.expected_on, set(command.lines) or numbers)
    tell_arrivals(work, order.numbers)
    return shown(work, order)


def cancel(work: Work, command: CancelPurchaseOrder) -> PurchaseOrderAnswer:
    """Nothing more of it is wanted; who waited for it learns that nobody knows when it comes."""
    open_stock(work)
    order = work.edit(PurchaseOrder, command.purchase_order_id)
    order.cancel(command.reason)
    tell_arrivals(work, order.numbers)
    return shown(work, order)


def set_limits(work: Work, command: SetPurchasingSettings) -> PurchasingSettings:
    """Set up to what total who approves."""
    settings = work.edit_settings(PurchasingSettings)
    settings.set_limits(command.clerk_limit, command.manager_limit)
    return settings
