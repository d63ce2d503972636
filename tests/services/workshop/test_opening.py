"""Opening an order, and what workshop knows of its neighbours."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from eventlet import GreenPool
from sqlalchemy.exc import IntegrityError

from chassis.wire.errors import Invalid, NotFound, NotYetKnown, Refused
from chassis.wire.ids import new_id
from contracts.booking.events import AppointmentAmended, AppointmentBooked, AppointmentCancelled, AppointmentConfirmed
from contracts.crm.events import CustomerRecorded, VehicleRecorded
from contracts.workshop import reception
from contracts.workshop.events import WorkOrderOpened, WorkOrderVoided
from contracts.workshop.finding import ListWorkOrders
from contracts.workshop.order import GetWorkOrder, VoidWorkOrder
from services.workshop.order.work_order import WorkOrder
from tests.services.workshop.shop import CUSTOMER, VEHICLE


def test_a_walk_in_begins_a_visit_that_all_events_of_the_order_carry(shop):
    order = shop.approved()
    of_the_order = [envelope for envelope in shop.desk.envelopes() if envelope["subject"] == order.id]
    assert {envelope["correlationid"] for envelope in of_the_order} == {order.visit_id}
    assert [envelope["sequence"] for envelope in of_the_order] == [1, 3, 4]


def test_an_appointments_order_keeps_its_visit_and_its_complaint(shop):
    visit, appointment = new_id(), shop.appointment(complaint="Oil leaks")
    shop.arrive(appointment, visit=visit)
    order = shop.desk.do(reception.OpenWorkOrder(appointment_id=appointment.appointment_id))
    assert (order.visit_id, order.complaint, order.appointment_id) == (visit, "Oil leaks", appointment.appointment_id)
    [opened] = shop.desk.announced(WorkOrderOpened)
    assert (opened.appointment_id, opened.customer, opened.vehicle) == (appointment.appointment_id, CUSTOMER, VEHICLE)


def test_a_web_booking_that_was_confirmed_can_be_opened_before_the_car_arrives(shop):
    """Requested it cannot; the confirmation is announced here too."""
    appointment = shop.appointment(status="requested")
    shop.desk.hear(AppointmentBooked(appointment=appointment), subject=appointment.appointment_id, sequence=1)
    with pytest.raises(Refused, match="appointment_not_open"):
        shop.desk.do(reception.OpenWorkOrder(appointment_id=appointment.appointment_id))
    confirmed = replace(appointment, status="confirmed")
    shop.desk.hear(AppointmentConfirmed(appointment=confirmed), subject=appointment.appointment_id, sequence=2)
    assert shop.desk.do(reception.OpenWorkOrder(appointment_id=appointment.appointment_id)).status == "open"


def test_an_appointment_has_at_most_one_order(shop):
    appointment = shop.appointment()
    shop.arrive(appointment)
    first = shop.desk.do(reception.OpenWorkOrder(appointment_id=appointment.appointment_id))
    with pytest.raises(Refused) as refused:
        shop.desk.do(reception.OpenWorkOrder(appointment_id=appointment.appointment_id))
    assert (refused.value.code, refused.value.details) == ("appointment_has_order", {"work_order": first.number})


def test_the_appointment_of_a_void_order_opens_another_one(shop):
    appointment = shop.appointment()
    shop.arrive(appointment)
    given = reception.OpenWorkOrder(appointment_id=appointment.appointment_id)
    first = shop.desk.do(given)
    shop.desk.do(VoidWorkOrder(work_order_id=first.id, reason="wrong car"))
    [void] = shop.desk.announced(WorkOrderVoided)
    assert (void.work_order_id, void.appointment_id) == (first.id, appointment.appointment_id)
    second = shop.desk.do(given)
    assert (second.status, second.appointment_id, second.id != first.id) == ("open", appointment.appointment_id, True)
    with pytest.raises(Refused, match="appointment_has_order"):
        shop.desk.do(given)


def test_a_car_that_has_an_open_order_gets_a_second_one_only_if_that_is_meant(shop):
    """The refusal names the order; one that has ended is none."""
    first = shop.open()
    with pytest.raises(Refused) as refused:
        shop.open(confirm_second_order=False)
    assert (refused.value.code, refused.value.details) == ("car_has_open_order", {"work_order": first.number})
    second = shop.open(confirm_second_order=True)
    for order in (first, second):
        shop.desk.do(VoidWorkOrder(work_order_id=order.id, reason="x"))
    third = shop.open(confirm_second_order=False)
    shop.deliver(shop.ready(shop.approved(third)))
    assert shop.open(confirm_second_order=False).status == "open"


def test_of_two_who_open_an_order_for_one_car_at_once_one_is_told(shop):
    def try_to_open(_):
        try:
            return shop.open(confirm_second_order=False).status
        except Refused as refused:
            return refused.code

    assert sorted(GreenPool().imap(try_to_open, range(2))) == ["car_has_open_order", "open"]


def test_a_cancelled_appointment_opens_nothing(shop):
    appointment = shop.appointment(status="cancelled")
    shop.desk.hear(AppointmentCancelled(appointment=appointment, reason="ill"), subject=appointment.appointment_id)
    with pytest.raises(Refused, match="appointment_not_open"):
        shop.desk.do(reception.OpenWorkOrder(appointment_id=appointment.appointment_id))


def test_the_newest_fact_of_an_appointment_counts_in_whatever_order_they_come(shop):
    appointment = shop.appointment()
    shop.arrive(appointment, sequence=5, times=2)
    for sequence, late in ((2, AppointmentBooked), (3, AppointmentCancelled)):
        stale = shop.appointment(appointment_id=appointment.appointment_id, status="cancelled", complaint="stale")
        more = {"reason": "x"} if late is AppointmentCancelled else {}
        shop.desk.hear(late(appointment=stale, **more), subject=appointment.appointment_id, sequence=sequence)
    assert shop.desk.do(reception.OpenWorkOrder(appointment_id=appointment.appointment_id)).complaint == "Brakes squeal"


def test_a_later_fact_of_a_customer_overwrites_and_an_earlier_one_does_not(shop):
    for sequence, name in ((3, "Li Na-Wang"), (2, "stale")):
        shop.desk.hear(
            CustomerRecorded(customer=type(CUSTOMER)(customer_id=CUSTOMER.customer_id, name=name, phone="1")),
            subject=CUSTOMER.customer_id,
            sequence=sequence,
        )
    assert shop.open().customer.name == "Li Na-Wang"


@pytest.mark.parametrize("field", ["appointment_id", "customer_id", "vehicle_id"])
def test_what_another_service_has_not_announced_yet_is_not_yet_known(shop, field):
    unknown = new_id()
    nobody = {"customer_id": None, "vehicle_id": None} if field == "appointment_id" else {}
    with pytest.raises(NotYetKnown) as refused:
        shop.open(**{**nobody, field: unknown})
    assert refused.value.details == {"field": field, "value": unknown}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"complaint": "x"}, "customer_id"),
        ({"complaint": "x", "customer_id": CUSTOMER.customer_id}, "vehicle_id"),
        ({"appointment_id": CUSTOMER.customer_id, "customer_id": CUSTOMER.customer_id}, "appointment_id"),
        ({"customer_id": CUSTOMER.customer_id, "vehicle_id": VEHICLE.vehicle_id}, "complaint"),
    ],
)
def test_opening_says_which_field_is_missing(shop, given, field):
    with pytest.raises(Invalid) as refused:
        shop.desk.do(reception.OpenWorkOrder(**given))
    assert field in refused.value.details["errors"]


def test_numbers_count_per_dealer_and_local_year(shop):
    shop.desk.register("bj-chaoyang")
    shop.know_neighbours("bj-chaoyang")
    assert [shop.open().number, shop.open().number] == ["RO-2026-000001", "RO-2026-000002"]
    assert shop.open(dealer="bj-chaoyang").number == "RO-2026-000001"
    shop.desk.clock.set(shop.desk.clock.now().replace(month=12, day=31, hour=16, minute=0))  # midnight in Shanghai
    assert shop.open().number == "RO-2027-000001"


def test_the_same_request_opens_one_order(shop):
    given = reception.OpenWorkOrder(customer_id=CUSTOMER.customer_id, vehicle_id=VEHICLE.vehicle_id, complaint="x")
    assert shop.desk.do(given, key="k").id == shop.desk.do(given, key="k").id
    assert len(shop.desk.announced(WorkOrderOpened)) == 1


def test_another_dealer_neither_finds_nor_changes_the_order(shop):
    order = shop.open()
    with pytest.raises(NotFound):
        shop.desk.ask(GetWorkOrder(work_order_id=order.id), dealer="bj-chaoyang")
    with pytest.raises(NotFound):
        shop.desk.do(VoidWorkOrder(work_order_id=order.id, reason="x"), dealer="bj-chaoyang")
    assert shop.desk.ask(ListWorkOrders(), dealer="bj-chaoyang").items == []


def test_another_dealers_customers_are_unknown_here_and_what_it_delivered_at_is_known(shop):
    """Rule W2: a delivery's reading is the group's."""
    shop.desk.register("bj-chaoyang")
    with pytest.raises(NotYetKnown):
        shop.open(dealer="bj-chaoyang")
    shop.deliver(shop.ready(), mileage=90_000)
    shop.know_neighbours("bj-chaoyang")
    with pytest.raises(Refused, match="mileage_went_back"):
        shop.open(dealer="bj-chaoyang", mileage=10)


def test_of_five_who_open_an_order_for_one_appointment_at_once_one_does(shop):
    appointment = shop.appointment()
    shop.arrive(appointment)

    def try_to_open(_):
        try:
            return shop.desk.do(reception.OpenWorkOrder(appointment_id=appointment.appointment_id)).number
        except Refused as refused:
            return refused.code

    answers = sorted(GreenPool().imap(try_to_open, range(5)))
    assert answers == ["RO-2026-000001", *["appointment_has_order"] * 4]


@pytest.mark.parametrize("twice", ["appointment_id", "number"])
def test_the_database_itself_keeps_an_orders_business_keys_single(shop, twice):
    appointment = shop.appointment()
    shop.arrive(appointment)
    order = shop.desk.do(reception.OpenWorkOrder(appointment_id=appointment.appointment_id))
    keys = {"appointment_id": new_id(), "number": "RO-2026-999999", twice: getattr(order, twice)}

    def write_another(session):
        another = WorkOrder.open(
            **keys,
            visit_id=new_id(),
            customer=CUSTOMER,
            vehicle=VEHICLE,
            complaint="x",
            advisor="wang",
            at=order.opened_at,
            currency="CNY",
            tax_mode="inclusive",
        )
        another.updated_at = order.updated_at
        session.add(another)
        session.flush()

    with pytest.raises(IntegrityError, match=f"work_order_dealer_id_{twice}_key"):
        shop.desk.rows(write_another)


def test_a_walk_in_order_of_a_car_that_is_booked_today_is_opened_only_if_that_is_meant(shop):
    """Rule B6: else its appointment is missed, and its parts are set aside beside those of the order."""
    walk_in = {"confirm_second_order": False, "vehicle_id": new_id()}
    car = replace(VEHICLE, vehicle_id=walk_in["vehicle_id"])
    shop.desk.hear(VehicleRecorded(vehicle=car, customer_id=CUSTOMER.customer_id), subject=car.vehicle_id)
    booked = shop.appointment(status="confirmed", vehicle=car)
    tell = partial(shop.desk.hear, subject=booked.appointment_id)
    tell(AppointmentConfirmed(appointment=booked))
    for number, status in enumerate(("confirmed", "no_show", "arrived"), 2):
        as_it_is = replace(booked, status=status)
        tell(AppointmentAmended(appointment=as_it_is), sequence=number)
        with pytest.raises(Refused) as refused:
            shop.open(**walk_in)
        assert refused.value.code == "car_is_booked"
        assert refused.value.details["starts_at"] == "2026-03-02T12:00:00+08:00"
    tomorrow = replace(booked, starts_at=booked.starts_at + timedelta(days=1))
    tell(AppointmentAmended(appointment=replace(booked, status="cancelled")), sequence=5)
    assert shop.open(**walk_in).appointment_id is None
    tell(AppointmentAmended(appointment=tomorrow), sequence=6)
    with pytest.raises(Refused, match="car_has_open_order"):
        shop.open(**walk_in)
    tell(AppointmentAmended(appointment=booked), sequence=7)
    assert shop.open(**{**walk_in, "confirm_second_order": True}).appointment_id is None


def test_nor_is_one_asked_of_whose_appointment_is_on_another_day(shop):
    """Rule B6."""
    car = replace(VEHICLE, vehicle_id=new_id())
    shop.desk.hear(VehicleRecorded(vehicle=car, customer_id=CUSTOMER.customer_id), subject=car.vehicle_id)
    facts = shop.appointment(status="confirmed", vehicle=car)
    tomorrow = replace(facts, starts_at=facts.starts_at + timedelta(days=1))
    shop.desk.hear(AppointmentConfirmed(appointment=tomorrow), subject=facts.appointment_id)
    assert shop.open(confirm_second_order=False, vehicle_id=car.vehicle_id).appointment_id is None


def test_a_car_that_came_by_appointment_is_a_walk_in_when_it_comes_again(shop):
    """Rule B6: its appointment is over with the order that was opened for it; only that of a void order waits for another one."""
    walk_in = {"confirm_second_order": False, "vehicle_id": VEHICLE.vehicle_id}
    shop.desk.hear(VehicleRecorded(vehicle=VEHICLE, customer_id=CUSTOMER.customer_id), subject=VEHICLE.vehicle_id)
    by_appointment = shop.appointment()
    shop.arrive(by_appointment)
    booked = {"appointment_id": by_appointment.appointment_id, "customer_id": None, "vehicle_id": None}
    shop.desk.do(VoidWorkOrder(work_order_id=shop.open(**booked).id, reason="x"))
    with pytest.raises(Refused, match="car_is_booked"):
        shop.open(**walk_in)
    order = shop.approved(shop.open(**booked))
    shop.deliver(shop.ready(order))
    assert shop.open(**walk_in).appointment_id is None, "later on the same day"


def test_nor_is_one_booked_any_more_that_was_taken_on_without_word_of_its_arrival(shop):
    """Rule B6: also before booking says that its order fulfilled it."""
    shop.desk.hear(VehicleRecorded(vehicle=VEHICLE, customer_id=CUSTOMER.customer_id), subject=VEHICLE.vehicle_id)
    facts = shop.appointment(status="confirmed")
    shop.desk.hear(AppointmentConfirmed(appointment=facts), subject=facts.appointment_id)
    order = shop.approved(shop.open(appointment_id=facts.appointment_id, customer_id=None, vehicle_id=None))
    shop.deliver(shop.ready(order))
    assert shop.open(confirm_second_order=False, vehicle_id=VEHICLE.vehicle_id).appointment_id is None
