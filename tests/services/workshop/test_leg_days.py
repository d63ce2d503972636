"""Rules B14 and W24: a leg and its car come apart - it is here another way, on another day, with another driver."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chassis.wire.errors import Refused
from contracts.booking.events import AppointmentArrived, AppointmentCancelled, AppointmentRescheduled
from contracts.workshop import leg
from contracts.workshop.custody import GetCustody
from tests.services.workshop.legs import at
from tests.services.workshop.test_leg_questions import asked, opened


def moves(fleet, facts, days):
    later, more = fleet.moved(facts, facts.starts_at + timedelta(days=days))
    fleet.hear(AppointmentRescheduled(appointment=later, **more))
    return later


def test_nobody_sets_out_for_a_car_that_has_come_another_way_and_the_leg_is_asked_about(desk, fleet):
    """Rule B14: the customer came themselves, or an order is open."""
    fleet.drives(legs=9)
    first, second = fleet.appointment(), fleet.appointment()
    one, other = fleet.plans(first), fleet.plans(second)
    fleet.hear(AppointmentArrived(appointment=replace(first, status="arrived")))
    opened(fleet, second)
    assert asked(desk) == ["car_is_here", "car_is_here"]
    for each in (one, other):
        with pytest.raises(Refused, match="car_is_here"):
            fleet.starts(each)
    desk.do(leg.CancelLeg(leg_id=one.id, reason="came themselves"))
    assert asked(desk) == ["car_is_here"]


def test_only_who_drives_the_leg_records_and_signs_and_custody_names_them(desk, fleet):
    """Rule W24: the keys are with who signed for them."""
    facts = fleet.appointment()
    one = fleet.plans(facts)
    fleet.starts(one)
    for act in (fleet.records, fleet.signs):
        if act == fleet.signs:
            fleet.records(one)
        with pytest.raises(Refused) as refused:
            act(one, actor="wu")
        assert (refused.value.code, refused.value.details["name"]) == ("leg_of_another", "zhou")
    desk.do(leg.ReplanLeg(leg_id=one.id, driver="wu"))
    with pytest.raises(Refused, match="sheet_of_another"):
        fleet.signs(one, actor="wu")  # what zhou wrote down
    fleet.records(one, actor="wu")
    fleet.signs(one, actor="wu")
    order = opened(fleet, facts)
    assert {held.holder for held in desk.ask(GetCustody(work_order_id=order.id)).held if held.thing != "folder"} == {"wu"}


def test_a_manager_who_records_takes_the_leg_over(desk, fleet):
    """Rule W24: so it is theirs to sign for."""
    desk.employ("boss", "service_manager")
    one = fleet.plans(fleet.appointment())
    fleet.starts(one)
    fleet.records(one)
    with pytest.raises(Refused, match="leg_of_another"):
        fleet.signs(one, actor="boss")
    assert fleet.records(one, actor="boss").driver == "boss"
    assert asked(desk) == []
    with pytest.raises(Refused, match="leg_of_another"):
        fleet.signs(one)
    assert fleet.signs(one, actor="boss").ended_by == "boss"


def test_an_appointment_that_is_moved_while_the_driver_is_under_way_is_asked_about_until_it_is_back_or_the_car_is_here(
    desk, fleet
):
    """Rule B14: and then about the car that waits."""
    facts = fleet.appointment()
    one = fleet.plans(facts)
    fleet.starts(one)
    for _ in range(2):
        moves(fleet, facts, 10)
        assert asked(desk) == ["appointment_moved"]
    moves(fleet, facts, 0)
    assert asked(desk) == []
    moves(fleet, facts, 1)
    assert asked(desk) == ["appointment_moved"]
    fleet.records(one)
    fleet.signs(one)
    assert asked(desk) == ["car_waits"]


def test_a_fetched_car_whose_appointment_is_another_day_is_asked_about_until_it_is_on_its_way_home(desk, fleet):
    """Rules B14 and W24: nobody has to wait ten days for it."""
    facts = fleet.appointment()
    came = fleet.fetches(fleet.plans(facts))
    assert asked(desk) == []
    later = moves(fleet, facts, 10)
    assert asked(desk) == ["car_waits"]
    back = fleet.plans(facts, "14:00", direction="return")
    assert (asked(desk), back.appointment_at) == ([], None)
    fleet.fetches(back)
    assert asked(desk) == []
    with pytest.raises(Refused, match="car_not_here"):
        desk.do(leg.CollectCar(leg_id=came.id))
    desk.clock.set(later.starts_at)
    order = opened(fleet, later)
    assert [held.thing for held in desk.ask(GetCustody(work_order_id=order.id)).held] == [], "they were given back"


def test_or_its_customer_fetches_it(desk, fleet):
    """Rule B14: and one whose day is over without a word, too."""
    facts = fleet.appointment()
    came = fleet.fetches(fleet.plans(facts))
    desk.clock.set(facts.starts_at + timedelta(days=1))
    assert asked(desk) == ["car_waits"]
    desk.do(leg.CollectCar(leg_id=came.id))
    assert asked(desk) == []


def test_a_car_that_is_fetched_the_evening_before_waits_for_no_answer(desk, fleet):
    desk.clock.set(at("13:30"))
    facts = fleet.appointment(at("11:00") + timedelta(days=1))
    fleet.fetches(fleet.plans(facts, "14:00"))
    assert asked(desk) == []
    with pytest.raises(Refused, match="leg_beside_appointment"):
        desk.do(replace(fleet.asks(facts, "14:00"), direction="return"))
    fleet.hear(AppointmentCancelled(appointment=replace(facts, status="cancelled"), reason="too dear"))
    assert asked(desk) == ["car_to_return"]
