"""crm: who the customers are, which cars they drive, and that someone asks how it went.

Owns: customers, consents, vehicles, odometer readings, follow-up jobs, declined work, the dealer's settings of crm.
Publishes: CustomerRecorded, VehicleRecorded, FollowUpScheduled, FollowUpAttempted, FollowUpCompleted, FollowUpCancelled.
Consumes: DealerRecorded (gateway); WorkOrderDelivered, DeliveryReversed (workshop).
"""
