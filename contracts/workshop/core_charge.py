"""Core charges (旧件押金): what a customer pays on top of a part until the old part is brought back."""

from datetime import datetime
from typing import Annotated

from chassis.wire import Answer, Command, Id, Money, Part, Quantity, Query, text, whole
from contracts.shared import Amount, Listing, Name, Page, Payer
from contracts.workshop.order import WorkOrder


class CoreCredit(Part):
    """What a payer was charged before old parts came back, and what after; as the dealer quotes prices."""

    payer: Payer
    before: Money
    after: Money


class OpenCoreCharge(Part):
    """A core charge that was billed and whose old parts are not all back; `amount` is what is still charged for `quantity`."""

    work_order_id: Id
    line_id: Id
    line_number: Annotated[int, whole(1)]
    number: Annotated[str, text(20)]
    plate: Annotated[str, text(16)]
    customer_id: Id
    customer_name: Name
    part_number: Annotated[str, text(40)]
    description: Annotated[str, text(200)]
    quantity: Quantity
    amount: Money
    delivered_at: datetime | None = None


class OpenCoreCharges(Answer, Page):
    """A page of open core charges, the newest first."""

    items: list[OpenCoreCharge]


class ReceiveOldPart(Command, service="workshop", answer=WorkOrder):
    """An old part comes back.

    Before the delivery the part line's core charge (旧件押金) is charged for so much less; after it, billing credits the payers.
    """

    work_order_id: Id
    line_id: Id
    quantity: Amount


class ListOpenCoreCharges(Query, Listing, service="workshop", answer=OpenCoreCharges):
    """Core charges billed and not returned.

    Of deliveries that count, with order, car, customer, part and amount.
    """
