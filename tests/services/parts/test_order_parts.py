"""Rule P5: what an order lacks that nobody booked is on special order for it alone, until it is there or not wanted any more."""

from datetime import date

import pytest

from chassis.wire.errors import Invalid, Refused
from chassis.wire.values import Quantity
from contracts.parts.events import SpecialOrderEvent
from contracts.parts.order_part import ExpectOrderPart, ListOrderParts, OrderForBooking, OrderForOrder
from contracts.parts.order_part_events import OrderPartArrived, OrderPartAwaited, OrderPartClosed, OrderPartEvent
from contracts.parts.purchasing import (
    ApprovePurchaseOrder,
    CancelPurchaseOrder,
    RedraftPurchaseOrder,
    SendPurchaseOrder,
    WantedPart,
)
from contracts.parts.reservation import ListShortParts
from contracts.parts.special_order import ListSpecialOrders
from tests.services.history import ANYBODY, DEALER, Reading, grow
from tests.services.parts.facts import TOMORROW, an_id, want, yuan
from tests.services.parts.test_purchasing import MANAGER, approved_supplier, came, sent
from tests.services.parts.test_suppliers import offer

AWAITED, ARRIVED, CLOSED = OrderPartAwaited, OrderPartArrived, OrderPartClosed


def listed(scene, state="awaited", **asked):
    """(asked for, quantity, order, expected on) of the list."""
    found = scene.desk.ask(ListOrderParts(state=state, **asked)).items
    return [(one.asked_for, float(one.quantity.decimal), one.work_order_id, one.expected_on) for one in found]


def told(scene):
    """What was announced of parts of orders: kind and quantity."""
    facts = [one for one in scene.desk.announced() if isinstance(one, OrderPartEvent)]
    return [(type(one), float(one.order_part.quantity.decimal)) for one in facts]


def walk_in(scene, name, *parts, **how):
    """An order without an appointment, approved."""
    scene.opened(name)
    scene.approved(name, *parts, **how)


def ordered(desk, part, supplier, **how):
    """Drafted for that one alone, approved, sent."""
    order = desk.do(OrderForOrder(supplier_id=supplier.id, order_part_id=part.id, unit_price=yuan("1"), **how))
    desk.do(ApprovePurchaseOrder(purchase_order_id=order.id), roles=MANAGER)
    return desk.do(SendPurchaseOrder(purchase_order_id=order.id))


def waits(scene, order):
    [part] = scene.desk.ask(ListOrderParts(work_order_id=an_id(order))).items
    return part


def test_rule_p5_what_an_order_lacks_is_on_special_order_for_it_once(scene):
    """With customer, car and number of the order; nothing of what is there, and nothing twice."""
    scene.in_stock("P-1", "1")
    scene.in_stock("P-2", "5")
    scene.opened("order")
    scene.approved("order", want("a", "P-1", "3"), want("b", "P-2", "1"), promised_at=TOMORROW, times=2)
    assert listed(scene) == [("P-1", 2.0, an_id("order"), None)]
    [fact] = scene.desk.announced(OrderPartAwaited)
    facts = fact.order_part
    assert (facts.customer_id, facts.plate, facts.order_number) == (an_id("Li Lei"), "沪A12345", "WO-1")
    assert scene.desk.ask(ListSpecialOrders()).items == []
    assert not [one for one in scene.desk.announced() if isinstance(one, SpecialOrderEvent)]
    [short] = [line for one in scene.desk.ask(ListShortParts()).items for line in one.lines]
    assert short.on_order


def test_rule_p5_the_order_may_be_heard_of_after_its_approval(scene):
    """Nobody knows before whose it is."""
    scene.catalogued("P-1")
    scene.approved("order", want("a", "P-1", "1"))
    assert listed(scene) == []
    scene.opened("order")
    assert listed(scene) == [("P-1", 1.0, an_id("order"), None)]


def test_rule_p5_what_an_order_adds_to_its_appointment_is_its_own(scene):
    """What was booked stays the appointment's special order."""
    scene.catalogued("P-1", "P-2")
    scene.booked("monday", want("a", "P-1", "1"))
    scene.opened("order", "monday")
    scene.approved("order", want("x", "P-1", "1"), want("y", "P-2", "1"), appointment="monday")
    assert [one.asked_for for one in scene.desk.ask(ListSpecialOrders()).items] == ["P-1"]
    assert listed(scene) == [("P-2", 1.0, an_id("order"), None)]
    scene.voided("order")
    assert (listed(scene), len(listed(scene, "closed"))) == ([], 1)


def test_rule_p5_a_receipt_that_is_enough_is_told_once(scene):
    """Part of it makes it smaller; all of it, set aside for the order, is here; what is taken again is awaited again."""
    scene.catalogued("P-1")
    walk_in(scene, "order", want("a", "P-1", "3"))
    scene.received("P-1", "1")
    scene.received("P-1", "2")
    assert (listed(scene), listed(scene, "here")[0][0]) == ([], "P-1")
    assert told(scene) == [(AWAITED, 3.0), (AWAITED, 2.0), (ARRIVED, 2.0)]
    scene.corrected("P-1", "1", "bin", "discrepancy")
    assert told(scene)[3:] == [(AWAITED, 1.0)]
    scene.received("P-1", "1")
    assert told(scene)[4:] == [(ARRIVED, 1.0)]
    scene.assert_the_books_agree()


@pytest.mark.parametrize("end", ["voided", "delivered", "withdrawn"])
def test_rule_p5_its_end_follows_the_order(scene, end):
    """What came for an order that is off is free for others; nothing more is told of it."""
    scene.catalogued("P-1")
    walk_in(scene, "order", want("a", "P-1", "1"))
    scene.received("P-1", "1")
    getattr(scene, end)("order")
    assert told(scene)[2:] == [(CLOSED, 1.0)]
    assert (listed(scene, "here"), len(listed(scene, "closed"))) == ([], 1)
    assert scene.part("P-1").available == Quantity.of("1")
    scene.assert_the_books_agree()


def test_rule_p5_an_order_whose_delivery_is_reversed_waits_again(scene):
    """It wants what is approved and not on the car."""
    scene.catalogued("P-1")
    walk_in(scene, "order", want("a", "P-1", "1"))
    scene.delivered("order")
    scene.reversed("order")
    assert (listed(scene), told(scene)[-1]) == ([("P-1", 1.0, an_id("order"), None)], (AWAITED, 1.0))


def test_rule_p5_what_is_ordered_for_an_order_alone_is_set_aside_for_it_first(scene, desk):
    """Another one has waited longer for the same part."""
    scene.catalogued("PAD")
    walk_in(scene, "older", want("a", "PAD", "1"))
    desk.pass_time(minutes=1)
    walk_in(scene, "mine", want("b", "PAD", "2"))
    order = ordered(desk, waits(scene, "mine"), approved_supplier(desk))
    assert (order.lines[0].ordered_for, order.lines[0].quantity) == (waits(scene, "mine").id, Quantity.of("2"))
    assert [(one.asked_for, one.expected_on) for one in (waits(scene, "older"), waits(scene, "mine"))] == [
        ("PAD", None),
        ("PAD", date(2026, 3, 9)),
    ]
    assert waits(scene, "mine").purchase_order_id == order.id
    came(desk, order, accepted="2")
    assert scene.set_aside("mine") == {"PAD": (2.0, 0.0, 0.0)}
    assert scene.set_aside("older") == {"PAD": (0.0, 0.0, 1.0)}
    scene.assert_the_books_agree()


def test_rule_p5_what_is_ordered_for_an_appointment_is_set_aside_for_it_first(scene, desk):
    scene.catalogued("PAD")
    walk_in(scene, "older", want("a", "PAD", "1"))
    desk.pass_time(minutes=1)
    scene.booked("monday", want("b", "PAD", "1"))
    [special] = desk.ask(ListSpecialOrders()).items
    supplier = approved_supplier(desk)
    order = desk.do(OrderForBooking(supplier_id=supplier.id, special_order_id=special.id, unit_price=yuan("1")))
    desk.do(ApprovePurchaseOrder(purchase_order_id=order.id), roles=MANAGER)
    desk.do(SendPurchaseOrder(purchase_order_id=order.id))
    came(desk, order, accepted="1")
    assert scene.set_aside(appointment="monday") == {"PAD": (1.0, 0.0, 0.0)}


def test_rule_p5_what_comes_for_an_order_that_is_void_is_for_who_waits(scene, desk):
    """It is released, or goes back to its supplier."""
    scene.catalogued("PAD")
    walk_in(scene, "mine", want("b", "PAD", "2"))
    walk_in(scene, "other", want("a", "PAD", "1"))
    order = ordered(desk, waits(scene, "mine"), approved_supplier(desk))
    scene.voided("mine")
    assert waits(scene, "other").expected_on == date(2026, 3, 9)
    receipt = came(desk, order, accepted="2")
    assert scene.set_aside("other") == {"PAD": (1.0, 0.0, 0.0)}
    scene.sent_back(receipt, "PAD", "1")
    assert scene.part("PAD").in_bin == Quantity.of("1")


def test_rule_p5_it_is_ordered_in_the_suppliers_steps_and_at_its_terms(scene, desk):
    """What is beyond it is for who waits longest."""
    scene.catalogued("PAD")
    supplier = approved_supplier(desk)
    offer(desk, supplier, order_multiple=Quantity.of("4"))
    walk_in(scene, "mine", want("b", "PAD", "1"))
    walk_in(scene, "other", want("a", "PAD", "1"))
    order = desk.do(OrderForOrder(supplier_id=supplier.id, order_part_id=waits(scene, "mine").id))
    assert (order.lines[0].quantity, order.state, str(order.total.amount)) == (Quantity.of("4"), "draft", "50.00")
    lines = [WantedPart(part_number="PAD", quantity=Quantity.of("8"))]
    again = desk.do(RedraftPurchaseOrder(purchase_order_id=order.id, lines=lines), if_match=order.version)
    assert again.lines[0].ordered_for == waits(scene, "mine").id
    scene.catalogued("DISC")
    other = [WantedPart(part_number="DISC", quantity=Quantity.of("1"), unit_price=yuan("1"))]
    assert desk.do(RedraftPurchaseOrder(purchase_order_id=order.id, lines=other)).lines[0].ordered_for is None


def test_rule_p5_only_what_is_awaited_is_ordered(scene, desk):
    """Of an order that is void nothing is."""
    scene.catalogued("PAD")
    supplier = approved_supplier(desk)
    walk_in(scene, "mine", want("b", "PAD", "1"))
    part = waits(scene, "mine")
    scene.voided("mine")
    with pytest.raises(Refused, match="order_part_closed"):
        desk.do(OrderForOrder(supplier_id=supplier.id, order_part_id=part.id, unit_price=yuan("1")))


def test_rule_p5_who_waits_for_a_part_learns_when_it_comes_whoever_booked_it(scene, desk):
    """Appointments and orders share what is on its way, the oldest first."""
    scene.catalogued("PAD")
    supplier = approved_supplier(desk)
    scene.booked("monday", want("a", "PAD", "2"))
    desk.pass_time(minutes=1)
    walk_in(scene, "order", want("b", "PAD", "1"))
    first = sent(desk, supplier, ("PAD", "2", yuan("1")))
    assert waits(scene, "order").expected_on is None
    second = sent(desk, supplier, ("PAD", "1", yuan("1")))
    assert waits(scene, "order").purchase_order_id == second.id
    desk.do(CancelPurchaseOrder(purchase_order_id=first.id, reason="sold out"))
    assert waits(scene, "order").expected_on == date(2026, 3, 9)


def test_rule_p5_the_clerk_says_when_it_is_expected(scene, desk):
    scene.catalogued("P-1")
    walk_in(scene, "order", want("a", "P-1", "1"), promised_at=TOMORROW)
    part = waits(scene, "order")
    for day, late in ((date(2026, 3, 3), False), (date(2026, 3, 4), True)):
        answer = desk.do(ExpectOrderPart(order_part_id=part.id, expected_on=day))
        assert (answer.expected_on, answer.late) == (day, late)
    with pytest.raises(Invalid, match="must_not_be_past"):
        desk.do(ExpectOrderPart(order_part_id=part.id, expected_on=date(2026, 3, 1)))
    scene.received("P-1", "1")
    with pytest.raises(Refused, match="order_part_closed"):
        desk.do(ExpectOrderPart(order_part_id=part.id, expected_on=date(2026, 3, 5)))


def test_rule_p5_an_order_waits_again_whatever_the_release_before_noted_of_it(scene, desk):
    """While both serve, that one knows of appointments' special orders alone."""
    scene.catalogued("P-1")
    walk_in(scene, "order", want("a", "P-1", "1"))

    def forgotten():
        with desk.executor.sessions() as session:
            session.scope_to(DEALER)
            session.connection().exec_driver_sql("UPDATE reservation SET on_order = false")
            session.commit()

    forgotten()
    [short] = [line for one in desk.ask(ListShortParts()).items for line in one.lines]
    assert short.on_order
    scene.received("P-1", "1")
    assert listed(scene, "here") == [("P-1", 1.0, an_id("order"), None)]
    forgotten()
    scene.corrected("P-1", "1", "bin", "discrepancy")
    assert listed(scene) == [("P-1", 1.0, an_id("order"), None)]


def test_rule_p5_what_is_ordered_for_somebody_is_not_ordered_for_them_again(scene, desk):
    """Not by another clerk while it is a draft, nor when it is sent; once it is given up it is."""
    scene.catalogued("PAD")
    supplier = approved_supplier(desk)
    walk_in(scene, "mine", want("b", "PAD", "2"))
    scene.booked("monday", want("c", "PAD", "1"))
    again = OrderForOrder(supplier_id=supplier.id, order_part_id=waits(scene, "mine").id, unit_price=yuan("1"))
    order = desk.do(again)
    [special] = desk.ask(ListSpecialOrders()).items
    desk.do(OrderForBooking(supplier_id=supplier.id, special_order_id=special.id, unit_price=yuan("1")))
    for _ in range(2):
        with pytest.raises(Refused, match="ordered_already") as refused:
            desk.do(again)
        assert refused.value.details == {"number": order.number}
        if order.state == "draft":
            desk.do(ApprovePurchaseOrder(purchase_order_id=order.id), roles=MANAGER)
            order = desk.do(SendPurchaseOrder(purchase_order_id=order.id))
    desk.do(CancelPurchaseOrder(purchase_order_id=order.id, reason="sold out"))
    assert desk.do(again).lines[0].ordered_for == waits(scene, "mine").id


@pytest.mark.parametrize(
    ("told", "field"), [({}, "unit_price"), ({"unit_price": yuan("1"), "quantity": Quantity.of("1.5")}, "quantity")]
)
def test_rule_p5_what_is_wrong_with_an_order_for_one_alone_is_named_as_it_was_said(scene, desk, told, field):
    """There are no lines in what the clerk says."""
    scene.catalogued("PAD", unit="pc")
    supplier = approved_supplier(desk)
    walk_in(scene, "mine", want("b", "PAD", "2"))
    with pytest.raises(Invalid) as refused:
        desk.do(OrderForOrder(supplier_id=supplier.id, order_part_id=waits(scene, "mine").id, **told))
    assert list(refused.value.details["errors"]) == [field]


@pytest.mark.new_database
def test_rule_p5_the_list_costs_the_same_however_many_there_were(scene):
    scene.catalogued("P-1")
    walk_in(scene, "order", want("a", "P-1", "1"))
    grow(scene.desk, "order_part", 2_000, state="'closed'", work_order_id=ANYBODY)
    asked = ListOrderParts(), ListOrderParts(work_order_id=an_id("order"))
    assert max(Reading(scene.desk, query).rows for query in asked) < 20
