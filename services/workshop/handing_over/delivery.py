"""Deliveries (交车), revision by revision (Rules W13, W15). A delivery is never edited: a wrong one is reversed."""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Entity, IdType, Refused, SignatureDocument, belongs_to, derived_id, stored
from contracts.billing.events import GatePassUsed
from contracts.shared import NextAppointment
from contracts.tax import percent
from contracts.workshop.events import WorkOrderClosed, WorkOrderDelivered, WorkOrderReady
from contracts.workshop.handing_over import DeliveryEntry, Settlement, ShownThing
from services.workshop.handing_over.settlement import SettlementDocument, statement
from services.workshop.lane.settings import Warranties
from services.workshop.model import Base
from services.workshop.order.job import uncovered
from services.workshop.order.line import total
from services.workshop.order.road_test import unanswered
from services.workshop.order.status import Transition, refused_in
from services.workshop.order.work_order import WorkOrder


class Delivery(Entity, Base):
    """One delivery revision with the settlement that was signed, and its reversal if there was one.

    `announced_at` is when the delivery was announced, or its reversal: since then the other services' books must follow.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        belongs_to("work_order", "work_order_id"),
        UniqueConstraint("dealer_id", "work_order_id", "revision"),
        Index(None, "dealer_id", "announced_at", "id"),
    )

    work_order_id: Mapped[str] = mapped_column(IdType)
    revision: Mapped[int]
    settlement: Mapped[SettlementDocument] = mapped_column(stored(SettlementDocument))
    signature: Mapped[SignatureDocument] = mapped_column(stored(SignatureDocument))
    mileage_reason: Mapped[str | None] = mapped_column(String(300))
    announced_at: Mapped[datetime]
    reversed_at: Mapped[datetime | None]
    reversed_by: Mapped[str | None] = mapped_column(String(64))
    reversed_reason: Mapped[str | None] = mapped_column(String(300))

    @staticmethod
    def identity(work_order_id: str, revision: int) -> str:
        """The id of that delivery of the order."""
        return derived_id("delivery", work_order_id, revision)

    def reverse(self, reason: str, *, by: str, at: datetime) -> None:
        """It was entered by mistake and no longer counts."""
        self.reversed_reason, self.reversed_by, self.reversed_at = reason, by, at
        self.announced_at = at

    def describe(self) -> Settlement:
        """The settlement as it was signed, marked if the delivery no longer counts."""
        return self.settlement.describe(signature=self.signature, reversed=self.reversed_at is not None)

    def summarise(self) -> DeliveryEntry:
        """The delivery as the other services' books must show it."""
        return DeliveryEntry(
            work_order_id=self.work_order_id,
            number=self.settlement.number,
            revision=self.revision,
            payers=[share.payer for share in self.settlement.payers],
            reversed=self.reversed_at is not None,
            announced_at=self.announced_at,
        )


def mark_ready(order: WorkOrder) -> None:
    """The car passed its inspection and can be handed over."""
    order.require(Transition.MARK_READY)
    if order.quality_passed_by is None:
        raise Refused("quality_not_passed")
    order.take(Transition.MARK_READY)
    order.see_answer()
    amount = total(order.on_the_car, order.currency)
    order.announce(WorkOrderReady(work_order_id=order.id, revision=order.revision + 1, total=amount))


def obstacles_of(order: WorkOrder) -> Iterator[Refused]:
    """What refuses its delivery, as the order itself stands (Rules W13, W14, W25, W26)."""
    not_ready = refused_in(order.status, Transition.DELIVER)
    if not_ready is not None:
        yield not_ready
    if order.pre_delivery is None:
        yield Refused("not_checked_before_delivery")
    yield from unanswered(order)
    yield from uncovered(order.jobs, order.on_the_car)


def deliver(
    order: WorkOrder,
    *,
    at: datetime,
    tax_rate: int,
    warranties: Warranties,
    accepted_by: str,
    mileage: int,
    mileage_reason: str | None = None,
    next_service_on: date | None = None,
    next_service_mileage: int | None = None,
    preferred_follow_up_time: time | None = None,
    preferred_phone: str | None = None,
    things_shown: list[ShownThing] | None = None,
    next_appointment: NextAppointment | None = None,
) -> Delivery:
    """The customer accepted the work and signed the settlement: bill it, take the parts off stock, follow up (Rule W13)."""
    for refusal in obstacles_of(order):
        raise refusal
    order.take(Transition.DELIVER)
    order.mileage, order.delivered_at, order.revision = mileage, at, order.revision + 1
    order.reversal = order.new_damage_at = None
    agreed: dict[str, Any] = {
        "mileage": mileage,
        "accepted_by": accepted_by,
        "delivered_at": at,
        "next_service_on": next_service_on,
        "next_service_mileage": next_service_mileage,
        "preferred_follow_up_time": preferred_follow_up_time,
        "preferred_phone": preferred_phone,
    }
    order.announce(
        WorkOrderDelivered(
            work_order_id=order.id,
            number=order.number,
            revision=order.revision,
            customer=order.customer_facts,
            vehicle=order.vehicle_facts,
            currency=order.currency,
            tax_mode=order.tax_mode,
            tax_rate=percent(tax_rate),
            lines=order.delivered_lines(),
            declined=[line.as_declined() for line in order.declined],
            advisor=order.advisor,
            payer_parties=order.payer_parties or None,
            next_appointment=next_appointment,
            **agreed,
        )
    )
    return Delivery(
        id=Delivery.identity(order.id, order.revision),
        work_order_id=order.id,
        revision=order.revision,
        mileage_reason=mileage_reason,
        announced_at=at,
        settlement=statement(
            order, revision=order.revision, tax_rate=tax_rate, warranties=warranties, things_shown=things_shown, **agreed
        ),
    )


def leave(order: WorkOrder, event: GatePassUsed, *, at: datetime) -> None:
    """The car left through the gate with this delivery's pass; what was signed for it is noted for the file."""
    order.require(Transition.CLOSE)
    if event.revision != order.revision:
        raise Refused("gate_pass_of_another_delivery", revision=order.revision)
    order.left_at = at
    order.departure = {
        "gate_pass_id": event.gate_pass_id,
        "document_hash": event.document_hash,
        "signed_by": event.signed_by or "",
        "signed_at": (event.signed_at or at).isoformat(),
        "means": "account",
    }


def close(order: WorkOrder) -> None:
    """The car left, and nothing of its file is missing."""
    order.take(Transition.CLOSE)
    order.announce(WorkOrderClosed(work_order_id=order.id))
