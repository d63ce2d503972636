"""What to order: from the demand of two years, by supplier, drafted in one call (Rule P4)."""

import pytest

from chassis.wire.errors import Refused
from contracts.parts.purchasing import CancelPurchaseOrder
from contracts.parts.replenishment import DraftProposedOrder, ProposeOrders
from contracts.parts.supplier import SuspendSupplier
from tests.services.parts.facts import want
from tests.services.parts.scene import installed
from tests.services.parts.test_purchasing import approved_supplier, quantity
from tests.services.parts.test_suppliers import offer, register


def sold_each_month(scene, number, amount, *, months=6):
    """So much of a part leaves on customers' cars, month by month."""
    for month in range(months):
        scene.received(number, amount)
        order = f"{number}-{month}"
        scene.opened(order)
        scene.approved(order, want(f"line-{order}", number, amount))
        scene.delivered(order, installed(f"line-{order}", number, amount))
        scene.desk.pass_time(days=30)


def proposed(desk, **how):
    """By supplier: (part, proposed, ABC class)."""
    found = desk.ask(ProposeOrders(**how)).suppliers
    return {
        one.supplier_code: [(line.part_number, float(line.proposed.decimal), line.abc_class) for line in one.lines]
        for one in found
    }


def test_what_sells_is_ordered_up_to_its_level_in_the_suppliers_steps(desk, scene):
    """Rule P4: the forecast of the demand, the lead time and the days to cover; in steps, and at least the minimum."""
    scene.catalogued("PAD")
    offer(desk, approved_supplier(desk), order_multiple=quantity("4"), lead_time_days=15)
    sold_each_month(scene, "PAD", "4")
    [supplier] = desk.ask(ProposeOrders()).suppliers
    [line] = supplier.lines
    assert 0 < float(line.monthly_demand.decimal) <= 4
    assert float(line.position.decimal) == 0
    assert 0 < float(line.reorder_point.decimal) <= float(line.order_up_to.decimal) <= float(line.proposed.decimal)
    assert float(line.proposed.decimal) % 4 == 0
    assert supplier.total.minor == line.unit_price.minor * line.proposed.units // 1000
    assert proposed(desk, cover_days=180)["SAIC-P"][0][1] > float(line.proposed.decimal)


def test_what_there_is_enough_of_or_nobody_asks_for_is_not_proposed(desk, scene):
    """Rule P4: what is in the bin counts, and what nobody asked for in a year does not."""
    scene.catalogued("PAD", "DISC")
    supplier = approved_supplier(desk)
    offer(desk, supplier)
    offer(desk, supplier, number="DISC", theirs="S-2")
    sold_each_month(scene, "PAD", "4")
    scene.received("PAD", "50")
    assert proposed(desk) == {}
    desk.pass_time(days=365)
    assert proposed(desk) == {}


def test_who_waits_is_ordered_for_though_it_never_sold(desk, scene):
    """Rules P4, P5: what is short is wanted now."""
    scene.catalogued("PAD")
    offer(desk, approved_supplier(desk))
    scene.booked("monday", want("a", "PAD", "3"))
    assert proposed(desk) == {"SAIC-P": [("PAD", 3, "C")]}


def test_each_part_is_proposed_from_its_preferred_supplier_or_the_cheapest_that_is_approved(desk, scene):
    """Rules P1, P12."""
    scene.catalogued("PAD", "DISC", "LAMP")
    dear, cheap, bad = approved_supplier(desk, "DEAR"), approved_supplier(desk, "CHEAP"), register(desk, "BAD")
    for supplier, price in ((dear, "3"), (cheap, "2"), (bad, "1")):
        offer(desk, supplier, number="PAD", theirs="P", price=price, preferred=supplier is dear)
        offer(desk, supplier, number="DISC", theirs="D", price=price)
    offer(desk, bad, number="LAMP", theirs="L", preferred=True)
    for part in ("PAD", "DISC", "LAMP"):
        scene.booked(f"for {part}", want("a", part, "1"))
    assert {code: [line[0] for line in lines] for code, lines in proposed(desk).items()} == {"DEAR": ["PAD"], "CHEAP": ["DISC"]}
    assert desk.ask(ProposeOrders()).nobody_sells == ["LAMP"]
    desk.do(SuspendSupplier(supplier_id=dear.id, reason="late"))
    assert {code: [line[0] for line in lines] for code, lines in proposed(desk).items()} == {"CHEAP": ["DISC", "PAD"]}


def test_what_is_proposed_is_drafted_in_one_call_and_not_proposed_again(desk, scene):
    """Rule P4: also not while it is a draft; what is cancelled is wanted again."""
    scene.catalogued("PAD", "DISC")
    supplier = approved_supplier(desk)
    offer(desk, supplier, order_multiple=quantity("4"))
    offer(desk, supplier, number="DISC", theirs="S-2", price="1")
    scene.booked("monday", want("a", "PAD", "3"), want("b", "DISC", "1"))
    order = desk.do(DraftProposedOrder(supplier_id=supplier.id))
    assert [(line.part_number, float(line.quantity.decimal)) for line in order.lines] == [("DISC", 1), ("PAD", 4)]
    assert (order.state, proposed(desk)) == ("draft", {})
    with pytest.raises(Refused, match="nothing_to_order"):
        desk.do(DraftProposedOrder(supplier_id=supplier.id))
    desk.do(CancelPurchaseOrder(purchase_order_id=order.id, reason="too early"))
    assert list(proposed(desk)) == ["SAIC-P"]


def test_what_was_superseded_is_ordered_by_its_newest_number(desk, scene):
    """Rules P1, P4: demand and stock of the old number count for the new one."""
    scene.catalogued("OLD", "NEW")
    supplier = approved_supplier(desk)
    offer(desk, supplier, number="OLD", theirs="O")
    offer(desk, supplier, number="NEW", theirs="N")
    sold_each_month(scene, "OLD", "4")
    scene.superseded("OLD", "NEW")
    assert [line[0] for line in proposed(desk)["SAIC-P"]] == ["NEW"]
    scene.received("OLD", "50")
    assert proposed(desk) == {}


def test_parts_are_classed_by_their_turnover(desk, scene):
    """Rule P1: A makes the first 80 % of a year's turnover, B the next 15 %, C the rest."""
    scene.catalogued("BIG", "SOME", "SMALL")
    supplier = approved_supplier(desk)
    for number, amount in (("BIG", "85"), ("SOME", "12"), ("SMALL", "3")):
        offer(desk, supplier, number=number, theirs=number)
        sold_each_month(scene, number, amount, months=1)
    assert {line[0]: line[2] for line in proposed(desk)["SAIC-P"]} == {"BIG": "A", "SOME": "B", "SMALL": "C"}


def test_a_delivery_that_is_reversed_was_no_demand(desk, scene):
    """Rule P4: the car has the parts no more than the customer paid for them."""
    scene.catalogued("PAD")
    offer(desk, approved_supplier(desk))
    scene.received("PAD", "4")
    scene.opened("order")
    scene.approved("order", want("line", "PAD", "4"))
    scene.delivered("order", installed("line", "PAD", "4"))
    scene.reversed("order")
    scene.voided("order", sequence=20)
    assert proposed(desk) == {}
    assert desk.ask(ProposeOrders()).suppliers == []
    scene.opened("again")
    scene.approved("again", want("again line", "PAD", "4"))
    assert all(float(line.monthly_demand.decimal) == 0 for one in desk.ask(ProposeOrders()).suppliers for line in one.lines)
