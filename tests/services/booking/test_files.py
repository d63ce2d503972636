"""Rule B1: who calls reads the customer's file as it is now; and a car that changes hands after it was booked (Rules B1, B6)."""

from dataclasses import replace

import pytest

from chassis.wire.errors import Refused
from chassis.wire.ids import new_id
from contracts.booking import loaner
from contracts.booking.appointment import CancelAppointment, ChooseCustomer, GetAppointment
from contracts.booking.events import AppointmentAmended, AppointmentBooked
from contracts.crm.events import CustomerRecorded, VehicleRecorded
from contracts.shared import CustomerFacts

NEW = {"name": "Li Leilei", "phone": "13911112222"}


def corrects(desk, front, **changes):
    desk.hear(CustomerRecorded(customer=replace(front.customer, **changes)), subject=front.customer.customer_id, sequence=2)


def sells(desk, front, *, sequence=2):
    """The car is somebody else's by now."""
    buyer = CustomerFacts(customer_id=new_id(), name="Han Mei", phone="13700000007")
    desk.hear(CustomerRecorded(customer=buyer))
    fact = VehicleRecorded(vehicle=front.vehicle, customer_id=buyer.customer_id)
    desk.hear(fact, subject=front.vehicle.vehicle_id, sequence=sequence)
    return buyer


def now(desk, one):
    return desk.ask(GetAppointment(appointment_id=one.id))


def test_an_appointment_says_the_phone_that_the_file_has_now_and_so_do_its_facts(desk, front):
    """Rule B1: the customer as the file is now, also for who was missed; what came of a fulfilled one is history."""
    one, off = front.books(), front.books()
    desk.do(CancelAppointment(appointment_id=off.id, reason="ill"))
    corrects(desk, front, **NEW)
    for kept in (one, off):
        found = now(desk, kept)
        assert (found.customer.name, found.customer.phone) == (NEW["name"], NEW["phone"])
        assert found.version == kept.version + (2 if kept is off else 1)
    [told] = desk.announced(AppointmentAmended)
    assert (told.appointment.appointment_id, told.appointment.customer.phone) == (one.id, NEW["phone"])


def test_a_corrected_plate_is_found_and_told_once(desk, front):
    one = front.books()
    fact = VehicleRecorded(vehicle=replace(front.vehicle, plate="沪B99999"), customer_id=front.customer.customer_id)
    for _ in range(2):
        desk.hear(fact, subject=front.vehicle.vehicle_id, sequence=2)
    assert (now(desk, one).vehicle.plate, now(desk, one).new_owner) == ("沪B99999", None)
    assert [told.appointment.vehicle.plate for told in desk.announced(AppointmentAmended)] == ["沪B99999"]


def test_a_loaner_that_is_booked_or_out_is_the_customers_of_today(desk, front):
    """Rule B9."""
    desk.do(loaner.AddLoaner(plate="沪A55501", make="MG", model="5", mileage=100))
    one = front.books(loaner=True)
    corrects(desk, front, **NEW)
    assert desk.ask(loaner.GetLoan(loan_id=one.loan_id)).customer.phone == NEW["phone"]
    [car] = desk.ask(loaner.ListLoaners()).items
    assert car.next.phone == NEW["phone"]


def test_a_car_that_changes_hands_warns_until_the_desk_has_chosen(desk, front):
    """Rule B1: it names the old owner and the new one; the choice is told, and asked for once."""
    front.opens(places=3)
    kept, given, off = front.books(), front.books(), front.books()
    desk.do(CancelAppointment(appointment_id=off.id, reason="ill"))
    buyer = sells(desk, front)
    assert [now(desk, one).new_owner for one in (kept, given, off)] == [buyer, buyer, None]
    assert {told.appointment.new_owner.name for told in desk.announced(AppointmentAmended)} == {"Han Mei"}
    stays = desk.do(ChooseCustomer(appointment_id=kept.id, customer="as_booked"))
    assert (stays.customer.name, stays.new_owner) == ("Li Lei", None)
    goes = desk.do(ChooseCustomer(appointment_id=given.id, customer="new_owner"))
    assert (goes.customer, goes.new_owner) == (buyer, None)
    assert desk.announced(AppointmentAmended)[-1].appointment.customer == buyer
    for one in (kept, given, off):
        with pytest.raises(Refused, match="owner_unchanged"):
            desk.do(ChooseCustomer(appointment_id=one.id, customer="new_owner"))
    later = VehicleRecorded(vehicle=replace(front.vehicle, model="103"), customer_id=buyer.customer_id)
    desk.hear(later, subject=front.vehicle.vehicle_id, sequence=3)
    assert [now(desk, one).new_owner for one in (kept, given)] == [None, None], "it was answered"


def test_a_second_change_of_hands_to_the_same_person_warns_again(desk, front):
    """Rule B1: what was chosen when it was sold before is no answer, once it was the customer's own again."""
    front.opens(places=3)
    one = front.books()
    buyer = sells(desk, front)
    desk.do(ChooseCustomer(appointment_id=one.id, customer="as_booked"))
    for sequence, owner in enumerate((front.customer, buyer), 3):
        fact = VehicleRecorded(vehicle=front.vehicle, customer_id=owner.customer_id)
        desk.hear(fact, subject=front.vehicle.vehicle_id, sequence=sequence)
        assert now(desk, one).new_owner == (buyer if owner is buyer else None)


def test_who_booked_their_own_car_is_not_asked_and_who_booked_anothers_is(desk, front):
    buyer = sells(desk, front)
    one = front.books(customer_id=buyer.customer_id)
    lent = front.books()
    fact = VehicleRecorded(vehicle=replace(front.vehicle, model="103"), customer_id=buyer.customer_id)
    desk.hear(fact, subject=front.vehicle.vehicle_id, sequence=3)
    assert [now(desk, kept).new_owner for kept in (one, lent)] == [None, buyer]


def test_who_books_a_car_that_is_not_theirs_is_told_whose_it_is_until_that_is_said(desk, front):
    """Rule B1: booking it stands; its facts carry the owner, so that it is asked when the order is opened."""
    other = replace(front.customer, customer_id=new_id(), name="Han Mei")
    desk.hear(CustomerRecorded(customer=other), subject=other.customer_id, sequence=1)
    one = front.books(customer_id=other.customer_id)
    assert (one.customer.name, one.new_owner) == ("Han Mei", front.customer)
    assert desk.announced(AppointmentBooked)[-1].appointment.new_owner == front.customer
    right = VehicleRecorded(vehicle=replace(front.vehicle, plate="沪B99999"), customer_id=front.customer.customer_id)
    desk.hear(right, subject=front.vehicle.vehicle_id, sequence=2)
    assert now(desk, one).new_owner == front.customer, "nobody has said it yet"
    assert desk.do(ChooseCustomer(appointment_id=one.id, customer="as_booked")).new_owner is None


def test_the_loaner_goes_with_the_appointment_to_its_new_owner(desk, front):
    desk.do(loaner.AddLoaner(plate="沪A55501", make="MG", model="5", mileage=100))
    one = front.books(loaner=True)
    buyer = sells(desk, front)
    desk.do(ChooseCustomer(appointment_id=one.id, customer="new_owner"))
    assert desk.ask(loaner.GetLoan(loan_id=one.loan_id)).customer == buyer
