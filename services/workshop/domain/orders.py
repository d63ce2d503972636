"""The work order (任务委托书): the root of everything that is done to one car in one visit, from opening to handing over."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Index, UniqueConstraint

from chassis import Refused
from contracts.shared import CustomerFacts, TaxMode, VehicleFacts
from contracts.workshop.events import (
    DeliveryReversed,
    WorkOrderClosed,
    WorkOrderDelivered,
    WorkOrderOpened,
    WorkOrderReady,
    WorkOrderVoided,
)
from services.workshop.domain.deliveries import Delivery
from services.workshop.domain.jobs import record_job
from services.workshop.domain.repair import RepairedOrder
from services.workshop.domain.settlement import statement
from services.workshop.domain.status import Status, Step


class WorkOrder(RepairedOrder):
    """A work order. What it is made of and what can be done to it before the handing over stands in the classes it extends."""

    __tablename__ = "work_order"
    __table_args__ = (
        UniqueConstraint("dealer_id", "number"),
        UniqueConstraint("dealer_id", "appointment_id"),
        Index(None, "dealer_id", "status"),
        Index(None, "dealer_id", "plate"),
        Index(None, "dealer_id", "vehicle_id"),
    )

    @classmethod
    def open(
        cls,
        *,
        number: str,
        visit_id: str,
        customer: CustomerFacts,
        vehicle: VehicleFacts,
        complaint: str,
        advisor: str,
        at: datetime,
        currency: str,
        tax_mode: TaxMode,
        appointment_id: str | None = None,
        known_mileage: int | None = None,
    ) -> "WorkOrder":
        """Take the customer's order for their car; the complaint is its first job."""
        order = cls(
            number=number,
            status=Status.OPEN,
            visit_id=visit_id,
            appointment_id=appointment_id,
            customer=customer.dump(),
            vehicle=vehicle.dump(),
            vehicle_id=vehicle.vehicle_id,
            plate=vehicle.plate,
            complaint=complaint,
            advisor=advisor,
            opened_at=at,
            currency=currency,
            tax_mode=tax_mode,
            jobs=record_job([], 1, complaint=complaint),
            lines_numbered=0,
            estimate_version=0,
            consent_minor=0,
            rework_count=0,
            known_mileage=known_mileage,
            revision=0,
        )
        order.announce(
            WorkOrderOpened(
                work_order_id=order.id,
                number=number,
                appointment_id=appointment_id,
                customer=customer,
                vehicle=vehicle,
                complaint=complaint,
            )
        )
        return order

    def mark_ready(self) -> None:
        """The car passed its inspection and can be handed over."""
        status = self._drawn(Step.MARK_READY)
        if self.quality_passed_by is None:
            raise Refused("quality_not_passed")
        self.status = status
        self.announce(WorkOrderReady(work_order_id=self.id, revision=self.revision + 1, total=self.total))

    def deliver(
        self,
        *,
        at: datetime,
        accepted_by: str,
        mileage: int,
        mileage_reason: str | None = None,
        next_service_on: date | None = None,
        next_service_mileage: int | None = None,
        preferred_follow_up_time: time | None = None,
        preferred_phone: str | None = None,
    ) -> Delivery:
        """The customer accepted the work and signed the settlement: bill it, take the parts off stock, follow up (Rule W13)."""
        status = self._drawn(Step.DELIVER)
        if self.known_mileage is not None and mileage < self.known_mileage and mileage_reason is None:
            raise Refused("mileage_went_back", known=self.known_mileage)
        self.status, self.mileage, self.delivered_at, self.revision = status, mileage, at, self.revision + 1
        lines, declined = self.delivered_lines(), self.declined_lines()
        handing_over: dict[str, Any] = {
            "mileage": mileage,
            "accepted_by": accepted_by,
            "delivered_at": at,
            "next_service_on": next_service_on,
            "next_service_mileage": next_service_mileage,
            "preferred_follow_up_time": preferred_follow_up_time,
            "preferred_phone": preferred_phone,
        }
        self.announce(
            WorkOrderDelivered(
                work_order_id=self.id,
                number=self.number,
                revision=self.revision,
                customer=CustomerFacts(**self.customer),
                vehicle=VehicleFacts(**self.vehicle),
                currency=self.currency,
                tax_mode=self.tax_mode,
                lines=lines,
                declined=declined,
                advisor=self.advisor,
                **handing_over,
            )
        )
        return Delivery(
            id=Delivery.identity(self.id, self.revision),
            work_order_id=self.id,
            revision=self.revision,
            mileage_reason=mileage_reason,
            announced_at=at,
            settlement=statement(self, lines, declined, revision=self.revision, final=True, **handing_over).dump(),
        )

    def reverse_delivery(self, reason: str) -> None:
        """The delivery was entered by mistake; impossible once the car has left through the gate (Rule W15)."""
        if self.status is Status.CLOSED:
            raise Refused("gate_pass_used")
        status = self._drawn(Step.REVERSE_DELIVERY)
        self.status, self.mileage, self.delivered_at = status, None, None
        self.announce(DeliveryReversed(work_order_id=self.id, revision=self.revision, reason=reason))

    def close(self, revision: int) -> None:
        """The car left through the gate with this delivery's pass."""
        status = self._drawn(Step.CLOSE)
        if revision != self.revision:
            raise Refused("gate_pass_of_another_delivery", revision=self.revision)
        self.status = status
        self.announce(WorkOrderClosed(work_order_id=self.id))

    def void(self, reason: str) -> None:
        """The order ends before any work was begun."""
        self.status = self._drawn(Step.VOID)
        self.announce(WorkOrderVoided(work_order_id=self.id, reason=reason))
