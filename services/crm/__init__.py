"""crm: who the customers are, which cars they drive, and that someone asks how it went.

Owns: customers, consents, vehicles, odometer readings, declined work, follow-ups, calls to make, enquiries, invitations, the
    dealer's settings of crm.
Publishes: CustomerRecorded, VehicleRecorded, FollowUpScheduled, FollowUpAttempted, FollowUpCompleted, FollowUpCancelled,
    CallOpened, CallClosed, CallEscalated, EnquiryReceived, EnquiryHandedOn, EnquiryAnswered, EnquiryEscalated,
    InvitationMade.
Consumes: DealerRecorded, AccountRecorded (gateway); AppointmentMissed, AppointmentArrived, AppointmentRescheduled (booking);
    WorkOrderDelivered, DeliveryReversed (workshop).

Its capabilities, the lowest first: customer and settings (neither knows the other), vehicle, follow_up, invitation, call,
enquiry, desk. Each may use those before it and model.
"""
