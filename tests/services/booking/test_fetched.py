"""Rule B14: what booking makes of the legs on which the dealer fetches a car."""

from dataclasses import replace

import pytest

from chassis.wire.ids import new_id
from contracts.booking.appointment import GetAppointment, ListAppointments
from contracts.crm.events import VehicleRecorded
from contracts.workshop.leg_events import LegCollected, LegDone, LegFacts, LegFailed, LegPlanned


def test_a_car_that_the_dealer_fetches_is_not_missed_while_the_driver_is_on_it(desk, front, wall):
    """Rule B14: that it comes late is not its customer's doing; that nobody was there is."""
    booked = front.books(starts_at=wall("2026-03-09T09:00"))
    facts = {
        "leg_id": new_id(),
        "direction": "pick_up",
        "appointment_id": booked.id,
        "customer_id": front.customer.customer_id,
        "plate": "沪A12345",
        "begins_at": wall("2026-03-09T08:00"),
        "ends_at": wall("2026-03-09T10:00"),
    }
    planned = LegFacts(**facts, leg_state="planned")
    desk.hear(LegPlanned(leg=planned, planned_by="liu"), subject=planned.leg_id, sequence=1)
    (shown,) = desk.ask(ListAppointments()).items
    assert (shown.pick_up_leg.leg_state, shown.pick_up_leg.begins_at) == ("planned", facts["begins_at"])
    right = VehicleRecorded(vehicle=replace(front.vehicle, plate="沪B99999"), customer_id=front.customer.customer_id)
    desk.hear(right, subject=front.vehicle.vehicle_id, sequence=2)
    assert desk.ask(GetAppointment(appointment_id=booked.id)).pick_up_leg.plate == "沪B99999"
    desk.clock.set(wall("2026-03-09T09:40"))
    desk.fire_timers()
    assert desk.ask(GetAppointment(appointment_id=booked.id)).status == "confirmed"
    failed = LegFailed(
        leg=LegFacts(**facts, leg_state="failed"), reason="nobody there", ended_by="zhou", ended_at=wall("2026-03-09T09:45")
    )
    desk.hear(failed, subject=planned.leg_id, sequence=3)
    desk.clock.set(wall("2026-03-09T10:20"))
    desk.fire_timers()
    assert desk.ask(GetAppointment(appointment_id=booked.id)).status == "no_show"
    assert desk.ask(GetAppointment(appointment_id=booked.id)).pick_up_leg is None


@pytest.mark.parametrize("home", ["brought_back", "collected"])
def test_a_car_that_went_home_again_is_fetched_no_more(desk, front, wall, home):
    """Rule B14: who does not come to the moved appointment has missed it; a second trip is fetched like the first."""
    booked = front.books(starts_at=wall("2026-03-09T09:00"))
    facts = {"appointment_id": booked.id, "customer_id": front.customer.customer_id, "plate": "沪A12345"}
    window = {"begins_at": wall("2026-03-09T08:00"), "ends_at": wall("2026-03-09T10:00")}
    ended = {"ended_by": "zhou", "ended_at": wall("2026-03-09T08:30")}
    ids = {name: new_id() for name in ("back", "came", "again")}

    def hears(name, kind, direction, state, sequence, *, trip=1, collected=False, **more):
        one = LegFacts(leg_id=ids[name], direction=direction, leg_state=state, trip=trip, collected=collected, **facts, **window)
        desk.hear(kind(leg=one, **more), subject=one.leg_id, sequence=sequence)

    def fetched():
        return desk.ask(GetAppointment(appointment_id=booked.id)).pick_up_leg

    done = {"things": ["keys"], "signed_by": "Li Na", **ended}
    hears("came", LegDone, "pick_up", "done", 1, **done)
    assert fetched().leg_state == "done"
    if home == "brought_back":
        hears("back", LegDone, "return", "done", 1, **done)
    else:
        told = {"things": ["keys"], "collected_by": "chen", "collected_at": wall("2026-03-09T08:40")}
        hears("came", LegCollected, "pick_up", "done", 2, collected=True, **told)
    assert fetched() is None
    hears("again", LegPlanned, "pick_up", "planned", 1, trip=2, planned_by="liu")
    assert fetched().leg_state == "planned"
    hears("again", LegFailed, "pick_up", "failed", 2, trip=2, reason="nobody there", **ended)
    desk.clock.set(wall("2026-03-09T09:40"))
    desk.fire_timers()
    assert desk.ask(GetAppointment(appointment_id=booked.id)).status == "no_show"
