"""Files that crm corrects reach what is still open (Rule B1, docs/domain.md): who calls reads the number of today.

Whoever books holds the places, and whoever lends the fleet: what is booked meanwhile has the corrected file, or is found here.
"""

from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import ColumnElement, select

from chassis import NotYet, Projection, Refused, Work
from contracts.booking.appointment import ChooseCustomer
from contracts.booking.events import AppointmentAmended
from contracts.crm.events import CustomerRecorded, VehicleRecorded
from contracts.shared import PLATE, CustomerFacts, VehicleFacts
from services.booking.appointment import tagging
from services.booking.appointment.appointment import Appointment
from services.booking.appointment.clocks import keep_briefing_clock
from services.booking.appointment.occupancy import hold_places
from services.booking.appointment.second import LIVE
from services.booking.appointment.tags import find
from services.booking.appointment.view import new_owner_of
from services.booking.loaner.lending import hold_fleet
from services.booking.loaner.loan import LIVE as LENT
from services.booking.loaner.loan import Loan
from services.booking.projections import recording
from services.booking.projections.customer import KnownCustomer
from services.booking.projections.vehicle import KnownVehicle

K = TypeVar("K", bound=Projection)


def record_customer(work: Work, event: CustomerRecorded) -> None:
    """Keep the file; what is booked or lent to the customer goes by it."""
    if work.opens_file:
        recording.record_customer(work, event)
        return
    hold_places(work)
    hold_fleet(work)
    recording.record_customer(work, event)
    customer_id = event.customer.customer_id
    facts = _newest(work, KnownCustomer, customer_id).facts()
    for appointment in _open(work, Appointment.customer_id == customer_id):
        _know(work, appointment, facts, VehicleFacts.load(appointment.vehicle))
    for appointment in _open(work, Appointment.new_owner_id == customer_id):
        _warn(work, appointment, facts)
    for loan in work.all(select(Loan).where(Loan.state.in_(LENT)).order_by(Loan.id).with_for_update(of=Loan)):
        if loan.customer["customer_id"] == customer_id and loan.customer != facts.dump():
            work.change(loan)
            loan.customer = facts.dump()


def record_vehicle(work: Work, event: VehicleRecorded) -> None:
    """Keep the file; the car's appointments go by it, warn of another owner, and have the tags that follow from it."""
    if work.opens_file:
        recording.record_vehicle(work, event)
    else:
        hold_places(work)
        recording.record_vehicle(work, event)
        known = _newest(work, KnownVehicle, event.vehicle.vehicle_id)
        for appointment in _open(work, Appointment.vehicle_id == known.id):
            _know(work, appointment, CustomerFacts.load(appointment.customer), known.facts())
            if known.customer_id == appointment.customer_id and appointment.owner_id not in (None, appointment.customer_id):
                work.change(appointment)
                appointment.owner_id = None  # what was chosen of an owner before is no answer once it is another's again
            _warn(work, appointment, _new_owner(work, appointment, known.customer_id))
    tagging.tag_car_again(work, event.vehicle.vehicle_id)


def choose_customer(work: Work, command: ChooseCustomer) -> Appointment:
    """The car is another's than who booked it: the appointment stays with who booked, or is the owner's from now on."""
    hold_places(work)
    appointment = work.edit(Appointment, command.appointment_id)
    owner = new_owner_of(appointment)
    if owner is None:
        raise Refused("owner_unchanged")
    appointment.owner_id, appointment.new_owner_id, appointment.new_owner = owner.customer_id, None, None
    if command.customer == "new_owner":
        appointment.customer_id, appointment.customer = owner.customer_id, owner.dump()
        if appointment.loan_id is not None:
            hold_fleet(work)
            work.edit(Loan, appointment.loan_id).customer = owner.dump()
    _tell(work, appointment)
    return appointment


def _newest(work: Work, kind: type[K], id: str) -> K:  # noqa: A002  # the trade calls it id
    found = work.first(select(kind).where(kind.id == id).execution_options(populate_existing=True))
    assert found is not None, "it was kept just now, or before"
    return found


def _open(work: Work, which: ColumnElement[bool]) -> Sequence[Appointment]:
    found = select(Appointment).where(which, Appointment.status != "fulfilled").order_by(Appointment.id)
    return work.all(found.with_for_update().execution_options(populate_existing=True))


def _know(work: Work, appointment: Appointment, customer: CustomerFacts, vehicle: VehicleFacts) -> None:
    if (appointment.customer, appointment.vehicle) != (customer.dump(), vehicle.dump()):
        appointment.customer, appointment.vehicle = customer.dump(), vehicle.dump()
        appointment.plate_key = PLATE.key(vehicle.plate)
        _changed(work, appointment)


def _warn(work: Work, appointment: Appointment, owner: CustomerFacts | None) -> None:
    told = None if owner is None else owner.dump()
    if appointment.new_owner != told:
        appointment.new_owner, appointment.new_owner_id = told, None if owner is None else owner.customer_id
        _changed(work, appointment)


def _changed(work: Work, appointment: Appointment) -> None:
    work.change(appointment)
    appointment.announced.clear()
    _tell(work, appointment)


def _tell(work: Work, appointment: Appointment) -> None:
    if appointment.status in LIVE:
        find(appointment, tagging.found_tags(work, tagging.Coming.of(appointment)))
        keep_briefing_clock(work, appointment)
        appointment.announce(AppointmentAmended(appointment=appointment.facts()))


def _new_owner(work: Work, appointment: Appointment, owner_id: str) -> CustomerFacts | None:
    if owner_id in (appointment.customer_id, appointment.owner_id or appointment.customer_id):
        return None
    owner = work.find(KnownCustomer, owner_id)
    if owner is None:
        raise NotYet(f"customer {owner_id} is not known here", waits_for=owner_id)
    return owner.facts()
