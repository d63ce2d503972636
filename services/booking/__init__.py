"""booking: when a customer's car may come, and that no slot is ever sold twice.

Owns: the dealer's calendar, the reserved places of its slots, appointments; projections of customers, vehicles,
    invitations and pre-picked parts.
Publishes: AppointmentBooked, AppointmentWaitListed, AppointmentConfirmed, AppointmentRescheduled, AppointmentCancelled,
    AppointmentArrived, AppointmentMissed, AppointmentReminderDue, AppointmentFulfilled.
Consumes: DealerRecorded (gateway); CustomerRecorded, VehicleRecorded, InvitationMade (crm); WorkOrderOpened (workshop);
    PartsPrePicked (parts).

Its capabilities, the lowest first: calendar, appointment. Each may use those before it, projections and model.
"""
