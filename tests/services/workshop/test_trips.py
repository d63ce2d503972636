"""Rules B14 and W24: a car that is home again is fetched once more; what its driver has goes on; windows that are taken away."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chassis.wire.errors import Invalid, Refused
from chassis.wire.ids import new_id
from contracts.booking.calendar import OpeningHours
from contracts.booking.calendar_events import CalendarSet
from contracts.booking.events import AppointmentArrived, AppointmentRescheduled
from contracts.workshop import leg
from contracts.workshop.custody import GetCustody, HandOverThings
from contracts.workshop.leg_events import LegPlanned, LegReplanned
from contracts.workshop.leg_settings import GetLegSettings
from contracts.workshop.shop_floor import ReturnToWork
from tests.services.workshop.legs import TIMES, WEEK, at
from tests.services.workshop.test_leg_questions import asked, opened


@pytest.fixture
def fleet(fleet):
    fleet.drives(legs=9)
    return fleet


def moved(fleet, facts):
    later, more = fleet.moved(facts, facts.starts_at + timedelta(days=2))
    fleet.hear(AppointmentRescheduled(appointment=later, **more))
    return later


def holders(desk, order):
    return {one.thing: one.holder for one in desk.ask(GetCustody(work_order_id=order.id)).held}


def test_a_car_that_went_home_is_fetched_again_for_the_same_appointment(desk, fleet):
    """Rule B14: its appointment was moved; the second trip is asked about, arrives and has its keys like the first."""
    facts = fleet.appointment()
    first = fleet.fetches(fleet.plans(facts))
    later = moved(fleet, facts)
    with pytest.raises(Refused, match="leg_exists"):
        fleet.plans(later, begins_at=at("08:00", "2026-03-05"))
    home = fleet.plans(later, "14:00", direction="return")
    fleet.fetches(home)
    assert asked(desk) == []
    again = fleet.plans(later, begins_at=at("08:00", "2026-03-05"))
    assert [one.leg.trip for one in desk.announced(LegPlanned)] == [1, 1, 2]
    desk.clock.set(at("08:30", "2026-03-05"))
    fleet.starts(again)
    desk.do(leg.FailLeg(leg_id=again.id, reason="nobody there"), actor="zhou")
    assert asked(desk) == ["leg_failed"], "that it came once does not help now"
    fleet.fetches(fleet.plans(later, begins_at=at("08:00", "2026-03-05")))
    fleet.hear(AppointmentArrived(appointment=replace(later, status="arrived")))
    order = opened(fleet, later)
    assert holders(desk, order) == {"keys": "zhou", "registration": "zhou", "folder": "wang"}
    back = {"direction": "return", "appointment_id": None, "work_order_id": order.id}
    fleet.delivers(order)
    fleet.fetches(fleet.plans(later, begins_at=at("14:00", "2026-03-05"), **back))
    assert fleet.now(first).work_order_id == order.id
    assert {holders(desk, order)[thing] for thing in ("keys", "registration")} == {None}


def test_so_is_one_that_its_customer_fetched_themselves(desk, fleet):
    facts = fleet.appointment()
    came = fleet.fetches(fleet.plans(facts))
    later = moved(fleet, facts)
    desk.do(leg.CollectCar(leg_id=came.id))
    assert fleet.plans(later, begins_at=at("08:00", "2026-03-05")).leg_state == "planned"


def test_a_car_whose_order_goes_back_to_work_at_home_is_fetched_for_its_order(desk, fleet):
    """Rule B14: once it was brought back; nothing is booked for it, and it is here when its customer signed."""
    facts = fleet.appointment()
    fleet.fetches(fleet.plans(facts))
    order = opened(fleet, facts)
    of_order = {"appointment_id": None, "work_order_id": order.id}
    with pytest.raises(Invalid, match="pick_up_needs_appointment"):
        fleet.plans(facts, **of_order)
    delivered = fleet.delivers(order)
    fleet.fetches(fleet.plans(facts, "10:00", direction="return", **of_order))
    with pytest.raises(Refused, match="leg_exists"):
        fleet.plans(facts, "14:00", direction="return", **of_order)
    with pytest.raises(Invalid, match="pick_up_needs_appointment"):
        fleet.plans(facts, "14:00", **of_order)
    fleet.shop.reverse(delivered)
    desk.do(ReturnToWork(work_order_id=order.id, reason="the noise is back"))
    again = fleet.plans(facts, "14:00", **of_order)
    assert asked(desk) == [], "it is not here"
    fleet.starts(again)
    desk.do(leg.FailLeg(leg_id=again.id, reason="nobody there"), actor="zhou")
    assert asked(desk) == ["leg_failed"]
    again = fleet.plans(facts, "14:00", **of_order)
    fleet.fetches(again)
    assert (holders(desk, order)["keys"], asked(desk)) == ("zhou", [])
    with pytest.raises(Invalid, match="pick_up_needs_appointment"):
        fleet.plans(facts, "14:00", **of_order)


def test_a_driver_hands_over_what_they_have_to_a_colleague_and_nothing_else(desk, fleet):
    """Rule W24: what they have is shown with the leg, and to whom it may go; whoever works in the house may say it for others."""
    desk.employ("chen", "service_advisor")
    facts = fleet.appointment()
    came = fleet.fetches(fleet.plans(facts))
    assert (came.held, came.colleagues) == ([], []), "there is no order yet"
    order = opened(fleet, facts)
    shown = fleet.now(came)
    assert (shown.held, "chen" in {one.login for one in shown.colleagues}) == (["keys", "registration"], True)
    assert "zhou" not in {one.login for one in shown.colleagues}
    desk.do(HandOverThings(work_order_id=order.id, things=["keys"], given_to="chen"), actor="zhou")
    assert fleet.now(came).held == ["registration"]
    with pytest.raises(Refused, match="held_by_another"):
        desk.do(HandOverThings(work_order_id=order.id, things=["keys"], given_to="wu"), actor="zhou")
    desk.do(HandOverThings(work_order_id=order.id, things=["registration"], given_to="wu"), actor="chen")
    assert holders(desk, order) == {"keys": "chen", "registration": "wu", "folder": "wang"}


def test_a_leg_is_nobodys_again_and_a_replan_says_what_is_to_be_another(desk, fleet):
    one = fleet.plans(fleet.appointment())
    for told in ({}, {"driver": None}):
        with pytest.raises(Invalid, match="nothing_to_replan"):
            desk.do(leg.ReplanLeg(leg_id=one.id, **told))
    with pytest.raises(Invalid, match="driver_or_none"):
        desk.do(leg.ReplanLeg(leg_id=one.id, driver="wu", no_driver=True))
    assert desk.do(leg.ReplanLeg(leg_id=one.id, no_driver=True)).driver is None
    assert desk.announced(LegReplanned)[-1].leg.driver is None
    assert desk.ask(leg.GetMyLegs(day=at("08:00").date()), actor="zhou").legs == []
    fleet.starts(one)
    with pytest.raises(Refused, match="leg_not_open"):
        desk.do(leg.ReplanLeg(leg_id=one.id, no_driver=True))


def test_new_intervals_name_the_legs_that_they_would_not_take(desk, fleet):
    """Rule B14: as the calendar names appointments (B2). They keep their time until somebody calls their customers."""
    early, second, late = (fleet.plans(fleet.appointment(), begins) for begins in ("08:00", "08:00", "10:00"))
    under_way = fleet.plans(fleet.appointment(), "08:00")
    fleet.starts(under_way)
    assert fleet.drives(legs=2).stranded == []
    fewer = fleet.drives(legs=1)
    assert [(one.id, one.why, one.phone) for one in fewer.stranded] == [(second.id, "interval_full", second.phone)]
    other = fleet.drives(legs=9, times=[TIMES[0]])
    assert ([(one.id, one.why) for one in other.stranded], other.stranded_count) == ([(late.id, "no_interval")], 1)
    hours = [OpeningHours(weekday=day, opens="08:00", closes="18:00") for day in WEEK]
    desk.hear(CalendarSet(calendar_id=new_id(), opening=hours, closed_on=[at("08:00").date()]))
    assert [(one.id, one.why) for one in desk.ask(GetLegSettings()).stranded] == [
        (early.id, "closed"),
        (second.id, "closed"),
        (late.id, "closed"),
    ]
    assert fleet.now(late).begins_at == at("10:00"), "it keeps its time"
