"""Rule B6: what a booked car lacks is on special order, until it is there or nobody wants it for that car any more."""

from datetime import date, timedelta

import pytest

from chassis.wire.errors import Invalid, Refused
from chassis.wire.values import Quantity
from contracts.parts.events import (
    SpecialOrderChanged,
    SpecialOrderEvent,
    SpecialOrderRaised,
    SpecialOrderSettled,
    SpecialOrderWithdrawn,
)
from contracts.parts.special_order import ExpectSpecialOrder, ListSpecialOrders
from tests.services.history import ANYBODY, Reading, grow
from tests.services.parts.facts import TOMORROW, an_id, want
from tests.services.test_second_chance import Replica


def listed(scene, state="open", **asked):
    """(asked for, quantity, wanted by, order) of the list."""
    found = scene.desk.ask(ListSpecialOrders(state=state, **asked)).items
    return [(one.asked_for, float(one.quantity.decimal), one.wanted_by, one.work_order_id) for one in found]


def told(scene):
    """What was announced of special orders: kind and quantity."""
    facts = [one for one in scene.desk.announced() if isinstance(one, SpecialOrderEvent)]
    return [(type(one), float(one.special_order.quantity.decimal)) for one in facts]


def test_rule_b6_what_a_booked_car_lacks_is_on_special_order_once(scene):
    """With customer, car, part, quantity and day; the same fact heard twice raises nothing again."""
    scene.in_stock("P-1", "1")
    scene.booked("monday", want("a", "P-1", "3"), times=2)
    assert listed(scene) == [("P-1", 2.0, TOMORROW, None)]
    [fact] = scene.desk.announced(SpecialOrderRaised)
    facts = fact.special_order
    assert (facts.appointment_id, facts.customer_id) == (an_id("monday"), an_id("Li Lei"))
    assert (facts.state, facts.wanted_on, facts.expected_on) == ("open", date(2026, 3, 3), None)
    assert told(scene) == [(SpecialOrderRaised, 2.0)]


def test_rule_b6_nothing_is_ordered_for_what_is_there(scene):
    """Reserved parts, and who has no place yet, need no special order."""
    scene.in_stock("P-1", "3")
    scene.booked("monday", want("a", "P-1", "3"))
    scene.amended("waits", want("b", "P-1", "1"), status="wait_listed", sequence=1)
    assert (listed(scene), told(scene)) == ([], [])


def test_rule_b6_a_receipt_that_is_enough_settles_it(scene):
    """Part of it makes it smaller; all of it, reserved for the appointment, settles it."""
    scene.catalogued("P-1")
    scene.booked("monday", want("a", "P-1", "3"))
    scene.received("P-1", "1")
    assert listed(scene) == [("P-1", 2.0, TOMORROW, None)]
    scene.received("P-1", "2")
    assert (listed(scene), [one[0] for one in listed(scene, "settled")]) == ([], ["P-1"])
    assert told(scene) == [(SpecialOrderRaised, 3.0), (SpecialOrderChanged, 2.0), (SpecialOrderSettled, 2.0)]
    assert scene.set_aside(appointment="monday") == {"P-1": (3.0, 0.0, 0.0)}


@pytest.mark.parametrize("end", ["cancelled", "missed", "amended"])
def test_rule_b6_its_end_follows_the_appointment(scene, end):
    """Cancelled, missed, or booked for something else: nobody wants it any more, and it is raised again if somebody does."""
    scene.catalogued("P-1")
    scene.booked("monday", want("a", "P-1", "1"))
    getattr(scene, end)("monday", *([] if end == "amended" else [want("a", "P-1", "1")]))
    assert (listed(scene), len(listed(scene, "withdrawn"))) == ([], 1)
    scene.rescheduled("monday", want("a", "P-1", "1"), sequence=3)
    assert told(scene) == [(SpecialOrderRaised, 1.0), (SpecialOrderWithdrawn, 1.0), (SpecialOrderRaised, 1.0)]


def test_rule_b6_it_moves_with_the_appointment(scene):
    """The clerk sees the new day; the first wanted comes first."""
    later = TOMORROW + timedelta(days=3)
    scene.catalogued("P-1", "P-2")
    scene.booked("monday", want("a", "P-1", "1"))
    scene.booked("tuesday", want("b", "P-2", "1"))
    scene.rescheduled("monday", want("a", "P-1", "1"), starts_at=later)
    assert listed(scene) == [("P-2", 1.0, TOMORROW, None), ("P-1", 1.0, later, None)]
    assert listed(scene, appointment_id=an_id("monday")) == [("P-1", 1.0, later, None)]
    assert scene.desk.announced(SpecialOrderChanged)[-1].special_order.wanted_on == date(2026, 3, 6)


def test_rule_b6_what_is_taken_from_a_booked_car_is_on_special_order_at_once(scene):
    """A correction took it: the appointment is short again, and its special order open again."""
    scene.in_stock("P-1", "1")
    scene.booked("monday", want("a", "P-1", "1"))
    scene.corrected("P-1", "1", "bin", "discrepancy")
    assert listed(scene) == [("P-1", 1.0, TOMORROW, None)]
    scene.received("P-1", "1")
    scene.corrected("P-1", "1", "bin", "discrepancy")
    assert [one for one, _ in told(scene)] == [SpecialOrderRaised, SpecialOrderSettled, SpecialOrderRaised]


def test_rule_b6_it_goes_over_to_the_order_and_ends_with_it(scene):
    """The order lacks it now; what the order itself adds is not the appointment's, and void it wants nothing."""
    scene.catalogued("P-1", "P-2")
    scene.booked("monday", want("a", "P-1", "2"))
    scene.opened("order", "monday")
    assert listed(scene) == [("P-1", 2.0, TOMORROW, an_id("order"))]
    scene.approved("order", want("x", "P-1", "1"), want("y", "P-2", "1"), appointment="monday")
    assert listed(scene) == [("P-1", 1.0, TOMORROW, an_id("order"))]
    scene.received("P-1", "1")
    assert told(scene)[-1] == (SpecialOrderSettled, 1.0)
    scene.booked("tuesday", want("b", "P-1", "1"))
    scene.opened("void", "tuesday")
    scene.voided("void")
    assert (listed(scene), told(scene)[-1]) == ([], (SpecialOrderWithdrawn, 1.0))
    scene.assert_the_books_agree()


@pytest.mark.parametrize("heard", ["in order", "late"])
def test_rule_b6_the_next_order_of_the_appointment_has_what_was_booked(scene, heard):
    """The first one was void: what is there is set aside for the second, what is short is on special order for it, once each."""
    scene.in_stock("P-2", "1")
    scene.catalogued("P-1")
    scene.booked("monday", want("a", "P-1", "2"), want("b", "P-2", "1"))
    scene.opened("first", "monday")
    if heard == "late":
        scene.opened("second", "monday")
        assert scene.set_aside("first")["P-2"] == (1.0, 0.0, 0.0), "nobody has two: the second waits until the first is void"
        assert [one.kind for one in scene.desk.parked()] == ["early"]
        replica = Replica(scene.desk)
        scene.voided("first")
        scene.desk.pass_time(minutes=1)
        assert replica.look() == 1
    else:
        scene.voided("first", times=2)
        assert (listed(scene), scene.part("P-2").available) == ([], Quantity.of("1"))
        scene.opened("second", "monday", times=2)
    assert listed(scene) == [("P-1", 2.0, TOMORROW, an_id("second"))]
    assert scene.set_aside("second") == {"P-1": (0.0, 0.0, 2.0), "P-2": (1.0, 0.0, 0.0)}
    scene.approved("second", want("x", "P-1", "2"), appointment="monday")
    assert listed(scene) == [("P-1", 2.0, TOMORROW, an_id("second"))]
    assert scene.part("P-2").available == Quantity.of("1")
    scene.received("P-1", "2")
    assert (listed(scene), scene.set_aside("second")) == ([], {"P-1": (2.0, 0.0, 0.0)})
    scene.assert_the_books_agree()


def test_rule_b6_an_order_that_was_void_before_it_was_heard_of_takes_nothing_from_the_next(scene):
    """Its events come last of all."""
    scene.catalogued("P-1")
    scene.booked("monday", want("a", "P-1", "1"))
    scene.voided("first")
    scene.opened("second", "monday")
    scene.opened("first", "monday")
    assert listed(scene) == [("P-1", 1.0, TOMORROW, an_id("second"))]
    scene.assert_the_books_agree()


def test_rule_b6_a_car_whose_order_is_void_may_be_booked_for_something_else(scene):
    """The appointment is the desk's again: what it wants now is set aside, and what was cancelled is not."""
    scene.catalogued("P-1", "P-2")
    scene.booked("monday", want("a", "P-1", "1"))
    scene.opened("first", "monday")
    scene.voided("first")
    scene.amended("monday", want("b", "P-2", "1"), status="arrived", sequence=3)
    assert listed(scene) == [("P-2", 1.0, TOMORROW, None)]
    scene.cancelled("monday", sequence=4)
    scene.opened("second", "monday")
    assert (listed(scene), scene.reservation("second").lines) == ([], [])


def test_rule_w8_what_is_declined_is_neither_set_aside_nor_ordered(scene):
    """Of what was booked, before anything is approved; approved after all it is set aside and ordered as before."""
    scene.in_stock("P-2", "3")
    scene.catalogued("P-1", "P-3")
    scene.booked("monday", want("a", "P-1", "1"), want("b", "P-2", "3"), want("c", "P-3", "1"))
    scene.opened("order", "monday")
    pads, wipers = want("x", "P-1", "1"), want("y", "P-2", "2")
    scene.declined("order", pads, wipers, appointment="monday", sequence=3, times=2)
    scene.declined("order", pads, appointment="monday", sequence=2)
    assert scene.set_aside("order") == {"P-2": (1.0, 0.0, 0.0), "P-3": (0.0, 0.0, 1.0)}
    assert [one[0] for one in listed(scene)] == ["P-3"]
    assert (told(scene)[-1], scene.part("P-2").available) == ((SpecialOrderWithdrawn, 1.0), Quantity.of("2"))
    scene.approved("order", want("z", "P-1", "1"), appointment="monday", sequence=4)
    assert listed(scene) == [("P-1", 1.0, TOMORROW, an_id("order"))]
    assert scene.set_aside("order") == {"P-1": (0.0, 0.0, 1.0)}
    scene.declined("order", wipers, approved=[want("z", "P-1", "1")], appointment="monday", sequence=5)
    assert listed(scene) == [("P-1", 1.0, TOMORROW, an_id("order"))]
    scene.assert_the_books_agree()


@pytest.mark.parametrize("approved", [None, []])
def test_rule_w8_a_declined_successor_is_what_was_booked(scene, approved):
    """Booked by the old number and quoted by the new one; of an order of which only labour is approved nothing is set aside."""
    scene.in_stock("OLD", "1")
    scene.catalogued("NEW")
    scene.booked("monday", want("a", "OLD", "1"), want("b", "OLD", "1"))
    scene.superseded("OLD", "NEW")
    scene.opened("order", "monday")
    scene.declined("order", want("x", "NEW", "1"), approved=approved, appointment="monday")
    left = scene.set_aside("order").values()
    assert sum(reserved + short for reserved, _, short in left) == (1.0 if approved is None else 0.0)


def test_rule_w8_what_is_approved_after_all_is_on_special_order_again(scene):
    """Once more for each time, whatever was closed in between."""
    scene.catalogued("P-1")
    scene.booked("monday", want("a", "P-1", "1"))
    scene.opened("order", "monday")
    scene.declined("order", want("x", "P-1", "1"), appointment="monday")
    assert listed(scene) == []
    scene.approved("order", want("y", "P-1", "1"), appointment="monday", sequence=3, times=2)
    raised = [one for one, _ in told(scene)]
    assert raised == [SpecialOrderRaised, SpecialOrderChanged, SpecialOrderWithdrawn, SpecialOrderRaised]
    scene.withdrawn("order", sequence=4)
    assert listed(scene) == []


def test_rule_b6_the_order_may_be_heard_of_before_its_appointment_is_settled(scene):
    """A delivered order wants nothing any more."""
    scene.catalogued("P-1")
    scene.booked("monday", want("a", "P-1", "2"))
    scene.opened("order", "monday")
    scene.delivered("order")
    assert (listed(scene), [one[0] for one in listed(scene, "withdrawn")]) == ([], ["P-1"])


def test_rule_b6_a_successor_is_what_is_ordered(scene):
    """Asked for under the old number, to be ordered under the new one."""
    scene.catalogued("OLD", "NEW")
    scene.booked("monday", want("a", "OLD", "1"))
    scene.superseded("OLD", "NEW")
    [one] = scene.desk.ask(ListSpecialOrders()).items
    assert (one.asked_for, one.part_number) == ("OLD", "NEW")


def test_rule_b6_the_clerk_says_when_it_is_expected(scene):
    """From today on, for as long as it is open; later than the car comes it is late."""
    scene.catalogued("P-1")
    scene.booked("monday", want("a", "P-1", "1"))
    [order] = scene.desk.ask(ListSpecialOrders()).items
    for day, late in ((date(2026, 3, 3), False), (date(2026, 3, 4), True)):
        answer = scene.desk.do(ExpectSpecialOrder(special_order_id=order.id, expected_on=day))
        assert (answer.expected_on, answer.late) == (day, late)
        assert scene.desk.announced(SpecialOrderChanged)[-1].special_order.expected_on == day
    for day, rule in ((date(2026, 3, 1), "must_not_be_past"), (date(2099, 3, 1), "too_far_ahead")):
        with pytest.raises(Invalid, match=rule):
            scene.desk.do(ExpectSpecialOrder(special_order_id=order.id, expected_on=day))
    scene.received("P-1", "1")
    with pytest.raises(Refused, match="special_order_closed"):
        scene.desk.do(ExpectSpecialOrder(special_order_id=order.id, expected_on=date(2026, 3, 5)))


@pytest.mark.new_database
def test_rule_b6_the_list_costs_the_same_however_many_there_were(scene):
    scene.catalogued("P-1")
    scene.booked("monday", want("a", "P-1", "1"))
    grow(scene.desk, "special_order", 2_000, state="'settled'", appointment_id=ANYBODY)
    assert (
        max(Reading(scene.desk, query).rows for query in (ListSpecialOrders(), ListSpecialOrders(appointment_id=an_id("monday"))))
        < 20
    )
