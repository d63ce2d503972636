"""What the gateway announces."""

from typing import Annotated

from chassis.wire import DealerId, Event, Part, text
from contracts.shared import Login, Name, StaffNumber, TaxMode


class DealerRecorded(
    Event,
    type="gateway.dealer.recorded",
    subscribers=(
        "booking.record_dealer",
        "workshop.record_dealer",
        "parts.record_dealer",
        "billing.record_dealer",
        "crm.record_dealer",
    ),
):
    """A dealer was registered or its registration changed; the whole registration as it is now."""

    dealer: DealerId
    name: Name
    time_zone: Annotated[str, text(64)]
    currency: Annotated[str, text(3)]
    locale: Annotated[str, text(10)]
    tax_mode: TaxMode


class StaffRoles(Part):
    """What a person may do at one dealer."""

    dealer: DealerId
    roles: list[str]


class AccountRecorded(
    Event,
    type="gateway.account.recorded",
    subscribers=("booking.record_staff", "crm.record_staff", "parts.record_staff", "workshop.record_staff"),
):
    """A person's account was opened or changed: who may work where, and as what. A locked account may work nowhere.

    One person has one `staff_number`, whichever of their accounts it is. It says nothing of how the person signs in. The account
    is the group's: the event is of no dealer.
    """

    login: Login
    name: Name
    staff_number: StaffNumber | None = None
    active: bool
    dealers: list[StaffRoles]
