"""booking's HTTP routes."""

from contracts.booking import appointment, briefing, calendar, conversion, loaner, occupancy, plan, rescue, task
from contracts.http import Route
from contracts.roles import (
    BOOKING_AGENT,
    CRM_AGENT,
    SERVICE_ADVISOR,
    SERVICE_MANAGER,
    STAFF,
    TECHNICAL_DIRECTOR,
    WORKSHOP_MANAGER,
)

FRONT = (BOOKING_AGENT, SERVICE_ADVISOR)
RESCUERS = (*FRONT, CRM_AGENT)
"""Whoever may have the 24 h line."""

ROUTES: tuple[Route, ...] = (
    Route(method="GET", path="/calendar", request=calendar.GetCalendar, roles=STAFF),
    Route(method="PUT", path="/calendar", request=calendar.SetCalendar, roles=(SERVICE_MANAGER,), if_match=True),
    Route(method="GET", path="/service-types", request=calendar.ListServiceTypes, roles=STAFF),
    Route(method="GET", path="/slot-offers", request=calendar.OfferSlots, roles=FRONT),
    Route(method="GET", path="/free-places", request=calendar.ListFreePlaces, roles=FRONT),
    Route(method="GET", path="/occupancy", request=occupancy.GetOccupancy, roles=FRONT),
    Route(method="GET", path="/day-plan", request=plan.GetDayPlan, roles=STAFF),
    Route(method="GET", path="/briefing", request=briefing.GetBriefing, roles=(TECHNICAL_DIRECTOR, WORKSHOP_MANAGER)),
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
        path="/appointments/{appointment_id}/choose-customer",
        request=appointment.ChooseCustomer,
        roles=FRONT,
    ),
    Route(
        method="POST",
        path="/appointments/{appointment_id}/arrive",
        request=appointment.ArriveAppointment,
        roles=FRONT,
    ),
    Route(method="GET", path="/loaners", request=loaner.ListLoaners, roles=FRONT),
    Route(method="POST", path="/loaners", request=loaner.AddLoaner, roles=(SERVICE_MANAGER,), creates=True),
    Route(method="POST", path="/loaners/{loaner_id}/withdraw", request=loaner.WithdrawLoaner, roles=(SERVICE_MANAGER,)),
    Route(method="POST", path="/loaners/{loaner_id}/reinstate", request=loaner.ReinstateLoaner, roles=(SERVICE_MANAGER,)),
    Route(method="GET", path="/loans", request=loaner.ListLoans, roles=FRONT),
    Route(method="POST", path="/loans", request=loaner.LendLoaner, roles=FRONT, creates=True),
    Route(method="GET", path="/loans/{loan_id}", request=loaner.GetLoan, roles=FRONT),
    Route(method="POST", path="/loans/{loan_id}/move", request=loaner.MoveLoan, roles=FRONT),
    Route(method="POST", path="/loans/{loan_id}/cancel", request=loaner.CancelLoan, roles=FRONT),
    Route(method="POST", path="/loans/{loan_id}/sheets", request=loaner.RecordLoanSheet, roles=FRONT),
    Route(method="POST", path="/loans/{loan_id}/sheets/sign", request=loaner.SignLoanSheet, roles=FRONT),
    Route(method="GET", path="/rescues", request=rescue.ListRescues, roles=RESCUERS),
    Route(method="POST", path="/rescues", request=rescue.ReportRescue, roles=RESCUERS, creates=True),
    Route(method="GET", path="/rescues/{rescue_id}", request=rescue.GetRescue, roles=RESCUERS),
    Route(method="POST", path="/rescues/{rescue_id}/tow", request=rescue.RecordTow, roles=RESCUERS),
    Route(method="POST", path="/rescues/{rescue_id}/arrive", request=rescue.RecordRescueArrival, roles=RESCUERS),
    Route(method="POST", path="/rescues/{rescue_id}/link", request=rescue.LinkRescue, roles=RESCUERS),
    Route(method="POST", path="/rescues/{rescue_id}/close", request=rescue.CloseRescue, roles=RESCUERS),
    Route(method="GET", path="/booking-conversion", request=conversion.MeasureConversion, roles=(SERVICE_MANAGER, BOOKING_AGENT)),
    Route(method="GET", path="/booking-tasks", request=task.ListBookingTasks, roles=FRONT),
)
