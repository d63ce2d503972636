"""Rule W1 at the booking desk: what becomes of the appointment of a car that was sent on from the reception lane."""

import pytest

from chassis.wire.errors import Refused
from chassis.wire.ids import new_id
from chassis.wire.values import Quantity
from contracts.booking import events
from contracts.booking.appointment import (
    ArriveAppointment,
    CancelAppointment,
    GetAppointment,
    RequestedPart,
    RescheduleAppointment,
)
from contracts.workshop.reception_events import CarLeftLane


def now(desk, appointment):
    return desk.ask(GetAppointment(appointment_id=appointment.id))


def test_who_was_sent_on_from_the_lane_is_off_with_the_cause_and_may_be_booked_again(desk, front, wall):
    """Rule W1: the fact is heard once; one that is overtaken by a new arrival or an order changes nothing."""
    booked = front.books(parts=[RequestedPart(part_number="F-1", quantity=Quantity.of("2"))])
    desk.clock.set(wall("2026-03-09T09:00"))
    desk.do(ArriveAppointment(appointment_id=booked.id, bay="R1"))
    desk.pass_time(minutes=5)
    car = {"lane_car_id": new_id(), "plate": front.vehicle.plate, "appointment_id": booked.id, "left_at": desk.clock.now()}
    desk.hear(CarLeftLane(left="taken_over", **car))
    assert now(desk, booked).status == "arrived"
    gone = CarLeftLane(left="sent_on", reason="wants to buy one", **car)
    desk.hear(gone, times=2)
    off = now(desk, booked)
    assert (off.status, off.reason, off.arrived_at) == ("cancelled", "wants to buy one", wall("2026-03-09T09:00"))
    (fact,) = desk.announced(events.AppointmentCancelled)
    assert (fact.reason, fact.notice) == ("wants to buy one", None)
    moved = RescheduleAppointment(appointment_id=booked.id, starts_at=wall("2026-03-10T09:00"), reason="comes tomorrow")
    again = desk.do(moved)
    assert (again.status, again.arrived_at, again.bay) == ("confirmed", None, None)
    desk.clock.set(wall("2026-03-10T09:00"))
    desk.do(ArriveAppointment(appointment_id=booked.id))
    desk.hear(gone)
    assert now(desk, booked).status == "arrived", "an old fact ends no new arrival"
    other = front.books(starts_at=wall("2026-03-11T09:00"))
    desk.do(CancelAppointment(appointment_id=other.id, reason="ill"))
    with pytest.raises(Refused, match="appointment_not_open"):
        desk.do(RescheduleAppointment(appointment_id=other.id, starts_at=wall("2026-03-12T09:00"), reason="well again"))
