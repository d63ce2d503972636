"""booking's door: each method hands one validated message to a use case or a window."""

from chassis import Service, command, every, keep_dealer, query, subscribe
from contracts.booking import commands as c
from contracts.booking import queries as q
from contracts.crm.events import CustomerRecorded, VehicleRecorded
from contracts.gateway.events import DealerRecorded
from contracts.workshop.events import WorkOrderOpened
from services.booking import queries
from services.booking.domain import booking, calendar, known
from services.booking.domain.calendar import Calendar


class BookingService(Service):
    """Calendar, capacity and appointments."""

    name = "booking"

    set_calendar = command(c.SetCalendar, calendar.set_calendar)
    book_appointment = command(c.BookAppointment, booking.book)
    confirm_appointment = command(c.ConfirmAppointment, booking.confirm)
    reschedule_appointment = command(c.RescheduleAppointment, booking.reschedule)
    cancel_appointment = command(c.CancelAppointment, booking.cancel)
    arrive_appointment = command(c.ArriveAppointment, booking.arrive)
    get_calendar = query(q.GetCalendar, queries.get_calendar)
    offer_slots = query(q.OfferSlots, queries.offer_slots)
    get_appointment = query(q.GetAppointment, queries.get_appointment)
    list_appointments = query(q.ListAppointments, queries.list_appointments)
    record_dealer = subscribe(DealerRecorded, keep_dealer(Calendar), any_dealer=True)
    record_customer = subscribe(CustomerRecorded, known.record_customer)
    record_vehicle = subscribe(VehicleRecorded, known.record_vehicle)
    fulfil_appointment = subscribe(WorkOrderOpened, booking.fulfil)
    miss_appointments = every(60, booking.miss)
