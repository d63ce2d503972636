"""booking: when a customer's car may come, and that no slot is ever sold twice.

Owns: the dealer's calendar, the taken places of its slots, appointments; projections of customers and vehicles.
Publishes: AppointmentBooked, AppointmentWaitListed, AppointmentConfirmed, AppointmentRescheduled, AppointmentCancelled,
    AppointmentArrived, AppointmentMissed, AppointmentFulfilled.
Consumes: DealerRecorded (gateway); CustomerRecorded, VehicleRecorded (crm); WorkOrderOpened (workshop).
"""
