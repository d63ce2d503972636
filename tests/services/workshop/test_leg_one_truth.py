"""Rules B14 and W24: what is asked about a leg is the same wherever it is shown; a return that is off leaves nothing unasked."""

from dataclasses import replace
from typing import Any

import pytest

from chassis.wire.errors import Refused
from contracts.booking.events import AppointmentAmended, AppointmentArrived, AppointmentCancelled
from contracts.workshop import leg
from contracts.workshop.custody import GetCustody
from contracts.workshop.leg_events import LegAsked, LegCollected
from contracts.workshop.order import VoidWorkOrder
from tests.services.history import Reading
from tests.services.workshop.legs import Fleet, at
from tests.services.workshop.test_files import BUYER
from tests.services.workshop.test_leg_limits import returning
from tests.services.workshop.test_leg_questions import asked, opened
from tests.services.workshop.test_walk_around import signed, walked


def said(desk: Any, one: Any) -> set[str | None]:
    """By the leg itself, the day's plan, the appointment's legs and the driver's list."""
    day = at("08:00").date()
    lists = (
        desk.ask(leg.GetLegPlan(from_day=day)).legs,
        desk.ask(leg.ListLegs(appointment_id=one.appointment_id)).items,
        desk.ask(leg.GetMyLegs(day=day), actor="zhou").legs,
    )
    return {
        desk.ask(leg.GetLeg(leg_id=one.id)).question,
        *(each.question for legs in lists for each in legs if each.id == one.id),
    }


def test_the_driver_under_way_reads_that_the_car_is_here_already(desk: Any, fleet: Fleet) -> None:
    facts = fleet.appointment()
    one = fleet.plans(facts)
    assert fleet.starts(one).question is None
    fleet.hear(AppointmentArrived(appointment=replace(facts, status="arrived")))
    assert asked(desk) == ["car_is_here"]
    assert said(desk, one) == {"car_is_here"}


def test_and_that_it_came_to_nothing_as_long_as_that_is_asked(desk: Any, fleet: Fleet) -> None:
    facts = fleet.appointment()
    one = fleet.plans(facts)
    fleet.starts(one)
    assert desk.do(leg.FailLeg(leg_id=one.id, reason="nobody there"), actor="zhou").question == "leg_failed"
    assert said(desk, one) == {"leg_failed"}
    fleet.plans(facts, "10:00")
    assert said(desk, one) == {None}


@pytest.mark.parametrize("starts", [False, True])
def test_a_return_that_is_off_after_the_delivery_is_asked_about_until_the_customer_has_their_things(
    desk: Any, fleet: Fleet, starts: bool
) -> None:
    facts = fleet.appointment()
    fleet.fetches(fleet.plans(facts))
    order = fleet.shop.ready(fleet.shop.approved(opened(fleet, facts)))
    back = fleet.plans(facts, "14:00", direction="return", appointment_id=None, work_order_id=order.id)
    with pytest.raises(Refused, match="car_not_delivered"):
        desk.do(leg.CollectCar(leg_id=back.id))
    fleet.shop.deliver(order)
    if starts:
        fleet.starts(back)
        with pytest.raises(Refused, match="car_not_here"):
            desk.do(leg.CollectCar(leg_id=back.id))
    assert desk.do(leg.CancelLeg(leg_id=back.id, reason="came himself")).question == "not_given_back"
    assert asked(desk) == ["not_given_back"]
    desk.do(leg.CollectCar(leg_id=back.id))
    assert asked(desk) == []
    assert desk.announced(LegCollected)[-1].things == ["keys", "registration"]
    kept = desk.ask(GetCustody(work_order_id=order.id))
    assert {one.holder for one in kept.held if one.thing != "folder"} == {None}
    with pytest.raises(Refused, match="car_not_here"):
        desk.do(leg.CollectCar(leg_id=back.id))


def test_or_until_another_return_is_planned(desk: Any, fleet: Fleet) -> None:
    order, back = returning(fleet)
    desk.do(leg.CancelLeg(leg_id=back.id, reason="not at home"))
    assert asked(desk) == ["not_given_back"]
    again = fleet.plans(back, "14:00", direction="return", appointment_id=None, work_order_id=order.id)
    assert asked(desk) == []
    desk.do(leg.CancelLeg(leg_id=again.id, reason="not at home"))
    assert asked(desk) == ["not_given_back"], "once, about the last of them"


def test_a_customer_who_comes_before_the_driver_sets_out_takes_everything(desk: Any, fleet: Fleet) -> None:
    order = fleet.shop.ready(fleet.shop.approved(fleet.shop.open()))
    about = {"direction": "return", "appointment_id": None, "work_order_id": order.id}
    back = fleet.plans(fleet.appointment(), "14:00", **about)
    fleet.shop.deliver(order)
    with pytest.raises(Refused, match="car_not_here"):
        desk.do(leg.CollectCar(leg_id=back.id))
    assert fleet.now(back).leg_state == "planned", "nothing of theirs was ever taken over"


def test_whose_car_became_anothers_is_asked_for_the_address(desk: Any, fleet: Fleet) -> None:
    """Rule B14: it was the other customer's; a new interval alone does not answer it."""
    facts = fleet.appointment()
    one = fleet.plans(facts)
    for _ in range(2):
        fleet.hear(AppointmentAmended(appointment=replace(facts, customer=BUYER)))
    assert (asked(desk), len(desk.announced(LegAsked))) == (["customer_changed"], 1)
    with pytest.raises(Refused, match="leg_in_question"):
        fleet.starts(one)
    assert desk.do(leg.ReplanLeg(leg_id=one.id, begins_at=at("10:00"))).question == "customer_changed"
    answered = desk.do(leg.ReplanLeg(leg_id=one.id, address="世纪大道 1 号"))
    assert (answered.question, answered.address, answered.customer_name) == (None, "世纪大道 1 号", BUYER.name)
    assert fleet.starts(one).leg_state == "under_way"


def test_nor_is_its_window_taken_twice_when_the_address_is_said(desk: Any, fleet: Fleet) -> None:
    facts = fleet.appointment()
    one = fleet.plans(facts)
    fleet.hear(AppointmentAmended(appointment=replace(facts, customer=BUYER)))
    fleet.plans(fleet.appointment())
    with pytest.raises(Refused, match="leg_interval_full"):
        desk.do(leg.ReplanLeg(leg_id=one.id, address="世纪大道 1 号"))


def test_a_driver_sees_legs_that_nobody_drives_yet_and_what_is_open_first(desk: Any, fleet: Fleet) -> None:
    """Rule B14: the driver who sets out is the leg's."""
    day = at("08:00").date()
    fleet.drives(legs=9)
    done = fleet.fetches(fleet.plans(fleet.appointment()))
    later = fleet.plans(fleet.appointment(), "10:00")
    nobodys = fleet.plans(fleet.appointment(), driver=None)
    mine = desk.ask(leg.GetMyLegs(day=day), actor="zhou")
    assert [one.id for one in mine.legs] == [later.id, done.id]
    assert [one.id for one in mine.unassigned] == [nobodys.id]
    desk.do(leg.ReplanLeg(leg_id=nobodys.id, driver="wu"))
    assert desk.ask(leg.GetMyLegs(day=day), actor="zhou").unassigned == []


def test_fewer_keys_at_the_walk_around_than_at_the_door_are_asked_about_until_it_is_said_why(desk: Any, fleet: Fleet) -> None:
    """Rule W24: somebody has the second key."""
    for found, why in ((2, "it was in the glove box"), (1, "the customer kept it")):
        facts = fleet.appointment()
        fleet.drives(legs=9)
        one = fleet.fetches(fleet.plans(facts))
        order = opened(fleet, facts)
        signed(fleet.shop, walked(fleet.shop, order, mileage=52_000, keys=1, registration=True))
        assert (asked(desk), fleet.now(one).question) == (["less_than_at_door"], "less_than_at_door")
        again = walked(fleet.shop, order, mileage=52_000, keys=found, registration=True, corrected_because=why)
        signed(fleet.shop, again)
        assert asked(desk) == []


def test_a_car_that_went_home_from_a_void_order_leaves_its_appointment_to_be_decided(desk: Any, fleet: Fleet) -> None:
    """Rule B14: it says that the car is here."""
    facts = fleet.appointment()
    fleet.fetches(fleet.plans(facts))
    fleet.hear(AppointmentArrived(appointment=replace(facts, status="arrived")))
    order = opened(fleet, facts)
    desk.do(VoidWorkOrder(work_order_id=order.id, reason="no time"))
    back = fleet.plans(facts, "14:00", direction="return", appointment_id=None, work_order_id=order.id)
    fleet.fetches(back)
    assert (asked(desk), fleet.now(back).question) == (["visit_open"], "visit_open")
    fleet.hear(AppointmentCancelled(appointment=replace(facts, status="cancelled"), reason="no time"))
    assert asked(desk) == []


def test_of_a_leg_is_looked_for_what_it_can_be_asked_alone(desk: Any, fleet: Fleet) -> None:
    """A planned one is neither failed nor done: less than half of all that may be asked is looked up."""
    one = fleet.plans(fleet.appointment())
    desk.ask(leg.GetLeg(leg_id=one.id))
    assert Reading(desk, leg.GetLeg(leg_id=one.id)).statements <= 9
    assert Reading(desk, leg.ListLegs(appointment_id=one.appointment_id)).statements <= 7
