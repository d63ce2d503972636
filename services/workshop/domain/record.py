"""What is known of a work order: its columns, its lines, what they come to. Its steps stand in `quoting`, `repair`, `orders`."""

from datetime import datetime
from typing import Any

from sqlalchemy import Enum, String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from chassis import Aggregate, IdType, Money, NotFound, Refused, document
from contracts.shared import CustomerFacts, DeclinedLine, DeliveredLine, TaxMode, VehicleFacts
from contracts.workshop.order import HoldReason, Job, WorkOrder, WorkOrderSummary
from services.workshop.domain.clockings import Clocking
from services.workshop.domain.jobs import JobNote
from services.workshop.domain.lines import OrderLine, State
from services.workshop.domain.model import Base
from services.workshop.domain.status import DRAWN, Status, Step


class OrderRecord(Aggregate, Base):
    """The record of a work order. `revision` counts its deliveries; currency and tax mode are the dealer's at opening.

    `customer` and `vehicle` are the facts as they were at opening (contracts' CustomerFacts, VehicleFacts). `consent_minor` is
    what is left of the amount up to which `consent_name` wants to be spared a call (Rule W7).
    """

    __abstract__ = True

    number: Mapped[str] = mapped_column(String(20))
    status: Mapped[Status] = mapped_column(Enum(Status, native_enum=False, length=20, values_callable=list))
    appointment_id: Mapped[str | None] = mapped_column(IdType)
    customer: Mapped[dict[str, Any]] = mapped_column(document)
    vehicle: Mapped[dict[str, Any]] = mapped_column(document)
    vehicle_id: Mapped[str] = mapped_column(IdType)
    plate: Mapped[str] = mapped_column(String(16))
    complaint: Mapped[str] = mapped_column(String(4000))
    advisor: Mapped[str] = mapped_column(String(64))
    opened_at: Mapped[datetime]
    currency: Mapped[str] = mapped_column(String(3))
    tax_mode: Mapped[TaxMode] = mapped_column(String(10))
    jobs: Mapped[list[JobNote]] = mapped_column(document)
    lines_numbered: Mapped[int]
    estimate_version: Mapped[int]
    promised_at: Mapped[datetime | None]
    consent_name: Mapped[str | None] = mapped_column(String(120))
    consent_minor: Mapped[int]
    technician: Mapped[str | None] = mapped_column(String(64))
    bay: Mapped[str | None] = mapped_column(String(20))
    hold_reason: Mapped[HoldReason | None] = mapped_column(String(30))
    quality_passed_by: Mapped[str | None] = mapped_column(String(64))
    quality_findings: Mapped[str | None] = mapped_column(String(1000))
    rework_count: Mapped[int]
    known_mileage: Mapped[int | None]
    mileage: Mapped[int | None]
    delivered_at: Mapped[datetime | None]
    revision: Mapped[int]

    @declared_attr
    def lines(cls) -> Mapped[list[OrderLine]]:  # noqa: N805  # declared_attr works on the class
        """All lines, by number; read when they are asked for, so that lists do not."""
        return relationship(OrderLine, lazy="select", order_by=OrderLine.number, cascade="all, delete-orphan")

    @declared_attr
    def clockings(cls) -> Mapped[list[Clocking]]:  # noqa: N805  # declared_attr works on the class
        """Who worked when; read only by the steps that ask, so that delivering does not."""
        return relationship(Clocking, lazy="select", order_by=Clocking.on_at, cascade="all, delete-orphan")

    def line(self, line_id: str) -> OrderLine:
        """The line with that id. Raises NotFound."""
        for line in self.lines:
            if line.id == line_id:
                return line
        raise NotFound("not_found", kind="order_line", id=line_id)

    @property
    def total(self) -> Money:
        """What the approved and installed lines come to."""
        return Money.total((line.amount(self.currency) for line in self.lines if line.on_the_car), self.currency)

    def delivered_lines(self) -> list[DeliveredLine]:
        """Approved and installed: the only lines that are ever billed (Rule W8)."""
        return [line.delivered(self.currency) for line in self.lines if line.on_the_car]

    def declined_lines(self) -> list[DeclinedLine]:
        """What the customer did not want."""
        return [line.declined() for line in self.lines if line.state is State.DECLINED]

    def _drawn(self, step: Step) -> Status:
        """Where the step leads from here. Raises Refused when it is not drawn (Rule W14)."""
        status = DRAWN[step].get(self.status)
        if status is None:
            raise Refused("not_in_this_status", status=self.status.value, step=step.value)
        return status

    def _require_nobody_clocked_on(self) -> None:
        for clocking in self.clockings:
            if clocking.open:
                raise Refused("still_clocked_on", technician=clocking.technician)

    def describe(self) -> WorkOrder:
        """The order as commands and queries answer it."""
        assert self.visit_id is not None, "every order belongs to a visit"
        return WorkOrder(
            id=self.id,
            version=self.version,
            number=self.number,
            status=self.status.value,
            visit_id=self.visit_id,
            appointment_id=self.appointment_id,
            customer=CustomerFacts(**self.customer),
            vehicle=VehicleFacts(**self.vehicle),
            complaint=self.complaint,
            advisor=self.advisor,
            opened_at=self.opened_at,
            promised_at=self.promised_at,
            estimate_version=self.estimate_version,
            technician=self.technician,
            bay=self.bay,
            hold_reason=self.hold_reason,
            quality_passed_by=self.quality_passed_by,
            quality_findings=self.quality_findings,
            rework_count=self.rework_count,
            mileage=self.mileage,
            delivered_at=self.delivered_at,
            revision=self.revision,
            total=self.total,
            jobs=[Job(**job) for job in self.jobs],
            lines=[line.describe(self.currency) for line in self.lines],
        )

    def summarise(self) -> WorkOrderSummary:
        """The order as lists show it; needs none of its lines."""
        return WorkOrderSummary(
            id=self.id,
            version=self.version,
            number=self.number,
            status=self.status.value,
            plate=self.plate,
            customer_name=self.customer["name"],
            advisor=self.advisor,
            technician=self.technician,
            bay=self.bay,
            opened_at=self.opened_at,
            promised_at=self.promised_at,
        )
