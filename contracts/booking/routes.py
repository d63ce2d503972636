"""booking's HTTP routes."""

from contracts.booking import appointment, calendar, conversion, occupancy, plan, task
from contracts.http import Route
from contracts.roles import BOOKING_AGENT, SERVICE_ADVISOR, SERVICE_MANAGER, STAFF

FRONT = (BOOKING_AGENT, SERVICE_ADVISOR)

ROUTES: tuple[Route, ...] = (
    Route(method="GET", path="/calendar", request=calendar.GetCalendar, roles=STAFF),
    Route(method="PUT", path="/calendar", request=calendar.SetCalendar, roles=(SERVICE_MANAGER,), if_match=True),
    Route(method="GET", path="/service-types", request=calendar.ListServiceTypes, roles=STAFF),
    Route(method="GET", path="/slot-offers", request=calendar.OfferSlots, roles=FRONT),
    Route(method="GET", path="/free-places", request=calendar.ListFreePlaces, roles=FRONT),
    Route(method="GET", path="/occupancy", request=occupancy.GetOccupancy, roles=FRONT),
    Route(method="GET", path="/day-plan", request=plan.GetDayPlan, roles=STAFF),
    Route(method="GET", path="/fortnight", request=plan.GetFortnight, roles=FRONT),
    Route(method="POST", path="/appointments", request=appointment.BookAppointment, roles=FRONT, creates=True),
    Route(method="GET", path="/appointments", request=appointment.ListAppointments, roles=STAFF),
    Route(method="GET", path="/appointments/{appointment_id}", request=appointment.GetAppointment, roles=STAFF),
    Route(
        method="PUT",
        path="/appointments/{appointment_id}",
        request=appointment.AmendAppointment,
        roles=FRONT,
        if_match=True,
    ),
    Route(
        method="POST",
        path="/appointments/{appointment_id}/confirm",
        request=appointment.ConfirmAppointment,
        roles=FRONT,
    ),
    Route(
        method="POST",
        path="/appointments/{appointment_id}/reschedule",
        request=appointment.RescheduleAppointment,
        roles=FRONT,
    ),
    Route(
        method="POST",
        path="/appointments/{appointment_id}/cancel",
        request=appointment.CancelAppointment,
        roles=FRONT,
    ),
    Route(
        method="POST",
        path="/appointments/{appointment_id}/arrive",
        request=appointment.ArriveAppointment,
        roles=FRONT,
    ),
    Route(method="GET", path="/booking-conversion", request=conversion.MeasureConversion, roles=(SERVICE_MANAGER, BOOKING_AGENT)),
    Route(method="GET", path="/booking-tasks", request=task.ListBookingTasks, roles=FRONT),
)
