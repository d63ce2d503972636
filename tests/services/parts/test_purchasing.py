"""Purchase orders: drafted, approved within a limit, sent, received in parts against an inspection (Rule P4)."""

from datetime import date

import pytest

from chassis.wire.errors import Invalid, NotFound, Refused
from chassis.wire.values import Quantity
from contracts.parts.events import SpecialOrderChanged
from contracts.parts.purchasing import (
    ApprovePurchaseOrder,
    CancelPurchaseOrder,
    DeliveredPart,
    DraftPurchaseOrder,
    ExpectPurchaseOrder,
    GetPurchaseOrder,
    GetPurchasingSettings,
    ListArrivals,
    ListPurchaseOrders,
    ReceivePurchaseOrder,
    RedraftPurchaseOrder,
    SendPurchaseOrder,
    SetPurchasingSettings,
    WantedPart,
)
from contracts.parts.purchasing_events import PurchaseOrderSent
from contracts.parts.special_order import ListSpecialOrders
from contracts.parts.supplier import ApproveSupplier, SuspendSupplier
from tests.services.parts.facts import want, yuan
from tests.services.parts.test_suppliers import offer, register

CLERK, MANAGER = ("parts_clerk",), ("parts_clerk", "service_manager")


def quantity(amount):
    return Quantity.of(amount)


def approved_supplier(desk, code="SAIC-P", **facts):
    return desk.do(ApproveSupplier(supplier_id=register(desk, code, **facts).id, reason="audited"))


def draft(desk, supplier, *lines, **how):
    wanted = [WantedPart(part_number=number, quantity=quantity(amount), unit_price=price) for number, amount, price in lines]
    return desk.do(DraftPurchaseOrder(supplier_id=supplier.id, lines=wanted), **how)


def sent(desk, supplier, *lines):
    order = draft(desk, supplier, *lines)
    desk.do(ApprovePurchaseOrder(purchase_order_id=order.id), roles=MANAGER)
    return desk.do(SendPurchaseOrder(purchase_order_id=order.id))


def came(desk, order, line=1, accepted="0", *, reference="DN-1", cost=None, **rest):
    told = {name: quantity(amount) for name, amount in rest.items()}
    delivered = DeliveredPart(line_number=line, accepted=quantity(accepted), unit_cost=cost, **told)
    return desk.do(ReceivePurchaseOrder(purchase_order_id=order.id, reference=reference, lines=[delivered]))


def stands(desk, order):
    """State, and of each line what was received, given up and is outstanding."""
    now = desk.ask(GetPurchaseOrder(purchase_order_id=order.id))
    return now.state, [
        tuple(float(one.decimal) for one in (line.received, line.given_up, line.outstanding)) for line in now.lines
    ]


def test_a_draft_takes_the_suppliers_terms(desk, scene):
    """Rule P4: price, their number, lead time; of what has no terms the price is said, and the supplier's lead time applies."""
    scene.catalogued("PAD", "DISC")
    supplier = approved_supplier(desk)
    offer(desk, supplier, lead_time_days=3)
    order = draft(desk, supplier, ("s-1", "4", None), ("DISC", "2", yuan("9.99")))
    assert (order.number, order.state, str(order.total.amount)) == ("PO-2026-000001", "draft", "69.98")
    assert [
        (one.part_number, one.supplier_part_number, str(one.unit_price.amount), one.lead_time_days, one.expected_on)
        for one in order.lines
    ] == [("PAD", "S-1", "12.50", 3, None), ("DISC", None, "9.99", 7, None)]
    assert draft(desk, supplier, ("PAD", "1", None)).number == "PO-2026-000002"


def test_nothing_is_ordered_from_a_supplier_that_is_not_approved(desk, scene):
    """Rule P12: not drafted, not approved, not sent; what was sent before may still come."""
    scene.catalogued("PAD")
    supplier = register(desk)
    with pytest.raises(Refused, match="supplier_not_approved"):
        draft(desk, supplier, ("PAD", "1", yuan("1")))
    desk.do(ApproveSupplier(supplier_id=supplier.id, reason="audited"))
    first, second, third = (draft(desk, supplier, ("PAD", "1", yuan("1"))) for _ in range(3))
    for one in (second, third):
        desk.do(ApprovePurchaseOrder(purchase_order_id=one.id), roles=CLERK)
    desk.do(SendPurchaseOrder(purchase_order_id=third.id))
    desk.do(SuspendSupplier(supplier_id=supplier.id, reason="bad parts"))
    with pytest.raises(Refused, match="supplier_not_approved"):
        desk.do(ApprovePurchaseOrder(purchase_order_id=first.id), roles=MANAGER)
    with pytest.raises(Refused, match="supplier_not_approved"):
        desk.do(SendPurchaseOrder(purchase_order_id=second.id))
    came(desk, third, accepted="1")


def test_what_is_ordered_keeps_to_the_suppliers_minimum_and_steps(desk, scene):
    """Rule P1."""
    scene.catalogued("PAD")
    supplier = approved_supplier(desk)
    offer(desk, supplier, order_multiple=quantity("4"), order_minimum=quantity("8"))
    for amount in ("4", "10"):
        with pytest.raises(Invalid) as refused:
            draft(desk, supplier, ("PAD", amount, None))
        assert list(refused.value.details["errors"]) == ["lines.0.quantity"]
    assert draft(desk, supplier, ("PAD", "12", None)).lines[0].quantity == quantity("12")


def test_a_line_says_what_is_wrong_with_it(desk, scene):
    """A price is needed where there are no terms; a part stands on an order once; pieces are whole; nobody orders the unknown."""
    scene.catalogued("PAD", unit="个")
    supplier = approved_supplier(desk)
    for lines, field in (
        ([("PAD", "1", None)], "lines.0.unit_price"),
        ([("PAD", "1", yuan("1")), ("pad", "1", yuan("1"))], "lines.1.part_number"),
        ([("PAD", "0.5", yuan("1"))], "lines.0.quantity"),
        ([("PAD", "1000000", yuan("1000000"))], "lines.0.quantity"),
    ):
        with pytest.raises(Invalid) as refused:
            draft(desk, supplier, *lines)
        assert list(refused.value.details["errors"]) == [field]
    with pytest.raises(Refused, match="part_unknown"):
        draft(desk, supplier, ("NOBODY", "1", yuan("1")))


def test_each_role_approves_up_to_its_limit(desk, scene):
    """Rule P4: 5,000 for the clerk (default), any order for the service manager; a setting of the dealer's."""
    scene.catalogued("PAD")
    supplier = approved_supplier(desk)
    order = draft(desk, supplier, ("PAD", "5001", yuan("1")))
    with pytest.raises(Refused, match="purchase_limit") as refused:
        desk.do(ApprovePurchaseOrder(purchase_order_id=order.id), roles=CLERK)
    assert refused.value.details["limit"] == {"amount": "5000.00", "currency": "CNY"}
    settings = desk.ask(GetPurchasingSettings())
    limits = SetPurchasingSettings(clerk_limit=yuan("10"), manager_limit=yuan("5000"))
    desk.do(limits, if_match=settings.version, roles=MANAGER)
    with pytest.raises(Refused, match="purchase_limit"):
        desk.do(ApprovePurchaseOrder(purchase_order_id=order.id), roles=MANAGER)
    desk.do(SetPurchasingSettings(clerk_limit=yuan("10")), if_match=settings.version + 1, roles=MANAGER)
    done = desk.do(ApprovePurchaseOrder(purchase_order_id=order.id), roles=MANAGER)
    assert (done.state, done.approved_by) == ("approved", "wang")


def test_only_a_draft_is_changed_and_only_what_is_approved_is_sent(desk, scene):
    """Rule P4."""
    scene.catalogued("PAD", "DISC")
    supplier = approved_supplier(desk)
    order = draft(desk, supplier, ("PAD", "2", yuan("1")))
    with pytest.raises(Refused, match="purchase_order_not_approved"):
        desk.do(SendPurchaseOrder(purchase_order_id=order.id))
    other = [WantedPart(part_number="DISC", quantity=quantity("3"), unit_price=yuan("2"))]
    more = [*other, WantedPart(part_number="PAD", quantity=quantity("1"), unit_price=yuan("1"))]
    order = desk.do(RedraftPurchaseOrder(purchase_order_id=order.id, lines=more), if_match=order.version)
    assert ([one.part_number for one in order.lines], str(order.total.amount)) == (["DISC", "PAD"], "7.00")
    order = desk.do(RedraftPurchaseOrder(purchase_order_id=order.id, lines=other), if_match=order.version)
    assert ([one.part_number for one in order.lines], str(order.total.amount)) == (["DISC"], "6.00")
    desk.do(ApprovePurchaseOrder(purchase_order_id=order.id), roles=CLERK)
    for again in (
        RedraftPurchaseOrder(purchase_order_id=order.id, lines=other),
        ApprovePurchaseOrder(purchase_order_id=order.id),
    ):
        with pytest.raises(Refused, match="purchase_order_not_draft"):
            desk.do(again, roles=CLERK)
    order = desk.do(SendPurchaseOrder(purchase_order_id=order.id))
    with pytest.raises(Refused, match="purchase_order_not_approved"):
        desk.do(SendPurchaseOrder(purchase_order_id=order.id))
    assert [fact.state for fact in desk.announced(PurchaseOrderSent)] == ["sent"]


def test_what_is_sent_is_expected_after_its_lead_time(desk, scene):
    """Rule P4: by the dealer's calendar; the supplier may name another day, of some lines or all, from today on."""
    scene.catalogued("PAD", "DISC")
    supplier = approved_supplier(desk)
    offer(desk, supplier, lead_time_days=3)
    order = sent(desk, supplier, ("PAD", "4", None), ("DISC", "2", yuan("9")))
    assert [one.expected_on for one in order.lines] == [date(2026, 3, 5), date(2026, 3, 9)]
    assert order.expected_on == date(2026, 3, 5)
    order = desk.do(ExpectPurchaseOrder(purchase_order_id=order.id, expected_on=date(2026, 3, 12), lines=[1]))
    assert [one.expected_on for one in order.lines] == [date(2026, 3, 12), date(2026, 3, 9)]
    assert [(one.part_number, one.late) for one in desk.ask(ListArrivals()).items] == [("DISC", False), ("PAD", False)]
    assert [one.part_number for one in desk.ask(ListArrivals(until=date(2026, 3, 9))).items] == ["DISC"]
    desk.pass_time(days=9)
    assert [one.late for one in desk.ask(ListArrivals(part_number="disc")).items] == [True]
    for told, field in (
        ({"expected_on": date(2026, 3, 1)}, "expected_on"),
        ({"expected_on": date(2026, 3, 20), "lines": [7]}, "lines.0"),
    ):
        with pytest.raises(Invalid) as refused:
            desk.do(ExpectPurchaseOrder(purchase_order_id=order.id, **told))
        assert list(refused.value.details["errors"]) == [field]


def test_an_order_is_cancelled_and_what_came_of_it_stays(desk, scene):
    """Rule P4: before anything came it is cancelled; after that the rest is given up."""
    scene.catalogued("PAD")
    supplier = approved_supplier(desk)
    nothing, some = sent(desk, supplier, ("PAD", "3", yuan("1"))), sent(desk, supplier, ("PAD", "3", yuan("1")))
    came(desk, some, accepted="1")
    for order in (nothing, some):
        desk.do(CancelPurchaseOrder(purchase_order_id=order.id, reason="not made any more"))
    assert stands(desk, nothing) == ("cancelled", [(0, 3, 0)])
    assert stands(desk, some) == ("received", [(1, 2, 0)])
    with pytest.raises(Refused, match="purchase_order_not_open"):
        desk.do(CancelPurchaseOrder(purchase_order_id=nothing.id, reason="again"))
    assert [one.number for one in desk.ask(ListPurchaseOrders(state="cancelled")).items] == [nothing.number]


def test_who_waits_learns_when_their_part_comes(desk, scene):
    """Rules P4, P5, W6: the oldest first gets what is on its way; without an order nobody knows."""
    scene.catalogued("PAD")
    supplier = approved_supplier(desk)
    scene.booked("monday", want("a", "PAD", "2"))
    desk.pass_time(minutes=1)
    scene.booked("tuesday", want("b", "PAD", "3"))

    def expected():
        return sorted((float(one.quantity.decimal), one.expected_on) for one in desk.ask(ListSpecialOrders()).items)

    first = sent(desk, supplier, ("PAD", "4", yuan("1")))
    assert expected() == [(2, date(2026, 3, 9)), (3, None)]
    assert desk.announced(SpecialOrderChanged)[-1].special_order.expected_on == date(2026, 3, 9)
    second = sent(desk, supplier, ("PAD", "1", yuan("1")))
    desk.do(ExpectPurchaseOrder(purchase_order_id=second.id, expected_on=date(2026, 3, 20)))
    assert expected() == [(2, date(2026, 3, 9)), (3, date(2026, 3, 20))]
    with_orders = {float(one.quantity.decimal): one.purchase_order_id for one in desk.ask(ListSpecialOrders()).items}
    assert with_orders == {2: first.id, 3: second.id}
    desk.do(CancelPurchaseOrder(purchase_order_id=second.id, reason="sold out"))
    assert expected() == [(2, date(2026, 3, 9)), (3, None)]
    came(desk, first, accepted="4")
    assert expected() == [(1, None)]


def test_who_waits_later_learns_of_what_is_on_its_way_already(desk, scene):
    """Rule W6: a part that becomes short after it was ordered comes with that order."""
    scene.catalogued("PAD")
    order = sent(desk, approved_supplier(desk), ("PAD", "4", yuan("1")))
    scene.booked("monday", want("a", "PAD", "2"))
    [special] = desk.ask(ListSpecialOrders()).items
    assert (special.expected_on, special.purchase_order_id) == (date(2026, 3, 9), order.id)
    scene.cancelled("monday")
    scene.booked("tuesday", want("a", "PAD", "4"))
    [special] = desk.ask(ListSpecialOrders()).items
    assert special.expected_on == date(2026, 3, 9)


def test_an_order_of_another_dealer_is_as_unknown_as_none(desk, scene):
    scene.catalogued("PAD")
    order = draft(desk, approved_supplier(desk), ("PAD", "1", yuan("1")))
    with pytest.raises(NotFound):
        desk.ask(GetPurchaseOrder(purchase_order_id=order.id), dealer="bj-chaoyang")
