"""Deliveries of purchase orders: inspected, received in parts, undone; nothing beyond what is outstanding (Rule P4)."""

import pytest

from chassis.wire.errors import Invalid, Refused
from contracts.parts.purchasing import DeliveredPart, GetPurchaseOrder, ListArrivals, ReceivePurchaseOrder
from contracts.parts.purchasing_events import PurchaseOrderReceived
from contracts.parts.stock import ListMoves
from tests.services.parts.facts import yuan
from tests.services.parts.test_purchasing import approved_supplier, came, quantity, sent, stands


def test_an_order_comes_in_parts_and_what_is_outstanding_stays_on_order(desk, scene):
    """Rule P4: back-orders are kept until they come."""
    scene.catalogued("PAD")
    order = sent(desk, approved_supplier(desk), ("PAD", "10", yuan("12.50")))
    came(desk, order, accepted="4")
    assert stands(desk, order) == ("partly_received", [(4, 0, 6)])
    came(desk, order, accepted="6", reference="DN-2")
    assert stands(desk, order) == ("received", [(10, 0, 0)])
    assert [fact.state for fact in desk.announced(PurchaseOrderReceived)] == ["partly_received", "received"]
    assert (scene.balance("PAD"), scene.cost("PAD")) == ({"supplier": -10, "bin": 10}, "12.50")
    assert desk.ask(ListArrivals()).items == []
    with pytest.raises(Refused, match="purchase_order_not_open"):
        came(desk, order, accepted="1", reference="DN-3")
    scene.assert_the_books_agree()


def test_more_than_is_outstanding_is_not_received(desk, scene):
    """Rule P4: refused by name, and nothing of the delivery is booked."""
    scene.catalogued("PAD")
    order = sent(desk, approved_supplier(desk), ("PAD", "10", yuan("12.50")))
    came(desk, order, accepted="4")
    with pytest.raises(Refused, match="over_receipt") as refused:
        came(desk, order, accepted="7", reference="DN-2")
    assert (refused.value.details["part_number"], refused.value.details["quantity"]) == ("PAD", "6.000")
    assert (stands(desk, order), scene.balance("PAD")) == (("partly_received", [(4, 0, 6)]), {"supplier": -4, "bin": 4})


def test_only_what_is_accepted_goes_into_the_bin(desk, scene):
    """Rule P4: damaged, short and wrong parts are on record with the delivery, and stay outstanding."""
    scene.catalogued("PAD")
    order = sent(desk, approved_supplier(desk), ("PAD", "10", yuan("12.50")))
    receipt = came(desk, order, accepted="5", damaged="2", short="1", wrong_part="2")
    assert [float(line.quantity.decimal) for line in receipt.lines] == [5]
    assert (receipt.purchase_order_id, receipt.supplier) == (order.id, "SAIC-P")
    assert (stands(desk, order), scene.balance("PAD")) == (("partly_received", [(5, 0, 5)]), {"supplier": -5, "bin": 5})
    nothing = came(desk, order, damaged="5", reference="DN-2")
    assert (nothing.lines, stands(desk, order)) == ([], ("partly_received", [(5, 0, 5)]))
    [first, second] = desk.ask(GetPurchaseOrder(purchase_order_id=order.id)).inspections
    assert [float(one.decimal) for one in (first.accepted, first.damaged, first.short, first.wrong_part)] == [5, 2, 1, 2]
    assert (first.reference, second.reference, float(second.damaged.decimal)) == ("DN-1", "DN-2", 5)


def test_what_costs_something_else_than_ordered_is_shown(desk, scene):
    """Rules P2, P4: the ledger has what was paid, exactly; the order says by how much it differs."""
    scene.catalogued("PAD")
    order = sent(desk, approved_supplier(desk), ("PAD", "3", yuan("10")))
    came(desk, order, accepted="2", cost=yuan("10.35"))
    came(desk, order, accepted="1", cost=yuan("9"), reference="DN-2")
    now = desk.ask(GetPurchaseOrder(purchase_order_id=order.id))
    assert [str(one.price_difference.amount) for one in now.inspections] == ["0.70", "-1.00"]
    assert sum(move.value.minor for move in desk.ask(ListMoves(part_number="PAD")).items) == 2970
    assert scene.cost("PAD") == "9.90"


def test_a_delivery_says_what_is_wrong_with_it(desk, scene):
    scene.catalogued("PAD", unit="个")
    order = sent(desk, approved_supplier(desk), ("PAD", "3", yuan("10")))
    for told, field in (
        ({"line": 2, "accepted": "1"}, "lines.0.line_number"),
        ({}, "lines.0.accepted"),
        ({"damaged": "0.5"}, "lines.0.damaged"),
    ):
        with pytest.raises(Invalid) as refused:
            came(desk, order, **told)
        assert list(refused.value.details["errors"]) == [field]
    twice = [DeliveredPart(line_number=1, accepted=quantity("1"))] * 2
    with pytest.raises(Invalid) as refused:
        desk.do(ReceivePurchaseOrder(purchase_order_id=order.id, reference="DN-9", lines=twice))
    assert list(refused.value.details["errors"]) == ["lines.1.line_number"]
    came(desk, order, accepted="1")
    with pytest.raises(Refused, match="receipt_booked_already"):
        came(desk, order, accepted="1")


def test_a_receipt_that_is_undone_is_outstanding_again(desk, scene):
    """Rule P4: as if it had never come, also in the average cost; the document can be booked again."""
    scene.catalogued("PAD")
    order = sent(desk, approved_supplier(desk), ("PAD", "10", yuan("12.50")))
    came(desk, order, accepted="4")
    receipt = came(desk, order, accepted="6", reference="DN-2", cost=yuan("99"))
    scene.undone(receipt)
    assert stands(desk, order) == ("partly_received", [(4, 0, 6)])
    assert [one.undone for one in desk.ask(GetPurchaseOrder(purchase_order_id=order.id)).inspections] == [False, True]
    assert scene.cost("PAD") == "12.50"
    came(desk, order, accepted="6", reference="DN-2")
    assert stands(desk, order) == ("received", [(10, 0, 0)])
    scene.assert_the_books_agree()
