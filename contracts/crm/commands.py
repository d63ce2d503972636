"""What crm can be told to do."""

from dataclasses import field
from datetime import date, time
from typing import Annotated

from chassis.wire import Command, Id, Part, text, whole
from contracts.crm import answers
from contracts.crm.answers import ConsentPurpose, FollowUpOutcome, VinCheck
from contracts.shared import Channel, Name

Phone = Annotated[str, text(30)]
Email = Annotated[str, text(120)] | None
Vin = Annotated[str, text(20)]
Plate = Annotated[str, text(16)]
MakeOrModel = Annotated[str, text(100)]
Mileage = Annotated[int, whole(0, 9_999_999)] | None


class ConsentChange(Part):
    """The customer allowed, or no longer allows, one purpose on one channel; `source` says how we know (form, call, letter)."""

    purpose: ConsentPurpose
    channel: Channel
    granted: bool
    source: Annotated[str, text(80)]


class RegisterCustomer(Command, service="crm", answer=answers.Customer):
    """Open a customer's file (Rule C1)."""

    name: Name
    phone: Phone
    email: Email = None
    preferred_channel: Channel = "phone"
    preferred_time: time | None = None
    consents: list[ConsentChange] = field(default_factory=list)


class ChangeCustomer(Command, service="crm", answer=answers.Customer):
    """Replace the facts of a customer's file; `consents` are changes, those not named stay as they are."""

    customer_id: Id
    name: Name
    phone: Phone
    email: Email = None
    preferred_channel: Channel = "phone"
    preferred_time: time | None = None
    consents: list[ConsentChange] = field(default_factory=list)


class RegisterVehicle(Command, service="crm", answer=answers.Vehicle):
    """Open a vehicle's file (Rule C1); `mileage` is the reading of today."""

    customer_id: Id
    vin: Vin
    plate: Plate
    make: MakeOrModel
    model: MakeOrModel
    sale_date: date | None = None
    warranty_end: date | None = None
    insurance_end: date | None = None
    mileage: Mileage = None


class ChangeVehicle(Command, service="crm", answer=answers.Vehicle):
    """Replace the facts of a vehicle's file: a new plate, a new owner, a corrected VIN."""

    vehicle_id: Id
    customer_id: Id
    vin: Vin
    plate: Plate
    make: MakeOrModel
    model: MakeOrModel
    sale_date: date | None = None
    warranty_end: date | None = None
    insurance_end: date | None = None
    mileage: Mileage = None


class RecordAttempt(Command, service="crm", answer=answers.FollowUp):
    """Someone tried to reach the customer of a follow-up (Rule C2)."""

    follow_up_id: Id
    reached: bool
    note: Annotated[str, text(500)] | None = None


class CompleteFollowUp(Command, service="crm", answer=answers.FollowUp):
    """The follow-up is done: with an answer of the customer who was reached, or given up as unreachable (Rule C2)."""

    follow_up_id: Id
    outcome: FollowUpOutcome
    satisfaction: Annotated[int, whole(1, 5)] | None = None
    note: Annotated[str, text(500)] | None = None


class ChangeCrmSettings(Command, service="crm", answer=answers.CrmSettings):
    """Replace the dealer's settings of crm; days are local days after the delivery's, which is day 0."""

    vin_check: VinCheck
    follow_up_day: Annotated[int, whole(0, 30)]
    follow_up_time: time
    follow_up_due_day: Annotated[int, whole(0, 60)]
    follow_up_breach_day: Annotated[int, whole(0, 90)]
