"""booking's door: each method hands one validated message to a use case or a window."""

from chassis import Service, command, every, keep_dealer, query, subscribe
from contracts.booking.appointment import (
    ArriveAppointment,
    BookAppointment,
    CancelAppointment,
    ConfirmAppointment,
    GetAppointment,
    ListAppointments,
    RescheduleAppointment,
)
from contracts.booking.calendar import GetCalendar, OfferSlots, SetCalendar
from contracts.crm.events import CustomerRecorded, VehicleRecorded
from contracts.gateway.events import DealerRecorded
from contracts.workshop.events import WorkOrderOpened
from services.booking import queries
from services.booking.domain import booking, calendar, known
from services.booking.domain.calendar import Calendar


class BookingService(Service):
    """Calendar, capacity and appointments."""

    name = "booking"

    set_calendar = command(SetCalendar, calendar.set_calendar)
    book_appointment = command(BookAppointment, booking.book)
    confirm_appointment = command(ConfirmAppointment, booking.confirm)
    reschedule_appointment = command(RescheduleAppointment, booking.reschedule)
    cancel_appointment = command(CancelAppointment, booking.cancel)
    arrive_appointment = command(ArriveAppointment, booking.arrive)
    get_calendar = query(GetCalendar, queries.get_calendar)
    offer_slots = query(OfferSlots, queries.offer_slots)
    get_appointment = query(GetAppointment, queries.get_appointment)
    list_appointments = query(ListAppointments, queries.list_appointments)
    record_dealer = subscribe(DealerRecorded, keep_dealer(Calendar), any_dealer=True)
    record_customer = subscribe(CustomerRecorded, known.record_customer)
    record_vehicle = subscribe(VehicleRecorded, known.record_vehicle)
    fulfil_appointment = subscribe(WorkOrderOpened, booking.fulfil)
    miss_appointments = every(60, booking.miss)
