"""Rule B6: what a booked car lacks is on special order, until it is there or nobody wants it for that car any more."""

from datetime import date, timedelta

import pytest

from chassis.wire.errors import Invalid, Refused
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
    with pytest.raises(Invalid, match="must_not_be_past"):
        scene.desk.do(ExpectSpecialOrder(special_order_id=order.id, expected_on=date(2026, 3, 1)))
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
