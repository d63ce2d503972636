"""Rule P4: a part that comes to its reorder point is told once per crossing; levels may be set by hand."""

import pytest

from chassis.wire.errors import Invalid, NotFound
from contracts.parts.level import DropStockLevel, ListLowParts, ListStockLevels, SetStockLevel
from contracts.parts.level_events import PartRanLow
from contracts.parts.replenishment import ProposeOrders
from tests.services.parts.facts import want, yuan
from tests.services.parts.test_purchasing import approved_supplier, quantity, sent
from tests.services.parts.test_suppliers import offer


def set_level(desk, number, point, up_to):
    return desk.do(SetStockLevel(part_number=number, reorder_point=quantity(point), order_up_to=quantity(up_to)))


def low(desk):
    return [(one.part_number, float(one.position.decimal)) for one in desk.ask(ListLowParts()).items]


def an_hour_later(desk):
    desk.pass_time(hours=1)
    desk.fire_timers()


def proposed(desk):
    return [
        (line.part_number, float(line.proposed.decimal), line.by_hand)
        for one in desk.ask(ProposeOrders()).suppliers
        for line in one.lines
    ]


def told(desk):
    return [(one.part_number, float(one.position.decimal)) for one in desk.announced(PartRanLow)]


def test_rule_p4_levels_by_hand_count_instead_of_those_that_are_worked_out(desk, scene):
    """A part that nobody ever asked for is kept, too; until they are worked out again."""
    scene.in_stock("PAD", "3")
    offer(desk, approved_supplier(desk))
    assert proposed(desk) == []
    set_level(desk, "pad", "2", "10")
    assert proposed(desk) == []
    set_level(desk, "PAD", "3", "10")
    assert proposed(desk) == [("PAD", 7, True)]
    assert [one.part_number for one in desk.ask(ListStockLevels(part_number="pad")).items] == ["PAD"]
    desk.do(DropStockLevel(part_number="PAD"))
    assert (proposed(desk), desk.ask(ListStockLevels()).items) == ([], [])
    with pytest.raises(NotFound):
        desk.do(DropStockLevel(part_number="PAD"))
    set_level(desk, "PAD", "3", "5")
    assert proposed(desk) == [("PAD", 2, True)]


def test_rule_p4_levels_by_hand_that_contradict_each_other_are_refused_by_name(desk, scene):
    scene.catalogued("PAD", unit="pc")
    with pytest.raises(Invalid, match="below_reorder_point"):
        set_level(desk, "PAD", "3", "2")
    with pytest.raises(Invalid, match="reorder_point"):
        set_level(desk, "PAD", "1.5", "2")


def test_rule_p4_what_replaced_a_part_keeps_its_level(desk, scene):
    scene.in_stock("OLD", "1")
    scene.catalogued("NEW")
    offer(desk, approved_supplier(desk), number="NEW", theirs="N")
    set_level(desk, "OLD", "1", "4")
    scene.superseded("OLD", "NEW")
    assert proposed(desk) == [("NEW", 3, True)]


def test_rule_p4_a_part_at_its_reorder_point_is_told_once_per_crossing(desk, scene):
    """Every hour it is looked; above it in between, it is told again."""
    scene.in_stock("PAD", "5")
    supplier = approved_supplier(desk)
    offer(desk, supplier)
    set_level(desk, "PAD", "2", "6")
    an_hour_later(desk)
    assert (low(desk), told(desk)) == ([], [])
    scene.booked("monday", want("a", "PAD", "3"))
    an_hour_later(desk)
    since = desk.clock.now()
    an_hour_later(desk)
    assert (low(desk), told(desk)) == ([("PAD", 2.0)], [("PAD", 2.0)])
    assert desk.ask(ListLowParts()).items[0].since == since
    sent(desk, supplier, ("PAD", "4", yuan("1")))
    an_hour_later(desk)
    assert (low(desk), told(desk)) == ([], [("PAD", 2.0)])
    scene.booked("tuesday", want("b", "PAD", "5"))
    an_hour_later(desk)
    assert told(desk) == [("PAD", 2.0), ("PAD", 1.0)]


def test_rule_p4_it_is_looked_from_the_first_delivery_on(desk, scene):
    """On the hour, and again and again; what nobody sells is low, too."""
    scene.catalogued("PAD")
    scene.booked("monday", want("a", "PAD", "1"))
    an_hour_later(desk)
    assert told(desk) == []
    scene.catalogued("LAMP")
    scene.received("LAMP", "1")
    desk.pass_time(minutes=59)
    desk.fire_timers()
    assert told(desk) == []
    desk.pass_time(minutes=1)
    desk.fire_timers()
    assert told(desk) == [("PAD", -1.0)]
    scene.booked("tuesday", want("b", "LAMP", "2"))
    an_hour_later(desk)
    assert [one for one, _ in told(desk)] == ["PAD", "LAMP"]
