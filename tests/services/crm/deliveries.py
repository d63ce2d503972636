"""Deliveries as the workshop announces them, and what crm makes of them."""

from chassis.wire.ids import derived_id, new_id
from contracts.crm.follow_up import GetFollowUp, RecordAttempt
from contracts.shared import CustomerFacts, VehicleFacts
from contracts.workshop.events import DeliveryReversed, WorkOrderDelivered


def a_delivery(desk, **changes):
    facts = {
        "work_order_id": new_id(),
        "number": "RO-1",
        "revision": 1,
        "customer": CustomerFacts(customer_id=new_id(), name="Li Lei", phone="13800000001"),
        "vehicle": VehicleFacts(vehicle_id=new_id(), vin="1M8GDM9AXKP042788", plate="沪A12345", make="MCI", model="102"),
        "mileage": 50_000,
        "currency": "CNY",
        "tax_mode": "inclusive",
        "tax_rate": "13",
        "lines": [],
        "declined": [],
        "advisor": "wang",
        "accepted_by": "Li Lei",
        "delivered_at": desk.clock.now(),
    }
    return WorkOrderDelivered(**{**facts, **changes})


def reversal_of(delivery):
    return DeliveryReversed(work_order_id=delivery.work_order_id, revision=delivery.revision, reason="wrong car")


def deliver(desk, **changes):
    delivery = a_delivery(desk, **changes)
    desk.hear(delivery, subject=delivery.work_order_id, sequence=9)
    return delivery


def follow_up_of(desk, delivery, **more):
    return desk.ask(GetFollowUp(follow_up_id=derived_id(delivery.work_order_id, delivery.revision)), **more)


def reached(desk, delivery):
    follow_up = follow_up_of(desk, delivery)
    return desk.do(RecordAttempt(follow_up_id=follow_up.id, reached=True), actor="zhao", if_match=follow_up.version)
