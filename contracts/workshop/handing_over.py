"""The car goes back to the customer: settlement, delivery, and its reversal."""

from dataclasses import field
from datetime import date, datetime, time
from typing import Annotated, Literal

from chassis.wire import Answer, Command, Id, Money, Part, Query, text, whole
from chassis.wire.signatures import DocumentHash
from contracts.shared import DeclinedLine, DeliveredLine, Listing, NextAppointment, Page, Payer, Phone, Reason, TaxMode
from contracts.signing import Signature, Signing
from contracts.tax import Percent, TaxedShare
from contracts.workshop.order import WorkOrder
from contracts.workshop.readiness import Recommendation

ShownThing = Literal["work", "old_parts"]
"""完工情况, 旧件: what the customer was shown at the car."""


class SettledLine(DeliveredLine):
    """A delivered line with its tax, as the invoices print it: the sum of its shares; and for how long it is warranted."""

    warranty_days: Annotated[int | None, whole(0)] = None
    warranty_km: Annotated[int | None, whole(0)] = None
    net: Money
    tax: Money
    gross: Money
    shares: list[TaxedShare]  # type: ignore[assignment]  # a list that is only read


class Obstacle(Part):
    """What would refuse the delivery as things stand, whatever the customer signs: the code of the refusal, and its facts."""

    code: Annotated[str, text(60)]
    job: Annotated[int | None, whole(1)] = None
    promised_at: datetime | None = None
    ready_at: datetime | None = None
    starts_at: datetime | None = None
    possible_at: datetime | None = None


class Settlement(Answer):
    """The settlement statement (结算单): a preview until the delivery, then the document that was signed (Rule L3).

    `amount`, `labour`, `parts`, `sublet` and `total` are as the dealer quotes: with tax when `tax_mode` is inclusive, without
    when it is exclusive. Net, tax and gross are those of the invoices, for each of the `payers` one.

    `document_hash` of a preview is what the signature refers to; that of the signed document covers what was agreed at the car,
    too (mileage, next service, follow-up). `obstacles` are what would refuse the delivery now: none of what was signed.
    """

    work_order_id: Id
    number: Annotated[str, text(20)]
    revision: Annotated[int, whole(1)]
    final: bool
    reversed: bool = False
    currency: Annotated[str, text(3)]
    tax_mode: TaxMode
    tax_rate: Percent
    lines: list[SettledLine]
    declined: list[DeclinedLine]
    recommendations: list[Recommendation]
    labour: Money
    parts: Money
    sublet: Money
    total: Money
    net: Money
    tax: Money
    gross: Money
    payers: list[TaxedShare]
    mileage: Annotated[int | None, whole(0)] = None
    accepted_by: Annotated[str | None, text(120)] = None
    delivered_at: datetime | None = None
    next_service_on: date | None = None
    next_service_mileage: Annotated[int | None, whole(0)] = None
    preferred_follow_up_time: time | None = None
    preferred_phone: Phone | None = None
    things_shown: list[ShownThing] | None = None
    document_hash: DocumentHash
    obstacles: list[Obstacle] = field(default_factory=list)
    signature: Signature | None = None


class DeliveryEntry(Part):
    """A delivery as the books of the other services must show it.

    `payers` are owed one invoice each. `announced_at` is when what counts now was announced: the delivery, or its reversal.
    """

    work_order_id: Id
    number: str | None = None
    revision: Annotated[int, whole(1)]
    payers: list[Payer]
    reversed: bool
    announced_at: datetime


class Deliveries(Answer, Page):
    """A page of deliveries, those announced last first."""

    items: list[DeliveryEntry]


class MarkReady(Command, service="workshop", answer=WorkOrder):
    """Mark ready for delivery.

    The car passed and can be handed over: the settlement preview stands.
    """

    work_order_id: Id


class CheckBeforeDelivery(Command, service="workshop", answer=WorkOrder):
    """Record the pre-delivery check.

    Before the customer is told (交车前检查, Rule W13): old parts are there, or there are none; the car is clean; no tool was left
    in it; spare tyre and tools were looked at. Each is said, and holds. Refused while a tool that was lent for the order is out.
    A car that goes back to work is checked anew.
    """

    work_order_id: Id
    old_parts_present: bool
    clean: bool
    no_tools_left: bool
    spare_tyre_and_tools_checked: bool
    note: Reason | None = None


class DeliverWorkOrder(Command, service="workshop", answer=WorkOrder):
    """Deliver to the customer.

    The customer accepted the work at the car and signed (Rule W13): refused if the settlement they saw, by its `document_hash`,
    has changed since, and before the pre-delivery check. A mileage below the last known needs a reason. What the customer was
    shown at the car is signed with it.
    """

    work_order_id: Id
    mileage: Annotated[int, whole(0, 9_999_999)]
    mileage_reason: Annotated[str | None, text(300)] = None
    signature: Signing
    next_service_on: date | None = None
    next_service_mileage: Annotated[int | None, whole(0, 9_999_999)] = None
    preferred_follow_up_time: time | None = None
    preferred_phone: Phone | None = None
    things_shown: list[ShownThing] | None = None
    next_appointment: NextAppointment | None = None


class ReverseDelivery(Command, service="workshop", answer=WorkOrder):
    """Ask for a delivery to be reversed.

    It was entered by mistake; possible until the gate pass is used (Rule W15). The answer is the order as it stands: still
    delivered, its `reversal` requested. Billing, which owns the gate pass, decides within moments, and the order then shows the
    outcome: `reversal` is confirmed and the order ready again, or it is refused with the reason.
    """

    work_order_id: Id
    reason: Reason


class GetSettlement(Query, service="workshop", answer=Settlement):
    """Show the settlement statement.

    That of one delivery revision; if none is named, the valid one, or before delivery its preview.
    """

    work_order_id: Id
    revision: Annotated[int | None, whole(1)] = None


class ListDeliveries(Query, Listing, service="workshop", answer=Deliveries):
    """Deliveries that were made or reversed since a time, or all of them; for the gateway's reconciliation."""

    since: datetime | None = None
