"""Customers and what they consent to."""

from dataclasses import field
from datetime import datetime, time
from typing import Annotated, Literal

from chassis.wire import Answer, Command, Id, Part, Query, text
from contracts.shared import Channel, Email, KeptListing, Name, Page, Phone, Plate, TaxAuthorityNumber

ConsentPurpose = Literal["service_reminder", "follow_up", "survey", "marketing"]
CustomerSort = Literal["name", "-name", "updated_at", "-updated_at"]
Address = Annotated[str | None, text(200)]


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
    updated_at: datetime
    name: str
    phone: str
    email: str | None = None
    preferred_channel: Channel
    preferred_time: time | None = None
    address: Address = None
    tax_number: TaxAuthorityNumber | None = None
    consents: list[Consent]


class Customers(Answer, Page):
    """A page of customers, those changed last first unless another order is asked for."""

    items: list[Customer]


class ConsentChange(Part):
    """The customer allowed, or no longer allows, one purpose on one channel; `source` says how we know (form, call, letter)."""

    purpose: ConsentPurpose
    channel: Channel
    granted: bool
    source: Annotated[str, text(80)]


class CustomerDetails(Part):
    """What is recorded of a customer; `consents` are changes, those not named stay as they are.

    `address` and `tax_number` (税号) are printed on the customer's invoices.
    """

    name: Name
    phone: Phone
    email: Email | None = None
    preferred_channel: Channel = "phone"
    preferred_time: time | None = None
    address: Address = None
    tax_number: TaxAuthorityNumber | None = None
    consents: list[ConsentChange] = field(default_factory=list)
    confirm_second_file: bool = False


class RegisterCustomer(Command, CustomerDetails, service="crm", answer=Customer):
    """Register a customer.

    Open a customer's file (Rule C1). Somebody of the same name and phone as another file gets a second one only with
    `confirm_second_file`; the refusal names the file that is there.
    """


class ChangeCustomer(Command, CustomerDetails, service="crm", answer=Customer):
    """Change a customer.

    Replace the facts of a customer's file; `consents` are changes, those not named stay as they are. A new name or phone that
    makes it the same as another file is taken only with `confirm_second_file`.
    """

    customer_id: Id


class GetCustomer(Query, service="crm", answer=Customer):
    """A customer.

    The file, with what the customer allows.
    """

    customer_id: Id


class ListCustomers(Query, KeptListing, service="crm", answer=Customers):
    """Search customers.

    Customers whose name, phone or a vehicle's plate contains what is given, however it is typed; Chinese names also by pinyin,
    whole or by initials. All criteria hold.
    """

    name: Annotated[str, text(120)] | None = None
    phone: Phone | None = None
    plate: Plate | None = None
    sort: CustomerSort = "-updated_at"
