"""How full the calendar is (Rule B2), and what the day's list says of each car's parts (Rule B6)."""

from collections import Counter
from datetime import date

import pytest

from chassis.wire.ids import derived_id, new_id
from chassis.wire.values import Quantity
from contracts.booking.appointment import (
    AmendAppointment,
    ArriveAppointment,
    CancelAppointment,
    GetAppointment,
    ListAppointments,
    RequestedPart,
)
from contracts.booking.calendar import Closure
from contracts.booking.occupancy import GetOccupancy
from contracts.parts.events import PartsPrePicked
from contracts.shared import PartRequest
from contracts.workshop.events import WorkOrderOpened, WorkOrderVoided
from tests.services.history import Reading, grow

MONDAY = date(2026, 3, 9)


def filled(desk, day=MONDAY, **query):
    """A day's (places, taken, free) by type of service."""
    (told,) = desk.ask(GetOccupancy(from_day=day, days=1, **query)).items
    return {one.service_type: (one.places, one.taken, one.free) for one in told.types}


def test_a_day_says_how_many_places_there_are_taken_and_left(desk, front, wall):
    """Of all slots together; a place that was given up is free, and another dealer's cars take none."""
    front.opens(places=2, opens="09:00", closes="10:00")
    front.opens(places=2, opens="09:00", closes="10:00", dealer="bj-chaoyang")
    for start in ("09:00", "09:00", "09:30"):
        front.books(starts_at=wall(f"2026-03-09T{start}"))
    off = front.books(starts_at=wall("2026-03-09T09:30"))
    desk.do(CancelAppointment(appointment_id=off.id, reason="ill"))
    front.books(starts_at=wall("2026-03-09T09:00"), dealer="bj-chaoyang")
    assert filled(desk) == {"maintenance": (4, 0, 4), "repair": (4, 3, 1)}


def test_slot_by_slot_it_says_which_are_full_and_who_takes_cars_in(desk, front, wall):
    front.opens(places=2, opens="09:00", closes="10:00")
    front.books(starts_at=wall("2026-03-09T09:00"), advisor="wang")
    front.books(starts_at=wall("2026-03-09T09:00"), service_type="maintenance")
    (day,) = desk.ask(GetOccupancy(from_day=MONDAY, days=1, slots=True)).items
    nine, half_past = day.slots
    assert (nine.starts_at, nine.ends_at) == (wall("2026-03-09T09:00"), wall("2026-03-09T09:30"))
    assert [(one.service_type, one.taken, one.free) for one in nine.types] == [("maintenance", 1, 1), ("repair", 1, 1)]
    assert [(one.advisor, one.places, one.taken, one.free) for one in nine.advisors] == [("wang", 1, 1, 0)]
    assert ([one.taken for one in half_past.types], half_past.advisors) == ([0, 0], [])
    assert desk.ask(GetOccupancy(from_day=MONDAY, days=1)).items[0].slots == []


def test_a_fortnight_begins_today_and_closed_days_say_why(desk, front, wall):
    front.opens(closures=[Closure(day=date(2026, 3, 3), reason="stocktake")])
    days = desk.ask(GetOccupancy()).items
    assert (days[0].day, len(days)) == (date(2026, 3, 2), 14)
    assert [(one.day.isoformat(), one.closed_because) for one in days if one.closed] == [
        ("2026-03-03", "stocktake"),
        ("2026-03-07", None),
        ("2026-03-08", None),
        ("2026-03-14", None),
        ("2026-03-15", None),
    ]


def test_what_was_booked_before_the_calendar_was_cut_is_told_too(desk, front, wall):
    """More is taken than there are places, a type that is no longer offered has cars, a day that is closed now has one."""
    front.opens(places=2, opens="09:00", closes="09:30")
    for service_type in ("repair", "repair", "maintenance"):
        front.books(starts_at=wall("2026-03-09T09:00"), service_type=service_type)
    front.opens(capacity=[{"service_type": "repair", "places": 1}], opens="09:00", closes="09:30")
    assert filled(desk) == {"maintenance": (0, 1, 0), "repair": (1, 2, 0)}
    front.opens(closures=[Closure(day=MONDAY, reason="flood")])
    (day,) = desk.ask(GetOccupancy(from_day=MONDAY, days=1)).items
    assert (day.closed, day.types, day.booked) == (True, [], 3)


@pytest.mark.new_database
def test_a_day_costs_the_same_however_many_appointments_there_were(desk, front, wall):
    booked = front.books(starts_at=wall("2026-03-09T09:00"))
    query, today = GetOccupancy(from_day=MONDAY, days=1, slots=True), ListAppointments(from_day=MONDAY, to_day=MONDAY)
    year_before = {"starts_at": "'2025-03-10T01:00Z'", "place_from": "'2025-03-10T01:00Z'"}
    grow(desk, "appointment", 1_000, **year_before)
    before = Reading(desk, query).rows, Reading(desk, today).rows
    grow(desk, "appointment", 1_000, **year_before)
    assert [one.id for one in desk.ask(today).items] == [booked.id]
    assert Reading(desk, query).rows <= before[0]
    assert Reading(desk, today).rows <= before[1]


# Parts


def told(desk, appointment, sequence, *, reserved=(), short=()):
    """parts says what lies ready for an appointment."""
    fact = PartsPrePicked(appointment_id=appointment.id, reserved=list(reserved), short=list(short))
    desk.hear(fact, subject=derived_id("reservation", appointment.id), sequence=sequence)


def state(desk, appointment):
    """Where the parts stand, as the day's list and the appointment itself say; and how much is short."""
    (listed,) = [one for one in desk.ask(ListAppointments()).items if one.id == appointment.id]
    assert listed == desk.ask(GetAppointment(appointment_id=appointment.id))
    return listed.parts_state, [(one.part_number, str(one.quantity)) for one in listed.short]


def test_the_days_list_says_whether_the_booked_parts_are_there(desk, front):
    booked = front.books(parts=[RequestedPart(part_number="F-1", quantity=Quantity.of("2"))])
    assert (booked.parts_state, state(desk, booked)) == ("asked", ("asked", []))
    (line,) = booked.parts
    one = PartRequest(line_id=line.line_id, part_number="F-1", quantity=Quantity.of("1"))
    told(desk, booked, 2, reserved=[one], short=[one])
    assert state(desk, booked) == ("short", [("F-1", "1.000")])
    told(desk, booked, 3, reserved=[line])
    told(desk, booked, 2, short=[line])  # it comes late: the newest counts
    assert state(desk, booked) == ("reserved", [])
    assert desk.do(ArriveAppointment(appointment_id=booked.id)).parts_state == "reserved"
    opened = WorkOrderOpened(
        work_order_id=new_id(),
        number="RO-1",
        appointment_id=booked.id,
        customer=front.customer,
        vehicle=front.vehicle,
        complaint="noise",
    )
    desk.hear(opened)
    assert state(desk, booked) == (None, [])
    desk.hear(WorkOrderVoided(work_order_id=opened.work_order_id, appointment_id=booked.id, reason="wrong car"))
    assert state(desk, booked) == (None, []), "what lay ready was set free with the void order"


def test_a_part_that_is_asked_for_since_is_not_there_yet_and_without_parts_nothing_is_said(desk, front):
    plain = front.books()
    assert state(desk, plain) == (None, [])
    booked = front.books(parts=[RequestedPart(part_number="F-1", quantity=Quantity.of("1"))])
    told(desk, booked, 2, reserved=booked.parts)
    wanted = [RequestedPart(part_number=number, quantity=Quantity.of("1")) for number in ("F-1", "D-9")]
    assert desk.do(AmendAppointment(appointment_id=booked.id, parts=wanted)).parts_state == "asked"
    assert Counter(state(desk, one)[0] for one in (plain, booked)) == {None: 1, "asked": 1}
    elsewhere = front.books(dealer="bj-chaoyang")
    assert elsewhere.parts_state is None
