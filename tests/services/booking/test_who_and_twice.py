"""Who may be named on an appointment, and one car with two of them (Rules B1, B2, B4)."""

import pytest

from chassis.wire.errors import NotYetKnown, Refused
from chassis.wire.ids import new_id
from contracts.booking.appointment import (
    AmendAppointment,
    ArriveAppointment,
    CancelAppointment,
    ConfirmAppointment,
    RescheduleAppointment,
)
from contracts.booking.calendar import ListFreePlaces, OfferSlots
from contracts.booking.events import AppointmentBooked
from contracts.crm.events import VehicleRecorded
from contracts.shared import VehicleFacts
from tests.services.booking.places import taken

DAY = "2026-03-09"


def once(front, **changes):
    """Nothing was said about a second appointment."""
    return front.books(**{"confirm_second_appointment": False, **changes})


def named(desk, front, login):
    """Every way to name an advisor."""
    booked = front.books(advisor="wang")
    return (
        lambda: front.books(advisor=login),
        lambda: desk.do(AmendAppointment(appointment_id=booked.id, advisor=login)),
        lambda: desk.ask(OfferSlots(service_type="repair", advisor=login)),
        lambda: desk.ask(ListFreePlaces(service_type="repair", advisor=login)),
    )


def test_only_advisors_of_the_dealer_are_asked_for(desk, front):
    """Rule B4: by the newest fact of their account; a service manager may advise.

    Another dealer's people are as if nobody had heard of them (Rule G1).
    """
    front.opens(places=9, advisor_places=9)
    desk.employ("clerk", "parts_clerk")
    desk.employ("li", "service_advisor", at=("bj-chaoyang",))
    desk.employ("gone", "service_advisor", sequence=2, active=False)
    for naming in named(desk, front, "clerk"):
        with pytest.raises(Refused) as refused:
            naming()
        assert (refused.value.code, refused.value.details) == ("not_an_advisor", {"field": "advisor", "name": "clerk"})
    for login in ("li", "gone"):
        for naming in named(desk, front, login):
            with pytest.raises(NotYetKnown):
                naming()
    desk.employ("clerk", "service_manager", sequence=2)
    assert front.books(advisor="clerk").advisor == "clerk"


def test_of_an_advisor_of_whom_nobody_has_heard_the_fact_may_yet_come(desk, front):
    """Rule B4: the gateway asks again for a moment."""
    front.opens(places=9, advisor_places=9)
    for naming in named(desk, front, "new"):
        with pytest.raises(NotYetKnown) as refused:
            naming()
        assert refused.value.details == {"field": "advisor", "value": "new"}
    desk.employ("new", "service_advisor")
    assert front.books(advisor="new").advisor == "new"


def test_an_advisor_who_has_left_does_not_stand_against_other_amendments(desk, front):
    booked = front.books(advisor="wang")
    desk.employ("wang", "service_advisor", sequence=2, active=False)
    assert desk.do(AmendAppointment(appointment_id=booked.id, advisor="wang", complaint="it squeals")).complaint == "it squeals"


def test_a_second_appointment_of_a_car_on_a_day_is_confirmed_or_refused(desk, front, wall):
    """Rule B1: whoever asked for the first may have forgotten it. The refusal tells its time on the dealer's clock."""
    front.opens(places=9)
    first = once(front, starts_at=wall(f"{DAY}T09:00"))
    for at in ("09:00", "16:00"):
        with pytest.raises(Refused) as refused:
            once(front, starts_at=wall(f"{DAY}T{at}"))
        assert (refused.value.code, refused.value.details) == ("car_has_appointment", {"starts_at": f"{DAY}T09:00:00+08:00"})
    assert [fact.appointment.appointment_id for fact in desk.announced(AppointmentBooked)] == [first.id]
    assert once(front, starts_at=wall(f"{DAY}T16:00"), confirm_second_appointment=True).status == "confirmed"
    assert once(front, starts_at=wall("2026-03-10T09:00")).status == "confirmed"


def test_a_day_is_the_dealers_and_another_car_is_another_matter(desk, front, wall):
    """Rule B1: 23:00 and 00:30 share a UTC day, and no day in Shanghai."""
    front.opens(opens="00:00", closes="24:00")
    once(front, starts_at=wall("2026-03-09T23:00"))
    assert once(front, starts_at=wall("2026-03-10T00:30")).status == "confirmed"
    other = VehicleFacts(**{**vars(front.vehicle), "vehicle_id": new_id(), "plate": "沪B2"})
    desk.hear(VehicleRecorded(vehicle=other, customer_id=front.customer.customer_id))
    assert once(front, starts_at=wall("2026-03-09T23:30"), vehicle_id=other.vehicle_id).status == "confirmed"


@pytest.mark.parametrize("ended", ["cancelled", "no_show"])
def test_an_appointment_that_is_over_does_not_count(desk, front, wall, ended):
    """Rule B1."""
    first = once(front)
    if ended == "cancelled":
        desk.do(CancelAppointment(appointment_id=first.id, reason="x"))
    else:
        desk.clock.set(wall(f"{DAY}T09:30"))
        desk.fire_timers()
    assert once(front, starts_at=wall(f"{DAY}T14:00")).status == "confirmed"


@pytest.mark.parametrize("status", ["requested", "wait_listed", "arrived"])
def test_every_appointment_that_is_still_to_come_or_here_counts(desk, front, wall, status):
    """Rule B1."""
    front.opens(places=1)
    if status == "wait_listed":
        other = VehicleFacts(**{**vars(front.vehicle), "vehicle_id": new_id(), "plate": "沪B2"})
        desk.hear(VehicleRecorded(vehicle=other, customer_id=front.customer.customer_id))
        once(front, vehicle_id=other.vehicle_id)
    first = once(front, channel="web" if status == "requested" else "phone", wait_list=True)
    if status == "arrived":
        desk.do(ArriveAppointment(appointment_id=first.id))
    with pytest.raises(Refused, match="car_has_appointment"):
        once(front, starts_at=wall(f"{DAY}T14:00"))


def test_moving_to_the_day_of_another_one_is_confirmed_or_refused(desk, front, wall):
    """Rule B1. Moving within its own day is no second appointment."""
    front.opens(places=9)
    once(front)
    second = once(front, starts_at=wall("2026-03-10T09:00"))
    move = {"appointment_id": second.id, "starts_at": wall(f"{DAY}T14:00"), "reason": "asked for it"}
    with pytest.raises(Refused, match="car_has_appointment"):
        desk.do(RescheduleAppointment(**move))
    assert desk.do(RescheduleAppointment(**{**move, "starts_at": wall("2026-03-10T14:00")})).status == "confirmed"
    assert desk.do(RescheduleAppointment(**move, confirm_second_appointment=True)).starts_at == move["starts_at"]


def test_a_no_show_that_has_booked_again_comes_by_the_new_appointment(desk, front, wall):
    """Rules B1 and B5."""
    missed = once(front)
    desk.clock.set(wall(f"{DAY}T09:30"))
    desk.fire_timers()
    once(front, starts_at=wall(f"{DAY}T14:00"))
    with pytest.raises(Refused, match="car_has_appointment"):
        desk.do(ArriveAppointment(appointment_id=missed.id))
    assert desk.do(ArriveAppointment(appointment_id=missed.id, confirm_second_appointment=True)).status == "arrived"


def test_moments_in_refusals_are_told_on_the_dealers_clock(desk, front, wall):
    """Rule G0: calendar rules count in the dealer's time zone."""
    front.opens(places=1)
    front.books(advisor="wang")
    waits = front.books(wait_list=True)
    for refused_by in (front.books, lambda: desk.do(ConfirmAppointment(appointment_id=waits.id))):
        with pytest.raises(Refused) as refused:
            refused_by()
        assert refused.value.details["starts_at"] == f"{DAY}T09:00:00+08:00"
    with pytest.raises(Refused, match="closed") as refused:
        front.books(starts_at=wall(f"{DAY}T08:00"))
    assert refused.value.details["starts_at"] == f"{DAY}T08:00:00+08:00"
    assert taken(desk) == {wall(f"{DAY}T09:00"): 1}
