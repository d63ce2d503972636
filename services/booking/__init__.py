"""booking: when a customer's car may come, and that no slot is ever sold twice.

Owns: the dealer's calendar, the reserved places of its slots, appointments, the loaner fleet with its loans, rescue cases;
    briefings of the technical director; projections of customers and what they said after a delivery, vehicles, comebacks,
    invitations, pre-picked parts and special orders.
Publishes: AppointmentBooked, AppointmentWaitListed, AppointmentConfirmed, AppointmentRescheduled, AppointmentCancelled,
    AppointmentArrived, AppointmentMissed, AppointmentReminderDue, AppointmentTagged, AppointmentFulfilled;
    `booking.briefing.given`, `booking.loan.*`, `booking.rescue.*`.
Consumes: DealerRecorded (gateway); CustomerRecorded, VehicleRecorded, InvitationMade, FollowUpCompleted (crm); WorkOrderOpened,
    ComebackFound (workshop); PartsPrePicked, `parts.special_order.*` (parts).

Its capabilities, the lowest first: calendar and loaner, appointment, then briefing, planning, rescue and task. Each may use
those before it, projections and model.
"""
