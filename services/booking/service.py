"""booking's door: each method hands one validated message to a use case or a window."""

from chassis.service.entrypoints import Service, command, every, query, subscribe
from chassis.work.unit_of_work import Work
from contracts.booking import answers
from contracts.booking import commands as c
from contracts.booking import queries as q
from contracts.crm.events import CustomerRecorded, VehicleRecorded
from contracts.gateway.events import DealerRecorded
from contracts.workshop.events import WorkOrderOpened
from services.booking import queries
from services.booking.domain import booking, calendar, known
from services.booking.domain.appointment import Appointment
from services.booking.domain.calendar import Calendar


class BookingService(Service):
    """Calendar, capacity and appointments."""

    name = "booking"

    @command(c.SetCalendar)
    def set_calendar(self, command: c.SetCalendar, work: Work) -> Calendar:
        """Replace the dealer's booking calendar."""
        return calendar.set_calendar(work, command)

    @command(c.BookAppointment)
    def book_appointment(self, command: c.BookAppointment, work: Work) -> Appointment:
        """Take a place; parts and workshop learn of it from AppointmentBooked."""
        return booking.book(work, command)

    @command(c.ConfirmAppointment)
    def confirm_appointment(self, command: c.ConfirmAppointment, work: Work) -> Appointment:
        """Confirm what was requested, or what waited for a place."""
        return booking.confirm(work, command)

    @command(c.RescheduleAppointment)
    def reschedule_appointment(self, command: c.RescheduleAppointment, work: Work) -> Appointment:
        """Move an appointment to another slot."""
        return booking.reschedule(work, command)

    @command(c.CancelAppointment)
    def cancel_appointment(self, command: c.CancelAppointment, work: Work) -> Appointment:
        """Call an appointment off; its place is free again."""
        return booking.cancel(work, command)

    @command(c.ArriveAppointment)
    def arrive_appointment(self, command: c.ArriveAppointment, work: Work) -> Appointment:
        """The booked car is in the reception lane."""
        return booking.arrive(work, command)

    @query(q.GetCalendar)
    def get_calendar(self, query: q.GetCalendar, work: Work) -> Calendar:
        """The dealer's booking calendar."""
        return work.get(Calendar, calendar.calendar_id(work.dealer))

    @query(q.OfferSlots)
    def offer_slots(self, query: q.OfferSlots, work: Work) -> answers.SlotOffers:
        """The emptiest slots of the coming two weeks."""
        return queries.offer_slots(work, query)

    @query(q.GetAppointment)
    def get_appointment(self, query: q.GetAppointment, work: Work) -> Appointment:
        """One appointment."""
        return work.get(Appointment, query.appointment_id)

    @query(q.ListAppointments)
    def list_appointments(self, query: q.ListAppointments, work: Work) -> answers.Appointments:
        """Appointments of a day, or in a status."""
        return queries.list_appointments(work, query)

    @subscribe(DealerRecorded)
    def record_dealer(self, fact: DealerRecorded, work: Work) -> None:
        """Know the dealer's time zone and currency; a new dealer starts with an empty calendar."""
        calendar.record_dealer(work, fact)

    @subscribe(CustomerRecorded)
    def record_customer(self, fact: CustomerRecorded, work: Work) -> None:
        """Know crm's customers."""
        known.record_customer(work, fact)

    @subscribe(VehicleRecorded)
    def record_vehicle(self, fact: VehicleRecorded, work: Work) -> None:
        """Know crm's vehicles."""
        known.record_vehicle(work, fact)

    @subscribe(WorkOrderOpened)
    def fulfil_appointment(self, fact: WorkOrderOpened, work: Work) -> None:
        """The order of an appointment was opened (Rule B6)."""
        booking.fulfil(work, fact)

    @every(60)
    def miss_appointments(self, work: Work) -> None:
        """Who did not come is a no-show, and the place is free (Rule B5)."""
        booking.miss(work)
