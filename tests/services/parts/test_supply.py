"""What the workshop is told of parts without stock, before anybody asks for them (Rule W6)."""

from datetime import date

from contracts.parts.purchasing import CancelPurchaseOrder, ExpectPurchaseOrder
from contracts.parts.supplier import ApproveSupplier, ChangeSupplier, SuspendSupplier
from contracts.parts.supply_events import SupplyChanged
from tests.services.parts.facts import want
from tests.services.parts.scene import installed
from tests.services.parts.test_importing import price_file as price_list
from tests.services.parts.test_purchasing import approved_supplier, came, sent
from tests.services.parts.test_suppliers import offer, register
from tests.services.parts.test_suppliers import price_file as supplier_file


def told(desk, number="PAD"):
    """(free, expected, lead time) as it was told last, by the highest edition; None if it never was."""
    facts = sorted(desk.announced(SupplyChanged), key=lambda one: one.edition)
    found = [one for fact in facts for one in fact.parts if one.part_number == number]
    return (found[-1].free, found[-1].expected_on, found[-1].lead_time_days) if found else None


def test_it_is_told_when_the_last_piece_is_promised_and_when_there_is_one_again(desk, scene):
    """Rule W6: once for each, not with every move."""
    scene.in_stock("PAD", "4")
    assert told(desk) == (True, None, None)
    scene.opened("order")
    scene.approved("order", want("a", "PAD", "3"))
    before = len(desk.announced(SupplyChanged))
    assert told(desk) == (True, None, None)
    scene.opened("other")
    scene.approved("other", want("b", "PAD", "1"))
    assert (told(desk), len(desk.announced(SupplyChanged))) == ((False, None, None), before + 1)
    scene.voided("order")
    assert told(desk) == (True, None, None)


def test_what_is_taken_out_of_the_bin_without_a_reservation_is_told_too(desk, scene):
    scene.in_stock("PAD", "2")
    scene.corrected("PAD", "2", "bin", "scrap")
    assert told(desk) == (False, None, None)
    receipt = scene.received("PAD", "1")
    assert told(desk) == (True, None, None)
    scene.undone(receipt)
    assert told(desk) == (False, None, None)


def test_what_a_reversed_delivery_takes_again_is_told(desk, scene):
    """Rules W6, W15: the order has two again, of which one lay in the bin."""
    scene.in_stock("PAD", "2")
    scene.opened("order")
    scene.approved("order", want("a", "PAD", "2"))
    scene.issue("order", "a", "1")
    scene.delivered("order", installed("a", "PAD", "1"))
    assert told(desk) == (True, None, None)
    scene.reversed("order")
    assert (scene.part("PAD").available.units, told(desk)) == (0, (False, None, None))


def test_a_new_part_has_no_stock_and_nobody_knows_when_it_comes(desk, scene):
    scene.catalogued("PAD")
    assert told(desk) == (False, None, None)


def test_an_imported_list_tells_of_what_is_new(desk, scene):
    scene.in_stock("PAD", "1")
    desk.do(price_list("PAD,备件,Pad,pc,9.00", "DISC,备件,Disc,pc,9.00"))
    assert (told(desk, "DISC"), told(desk)) == ((False, None, None), (True, None, None))


def test_the_lead_time_is_that_of_who_is_preferred_else_of_the_fastest_who_is_approved(desk, scene):
    scene.catalogued("PAD")
    slow, fast = approved_supplier(desk, "SLOW", lead_time_days=9), approved_supplier(desk, "FAST", name_en="F", name_zh="快")
    offer(desk, slow)
    assert told(desk) == (False, None, 9)
    offer(desk, fast, lead_time_days=2)
    assert told(desk) == (False, None, 2)
    offer(desk, slow, preferred=True)
    assert told(desk) == (False, None, 9)
    facts = {"name_zh": slow.name_zh, "name_en": slow.name_en}
    desk.do(ChangeSupplier(supplier_id=slow.id, lead_time_days=6, **facts))
    assert told(desk) == (False, None, 6)
    desk.do(SuspendSupplier(supplier_id=slow.id, reason="late"))
    assert told(desk) == (False, None, 2)
    supplier_file(desk, fast, "S-1,PAD,3.00,4", header="supplier_part_number,our_part_number,price,lead_time_days")
    assert told(desk) == (False, None, 4)


def test_who_is_approved_only_now_is_counted_from_now_on(desk, scene):
    scene.catalogued("PAD")
    supplier = register(desk)
    offer(desk, supplier)
    assert told(desk) == (False, None, None)
    desk.do(ApproveSupplier(supplier_id=supplier.id, reason="audited"))
    assert told(desk) == (False, None, 7)


def test_terms_of_what_is_in_stock_are_told_to_nobody(desk, scene):
    scene.in_stock("PAD", "1")
    before = len(desk.announced(SupplyChanged))
    offer(desk, approved_supplier(desk))
    assert len(desk.announced(SupplyChanged)) == before


def test_what_is_on_its_way_and_free_comes_on_the_day_its_supplier_named(desk, scene):
    """Rules W6, P4: with another day, when it came, and when the order is cancelled, that is told."""
    scene.catalogued("PAD")
    supplier = approved_supplier(desk)
    offer(desk, supplier, lead_time_days=3)
    order = sent(desk, supplier, ("PAD", "4", None))
    assert told(desk) == (False, date(2026, 3, 5), 3)
    desk.do(ExpectPurchaseOrder(purchase_order_id=order.id, expected_on=date(2026, 3, 9), lines=[]))
    assert told(desk) == (False, date(2026, 3, 9), 3)
    came(desk, order, accepted="1")
    assert told(desk) == (True, None, None)
    scene.opened("order")
    scene.approved("order", want("a", "PAD", "1"))
    assert told(desk) == (False, date(2026, 3, 9), 3)
    desk.do(CancelPurchaseOrder(purchase_order_id=order.id, reason="not wanted"))
    assert told(desk) == (False, None, 3)


def test_what_is_on_its_way_for_a_special_order_is_nobody_elses(desk, scene):
    """Rules W6, P5: two of four wait for a booked car, then all of them."""
    scene.catalogued("PAD")
    supplier = approved_supplier(desk)
    offer(desk, supplier, lead_time_days=3)
    scene.booked("monday", want("a", "PAD", "2"))
    sent(desk, supplier, ("PAD", "4", None))
    assert told(desk) == (False, date(2026, 3, 5), 3)
    scene.booked("tuesday", want("b", "PAD", "2"))
    assert told(desk) == (False, None, 3)


def test_old_stock_counts_for_the_part_that_is_sold_today(desk, scene):
    """Rule P1: it is told by the number of the successor, which is the one on an estimate."""
    scene.in_stock("OLD", "1")
    scene.catalogued("NEW")
    assert told(desk, "NEW") == (False, None, None)
    scene.superseded("OLD", "NEW")
    assert told(desk, "NEW") == (True, None, None)
    scene.corrected("OLD", "1", "bin", "scrap")
    assert told(desk, "NEW") == (False, None, None)


def test_another_dealers_stock_is_none_of_this_ones(desk, scene):
    scene.catalogued("PAD")
    scene.catalogued("PAD", dealer="bj-chaoyang")
    scene.received("PAD", "1", dealer="bj-chaoyang")
    mine = [one for one in desk.envelopes() if one["type"] == SupplyChanged.type and one["dealerid"] == "sh-pudong"]
    assert len(mine) == 1
