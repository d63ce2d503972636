"""What crm answers."""

from datetime import date, datetime, time
from typing import Literal

from chassis.wire import Answer, Id, Part
from contracts.shared import Channel, LineKind, Page

ConsentPurpose = Literal["service_reminder", "follow_up", "survey", "marketing"]
VinCheck = Literal["strict", "warn", "off"]
"""What a wrong check digit means at this dealer's market: refused, registered with a warning, or nothing."""

FollowUpState = Literal["scheduled", "completed", "cancelled"]
FollowUpOutcome = Literal["satisfied", "problem", "unreachable"]


class Consent(Part):
    """What the customer said last on one purpose and channel."""

    purpose: ConsentPurpose
    channel: Channel
    granted: bool
    at: datetime
    source: str


class Customer(Answer):
    """A customer's file."""

    id: Id
    version: int
    name: str
    phone: str
    email: str | None = None
    preferred_channel: Channel
    preferred_time: time | None = None
    consents: list[Consent]


class Customers(Answer, Page):
    """A page of customers, the newest first."""

    items: list[Customer]


class Vehicle(Answer):
    """A vehicle's file; `vin_warning` is `check_digit` when the VIN's check digit is wrong and the dealer only warns."""

    id: Id
    version: int
    customer_id: Id
    vin: str
    vin_warning: Literal["check_digit"] | None = None
    plate: str
    make: str
    model: str
    sale_date: date | None = None
    warranty_end: date | None = None
    insurance_end: date | None = None


class Vehicles(Answer):
    """The vehicles with a VIN or plate; a plate may have moved from one car to another."""

    items: list[Vehicle]


class Mileage(Part):
    """A reading of the odometer; from the file, or from the delivery of an order."""

    at: datetime
    mileage: int
    work_order_id: Id | None = None


class DeclinedWork(Part):
    """Work the customer did not want at a delivery: proposed again at the next booking (Rule W8)."""

    work_order_id: Id
    line_id: Id
    kind: LineKind
    description: str
    reason: str
    safety: bool
    declined_at: datetime


class VehicleFile(Vehicle):
    """A vehicle with its latest odometer readings and its declined work, newest first."""

    mileage_history: list[Mileage]
    declined_work: list[DeclinedWork]


class Attempt(Part):
    """One try to reach the customer."""

    number: int
    at: datetime
    by: str
    reached: bool
    note: str | None = None


class FollowUp(Answer):
    """The follow-up job (回访) of one delivery of a work order.

    It is due before `due_at` and breached from `breach_at` on: both are the first moment of the local day after. A cancelled one
    keeps its outcome if it had been completed before the delivery was reversed.
    """

    id: Id
    version: int
    state: FollowUpState
    work_order_id: Id
    work_order_number: str
    revision: int
    customer_id: Id
    customer_name: str
    phone: str
    channel: Channel
    vehicle_id: Id
    plate: str
    advisor: str
    delivered_at: datetime
    planned_at: datetime
    due_at: datetime
    breach_at: datetime
    next_service_on: date | None = None
    next_service_mileage: int | None = None
    attempts: list[Attempt]
    declined: list[DeclinedWork]
    outcome: FollowUpOutcome | None = None
    satisfaction: int | None = None
    note: str | None = None
    completed_at: datetime | None = None
    cancelled_at: datetime | None = None
    cancelled_because: str | None = None


class FollowUps(Answer, Page):
    """A page of follow-ups."""

    items: list[FollowUp]


class DeliveryFollowUp(Part):
    """That a delivery is followed up, and whether that is off because the delivery was reversed."""

    work_order_id: Id
    revision: int
    cancelled: bool


class DeliveryFollowUps(Answer):
    """Which deliveries of some work orders are followed up."""

    items: list[DeliveryFollowUp]


class CrmSettings(Answer):
    """The dealer's settings of crm."""

    id: Id
    version: int
    vin_check: VinCheck
    follow_up_day: int
    follow_up_time: time
    follow_up_due_day: int
    follow_up_breach_day: int
