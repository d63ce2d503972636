"""booking: when a customer's car may come, and that no slot is ever sold twice.

Owns: the dealer's calendar, the reserved places of its slots, appointments, the loaner fleet with its loans, rescue cases;
    projections of customers, vehicles, invitations and pre-picked parts.
Publishes: AppointmentBooked, AppointmentWaitListed, AppointmentConfirmed, AppointmentRescheduled, AppointmentCancelled,
    AppointmentArrived, AppointmentMissed, AppointmentReminderDue, AppointmentFulfilled; `booking.loan.*`, `booking.rescue.*`.
Consumes: DealerRecorded (gateway); CustomerRecorded, VehicleRecorded, InvitationMade (crm); WorkOrderOpened (workshop);
    PartsPrePicked (parts).

Its capabilities, the lowest first: calendar and loaner, appointment, then planning, rescue and task. Each may use those before
it, projections and model.
"""
