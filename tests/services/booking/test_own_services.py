"""Rule B12: a dealer defines types of service of its own, each with a capacity and names of its own."""

import pytest

from chassis.wire.errors import Invalid, Refused
from contracts.booking.appointment import ListAppointments, RescheduleAppointment
from contracts.booking.calendar import Capacity, GetCalendar, ListFreePlaces, ListServiceTypes, OfferSlots, OwnService
from contracts.booking.events import AppointmentBooked, ServiceName
from contracts.booking.plan import GetDayPlan, GetFortnight

TYRES = OwnService(service_type="tyres", name_zh="轮胎", name_en="Tyres")
PLACES = [Capacity(service_type="repair", places=1), Capacity(service_type="tyres", places=2)]


@pytest.fixture
def tyres(front):
    front.opens(service_types=[TYRES], capacity=PLACES)


def test_a_type_of_its_own_is_booked_by_its_own_capacity_under_its_own_name(desk, front, wall, tyres):
    first, _ = front.books(service_type="tyres"), front.books(service_type="tyres")
    with pytest.raises(Refused, match="slot_full"):
        front.books(service_type="tyres")
    assert front.books(service_type="repair").service_name is None
    name = ServiceName(name_zh="轮胎", name_en="Tyres")
    assert (first.service_type, first.service_name) == ("tyres", name)
    assert desk.announced(AppointmentBooked)[0].appointment.service_name == name
    assert len(desk.ask(ListAppointments(service_type="tyres")).items) == 2
    assert desk.ask(OfferSlots(service_type="tyres")).items
    nine = desk.ask(ListFreePlaces(service_type="tyres", from_day=wall("2026-03-09T09:00").date())).items[0].slots[1]
    assert nine.free == 0
    plan = desk.ask(GetDayPlan(day=wall("2026-03-09T09:00").date()))
    assert next(one for one in plan.hours[1].types if one.service_type == "tyres").service_name == name
    assert [one.service_type for one in desk.ask(GetFortnight()).offers] == ["repair", "tyres"]


def test_the_types_of_a_dealer_are_the_usual_ones_and_its_own(desk, front, tyres):
    found = [(one.service_type, one.places) for one in desk.ask(ListServiceTypes()).items]
    assert found == [("maintenance", 0), ("diagnosis", 0), ("repair", 1), ("body", 0), ("tyres", 2)]
    assert desk.ask(GetCalendar()).service_types == [TYRES]
    theirs = [one.service_type for one in desk.ask(ListServiceTypes(), dealer="bj-chaoyang").items]
    assert theirs == ["maintenance", "diagnosis", "repair", "body"]


@pytest.mark.parametrize(
    "ask",
    [
        lambda desk, front: front.books(service_type="detailing"),
        lambda desk, front: front.books(service_type="tyres", dealer="bj-chaoyang"),
        lambda desk, front: desk.ask(OfferSlots(service_type="detailing")),
        lambda desk, front: desk.ask(ListFreePlaces(service_type="detailing")),
        lambda desk, front: desk.ask(ListAppointments(service_type="detailing")),
    ],
    ids=["book", "another dealer's", "offers", "free places", "list"],
)
def test_one_that_nobody_defined_is_refused_by_field(desk, front, tyres, ask):
    with pytest.raises(Invalid) as refusal:
        ask(desk, front)
    assert refusal.value.details["errors"] == {"service_type": ["unknown_service_type"]}


@pytest.mark.parametrize(
    ("changes", "field", "rule"),
    [
        ({"capacity": [Capacity(service_type="detailing", places=1)]}, "capacity.0.service_type", "unknown_service_type"),
        ({"service_types": [TYRES, TYRES]}, "service_types.1.service_type", "service_type_named_twice"),
        (
            {"service_types": [OwnService(service_type="repair", name_zh="维修", name_en="Repair")]},
            "service_types.0.service_type",
            "service_type_named_twice",
        ),
    ],
    ids=["capacity of none", "twice", "a usual one"],
)
def test_a_calendar_that_contradicts_itself_is_refused_by_field(desk, front, changes, field, rule):
    before = desk.ask(GetCalendar())
    with pytest.raises(Invalid) as refusal:
        front.opens(**changes)
    assert refusal.value.details["errors"] == {field: [rule]}
    assert desk.ask(GetCalendar()) == before


def test_what_was_booked_keeps_its_name_when_the_type_goes(desk, front, tyres, wall):
    booked = front.books(service_type="tyres")
    calendar = front.opens()
    assert [(one.appointment_id, one.why) for one in calendar.stranded] == [(booked.id, "service_type_full")]
    with pytest.raises(Refused, match="service_type_not_offered"):
        desk.do(RescheduleAppointment(appointment_id=booked.id, starts_at=wall("2026-03-10T10:00"), reason="busy"))
    (found,) = desk.ask(ListAppointments()).items
    assert found.service_name == ServiceName(name_zh="轮胎", name_en="Tyres")
