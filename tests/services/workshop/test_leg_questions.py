"""Rule B14: what somebody must decide about a leg is asked for as long as it is so, once; and what its sheet needs."""

from dataclasses import replace

import pytest

from chassis.wire.errors import Invalid, Refused
from chassis.wire.ids import new_id
from contracts.booking.calendar import OpeningHours
from contracts.booking.calendar_events import CalendarSet
from contracts.booking.events import AppointmentArrived, AppointmentCancelled
from contracts.crm.events import VehicleRecorded
from contracts.workshop import leg
from contracts.workshop.attention import FindWorkshopConcerns
from contracts.workshop.custody import GetCustody
from contracts.workshop.leg_events import LegCollected
from contracts.workshop.order import VoidWorkOrder
from contracts.workshop.shop_floor import ReturnToWork
from tests.services.workshop.legs import WEEK, at
from tests.services.workshop.shop import CUSTOMER, VEHICLE, line_id


def asked(desk):
    """What is to be decided, on the attention list and in the desk's plan alike."""
    groups = {group.kind: group for group in desk.ask(FindWorkshopConcerns()).groups}
    listed = [one.detail for one in groups["leg_question"].items]
    assert groups["leg_question"].count == len(listed)
    assert [one.question for one in desk.ask(leg.GetLegPlan()).questions] == listed
    return listed


def opened(fleet, facts):
    return fleet.shop.open(appointment_id=facts.appointment_id, customer_id=None, vehicle_id=None)


def test_a_fetched_car_whose_appointment_goes_off_is_asked_about_until_its_return_is_planned(desk, fleet):
    facts = fleet.appointment()
    fleet.fetches(fleet.plans(facts))
    assert asked(desk) == []
    off = replace(facts, status="cancelled")
    for _ in range(2):
        fleet.hear(AppointmentCancelled(appointment=off, reason="too dear"))
        assert asked(desk) == ["car_to_return"]
    right = VehicleRecorded(vehicle=replace(VEHICLE, plate="沪B99999"), customer_id=CUSTOMER.customer_id)
    desk.hear(right, subject=VEHICLE.vehicle_id, sequence=2)
    assert [one.plate for one in desk.ask(leg.GetLegPlan()).questions] == ["沪B99999"], (
        "whoever looks for the car reads its plate"
    )
    back = fleet.plans(facts, "14:00", direction="return")
    assert asked(desk) == []
    desk.do(leg.CancelLeg(leg_id=back.id, reason="another day"))
    assert asked(desk) == ["car_to_return"], "no return stands"


def test_a_fetched_car_whose_order_is_void_is_asked_about_until_another_order_is_opened(desk, fleet):
    facts = fleet.appointment()
    fleet.fetches(fleet.plans(facts))
    fleet.hear(AppointmentArrived(appointment=replace(facts, status="arrived")))
    desk.do(VoidWorkOrder(work_order_id=opened(fleet, facts).id, reason="no time"))
    assert asked(desk) == ["car_to_return"]
    opened(fleet, facts)
    assert asked(desk) == []


def test_a_fetched_car_that_its_customer_fetches_themselves_is_asked_about_no_more(desk, fleet):
    """Rules B14 and W24: keys and papers are theirs again, a planned return is off, and nothing is brought back later."""
    facts = fleet.appointment()
    came = fleet.fetches(fleet.plans(facts))
    with pytest.raises(Refused, match="car_not_delivered"):
        desk.do(leg.CollectCar(leg_id=came.id))
    fleet.hear(AppointmentCancelled(appointment=replace(facts, status="cancelled"), reason="too dear"))
    back = fleet.plans(facts, "14:00", direction="return")
    collected = desk.do(leg.CollectCar(leg_id=came.id), actor="chen")
    assert (collected.collected_by, collected.collected_at, collected.leg_state) == ("chen", desk.clock.now(), "done")
    assert fleet.now(back).leg_state == "cancelled"
    (fact,) = desk.announced(LegCollected)
    assert (fact.things, fact.collected_by, fact.leg.leg_id) == (["keys", "registration"], "chen", came.id)
    assert asked(desk) == []
    with pytest.raises(Refused, match="car_not_here"):
        desk.do(leg.CollectCar(leg_id=came.id))
    with pytest.raises(Refused, match="appointment_not_open"):
        fleet.plans(facts, "14:00", direction="return")


def test_so_is_one_whose_order_is_void_and_whose_return_came_to_nothing(desk, fleet):
    """Rule W24: the custody of the order ends with who recorded it."""
    facts = fleet.appointment()
    fleet.fetches(fleet.plans(facts))
    fleet.hear(AppointmentArrived(appointment=replace(facts, status="arrived")))
    order = opened(fleet, facts)
    desk.do(VoidWorkOrder(work_order_id=order.id, reason="no time"))
    back = fleet.plans(facts, "14:00", direction="return", appointment_id=None, work_order_id=order.id)
    fleet.starts(back)
    with pytest.raises(Refused, match="car_not_here"):
        desk.do(leg.CollectCar(leg_id=back.id))
    desk.do(leg.FailLeg(leg_id=back.id, reason="nobody there"), actor="zhou")
    assert asked(desk) == ["leg_failed"]
    desk.do(leg.CollectCar(leg_id=back.id), actor="chen")
    assert asked(desk) == ["visit_open"], "the appointment says that the car is here"
    kept = desk.ask(GetCustody(work_order_id=order.id))
    assert {one.thing: one.holder for one in kept.held if one.thing != "folder"} == {"keys": None, "registration": None}
    assert {one.recorded_by for one in kept.hand_overs if one.given_to is None} == {"chen"}


def test_a_car_that_never_came_or_is_back_is_fetched_by_nobody(desk, fleet):
    facts = fleet.appointment()
    one = fleet.plans(facts)
    with pytest.raises(Refused, match="car_not_here"):
        desk.do(leg.CollectCar(leg_id=one.id))
    fleet.fetches(one)
    fleet.hear(AppointmentCancelled(appointment=replace(facts, status="cancelled"), reason="too dear"))
    back = fleet.plans(facts, "14:00", direction="return")
    fleet.fetches(back)
    for done in (one, back):
        with pytest.raises(Refused, match="car_not_here"):
            desk.do(leg.CollectCar(leg_id=done.id))


def test_a_pick_up_that_came_to_nothing_is_asked_about_until_another_is_planned_or_the_car_comes(desk, fleet):
    fleet.drives(legs=9)
    first, second = fleet.appointment(), fleet.appointment()
    for facts in (first, second):
        one = fleet.plans(facts)
        fleet.starts(one)
        desk.do(leg.FailLeg(leg_id=one.id, reason="nobody there"), actor="zhou")
    assert asked(desk) == ["leg_failed", "leg_failed"]
    fleet.plans(first, "10:00")
    assert asked(desk) == ["leg_failed"]
    fleet.hear(AppointmentArrived(appointment=replace(second, status="arrived")))
    assert asked(desk) == []


def test_a_return_that_came_to_nothing_is_asked_about_until_the_customer_has_their_things(desk, fleet):
    """Rule W24: as long as somebody of ours has keys or papers."""
    facts = fleet.appointment()
    fleet.fetches(fleet.plans(facts))
    order = fleet.delivers(opened(fleet, facts))
    back = fleet.plans(facts, "14:00", direction="return", appointment_id=None, work_order_id=order.id)
    fleet.starts(back)
    desk.do(leg.FailLeg(leg_id=back.id, reason="nobody there"), actor="zhou")
    assert asked(desk) == ["leg_failed"]
    again = fleet.plans(facts, "14:00", direction="return", appointment_id=None, work_order_id=order.id)
    assert asked(desk) == []
    fleet.starts(again)
    fleet.records(again)
    fleet.signs(again)
    assert asked(desk) == []


def test_a_leg_whose_driver_drives_no_more_is_asked_about_until_somebody_else_does(desk, fleet):
    one = fleet.plans(fleet.appointment())
    desk.employ("zhou", "driver", sequence=2, active=False)
    assert asked(desk) == ["driver_gone"]
    desk.employ("zhou", "parts_clerk", sequence=3)
    assert asked(desk) == ["driver_gone"]
    desk.do(leg.ReplanLeg(leg_id=one.id, driver="wu"))
    assert asked(desk) == []


def test_a_planned_return_whose_order_goes_back_to_work_is_asked_about(desk, fleet):
    order = fleet.shop.ready(fleet.shop.approved(fleet.shop.open()))
    fleet.plans(fleet.appointment(), "14:00", direction="return", appointment_id=None, work_order_id=order.id)
    assert asked(desk) == []
    desk.do(ReturnToWork(work_order_id=order.id, reason="it leaks", rework_line_ids=[line_id(order, 1)]))
    assert asked(desk) == ["order_reopened"]


def test_the_odometer_and_the_fuel_are_read_where_the_car_is_taken_over(desk, fleet):
    """Rule W24: custody begins at the pick-up."""
    one = fleet.plans(fleet.appointment())
    fleet.starts(one)
    with pytest.raises(Invalid) as refused:
        fleet.records(one, mileage=None, fuel_eighths=None)
    assert refused.value.details["errors"] == {"mileage": ["required"], "fuel_eighths": ["required"]}


def test_an_odometer_far_from_the_last_reading_wants_a_reason_in_both_directions(desk, fleet):
    """Rule W2: the same at the door as at the desk."""
    fleet.delivers(fleet.shop.open())
    known = 52_000
    one = fleet.plans(fleet.appointment())
    fleet.starts(one)
    for wrong, code in ((100, "mileage_went_back"), (known + 30_001, "mileage_far_ahead")):
        with pytest.raises(Refused) as refused:
            fleet.records(one, mileage=wrong)
        assert (refused.value.code, refused.value.details) == (code, {"field": "mileage", "known": known})
        with pytest.raises(Refused, match=code):
            fleet.shop.open(mileage=wrong)
        assert fleet.records(one, mileage=wrong, mileage_reason="new cluster").sheet.mileage_reason == "new cluster"
    assert fleet.records(one, mileage=known + 30_000).sheet.mileage == known + 30_000


def test_no_more_keys_go_back_than_were_received(desk, fleet):
    """Rule W24: counted at the pick-up, or at the walk-around."""
    facts = fleet.appointment()
    fleet.fetches(fleet.plans(facts))
    order = fleet.delivers(opened(fleet, facts))
    back = fleet.plans(facts, "14:00", direction="return", appointment_id=None, work_order_id=order.id)
    fleet.starts(back)
    with pytest.raises(Invalid) as refused:
        fleet.records(back, keys=3)
    assert refused.value.details["errors"]["keys"] == ['more_than_received {"most": 2}']
    assert fleet.records(back, keys=2).sheet.keys == 2


def test_no_leg_is_driven_on_a_day_on_which_the_dealer_is_closed(desk, fleet):
    facts = fleet.appointment()
    day = at("08:00").date()
    hours = [OpeningHours(weekday=one, opens="08:00", closes="18:00") for one in WEEK]
    desk.hear(CalendarSet(calendar_id=new_id(), opening=hours, closed_on=[day]))
    assert desk.ask(leg.GetLegPlan(from_day=day)).windows == []
    with pytest.raises(Refused, match="leg_day_closed"):
        fleet.plans(facts)


def test_nobody_decides_about_a_failed_pick_up_of_a_car_that_has_its_order(desk, fleet):
    """Rules B14 and B6: its customer brought it, and nobody said that it arrived. Nor is another pick-up of it planned."""
    facts = fleet.appointment()
    one = fleet.plans(facts)
    fleet.starts(one)
    desk.do(leg.FailLeg(leg_id=one.id, reason="nobody there"), actor="zhou")
    assert asked(desk) == ["leg_failed"]
    order = opened(fleet, facts)
    assert asked(desk) == []
    with pytest.raises(Refused) as refused:
        fleet.plans(facts, "08:30")
    assert (refused.value.code, refused.value.details["status"]) == ("appointment_not_open", "fulfilled")
    desk.do(VoidWorkOrder(work_order_id=order.id, reason="no time"))
    assert asked(desk) == ["leg_failed"]
