"""The follow-up job (回访) of one delivery of a work order (Rule C2, docs/domain.md)."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Boolean, Date, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis import Entity, IdType, Invalid, Refused, belongs_to, derived_id, document
from chassis.wire.ahead import QUARTER, require_ahead
from contracts.crm import follow_up as follow_up_contract
from contracts.crm.events import FollowUpAttempted, FollowUpCancelled, FollowUpCompleted, FollowUpScheduled
from contracts.crm.follow_up import FollowUpOutcome, FollowUpState
from contracts.shared import PLATE, Channel, NextAppointment
from contracts.workshop.events import WorkOrderDelivered
from services.crm.customer.calling import TAKEN, Called
from services.crm.customer.customer import Customer, as_filed
from services.crm.model import Base
from services.crm.vehicle.declined_work import DeclinedWork, work_of


class Attempt(Entity, Base):
    """One try to reach the customer."""

    __tablename__ = "follow_up_attempt"
    __table_args__ = (
        belongs_to("follow_up", "follow_up_id"),
        UniqueConstraint("dealer_id", "follow_up_id", "number", name="follow_up_attempt_number_key"),
    )

    follow_up_id: Mapped[str] = mapped_column(IdType)
    number: Mapped[int]
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(64))
    reached: Mapped[bool] = mapped_column(Boolean)
    call_again_at: Mapped[datetime | None]
    note: Mapped[str | None] = mapped_column(String(500))


class FollowUp(Called, Base):
    """Someone asks the customer how it went: scheduled -> completed | cancelled.

    A reversed delivery cancels its follow-up in whatever state it is: one that was completed keeps attempts, outcome and
    satisfaction as history, but it no longer counts - the next delivery of the order has a follow-up of its own. Whoever calls
    sees name and phone as the customer's file has them now; `customer_name` and `phone` are those of the delivery, for a customer
    whose file is not here.
    """

    __tablename__ = "follow_up"
    __table_args__ = (
        UniqueConstraint("dealer_id", "work_order_id", "revision", name="follow_up_delivery_key"),
        Index("follow_up_state_ix", "dealer_id", "state", "due_at"),
        Index("follow_up_due_ix", "dealer_id", "due_at", "id"),
        Index("follow_up_delivered_ix", "dealer_id", "delivered_at"),
        Index("follow_up_completed_ix", "dealer_id", "completed_at"),
        Index("follow_up_updated_ix", "dealer_id", "updated_at", "id"),
        Index("follow_up_taken_ix", "dealer_id", "customer_id", postgresql_where=TAKEN, sqlite_where=TAKEN),
    )

    state: Mapped[FollowUpState] = mapped_column(String(10))
    work_order_id: Mapped[str] = mapped_column(IdType)
    work_order_number: Mapped[str] = mapped_column(String(20))
    revision: Mapped[int]
    customer_id: Mapped[str] = mapped_column(IdType)
    customer_name: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str] = mapped_column(String(30))
    preferred_phone: Mapped[str | None] = mapped_column(String(30))
    channel: Mapped[Channel] = mapped_column(String(10))
    vehicle_id: Mapped[str] = mapped_column(IdType)
    plate: Mapped[str] = mapped_column(String(16))
    plate_key: Mapped[str] = mapped_column(String(16))
    make: Mapped[str] = mapped_column(String(100))
    model: Mapped[str] = mapped_column(String(100))
    advisor: Mapped[str] = mapped_column(String(64))
    agent: Mapped[str | None] = mapped_column(String(64))
    done: Mapped[list[dict[str, Any]]] = mapped_column(document)
    delivered_at: Mapped[datetime]
    planned_at: Mapped[datetime]
    call_at: Mapped[datetime]
    due_at: Mapped[datetime]
    breach_at: Mapped[datetime]
    next_service_on: Mapped[date | None] = mapped_column(Date)
    next_service_mileage: Mapped[int | None]
    outcome: Mapped[FollowUpOutcome | None] = mapped_column(String(12))
    satisfaction: Mapped[int | None]
    next_at_delivery: Mapped[NextAppointment | None] = mapped_column(String(8))
    next_appointment: Mapped[NextAppointment | None] = mapped_column(String(8))
    note: Mapped[str | None] = mapped_column(String(500))
    completed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancelled_because: Mapped[str | None] = mapped_column(String(300))
    if TYPE_CHECKING:  # mapped below, where the class is known
        name_now: Mapped[str | None]
        phone_now: Mapped[str | None]
    attempts: Mapped[list[Attempt]] = relationship(lazy="selectin", order_by=Attempt.number, cascade="all, delete-orphan")
    declined: Mapped[list[DeclinedWork]] = relationship(
        lazy="selectin", order_by=DeclinedWork.line_id, cascade="all, delete-orphan"
    )

    @classmethod
    def of(cls, delivery: WorkOrderDelivered, *, times: tuple[datetime, datetime, datetime], visit_id: str | None) -> "FollowUp":
        """The follow-up of this delivery. The delivery determines its id: it has one, however often its event is received."""
        planned_at, due_at, breach_at = times
        follow_up = cls(
            id=follow_up_id(delivery.work_order_id, delivery.revision),
            visit_id=visit_id,
            state="scheduled",
            work_order_id=delivery.work_order_id,
            work_order_number=delivery.number,
            revision=delivery.revision,
            customer_id=delivery.customer.customer_id,
            customer_name=delivery.customer.name,
            phone=delivery.customer.phone,
            preferred_phone=delivery.preferred_phone,
            channel=delivery.customer.preferred_channel,
            vehicle_id=delivery.vehicle.vehicle_id,
            plate=delivery.vehicle.plate,
            plate_key=PLATE.key(delivery.vehicle.plate),
            make=delivery.vehicle.make,
            model=delivery.vehicle.model,
            advisor=delivery.advisor,
            done=[
                follow_up_contract.DoneWork(kind=line.kind, description=line.description).dump()
                for line in delivery.lines
                if line.kind != "core_charge"
            ],
            delivered_at=delivery.delivered_at,
            planned_at=planned_at,
            call_at=planned_at,
            due_at=due_at,
            breach_at=breach_at,
            next_service_on=delivery.next_service_on,
            next_service_mileage=delivery.next_service_mileage,
            next_at_delivery=delivery.next_appointment,
            declined=[
                DeclinedWork(
                    vehicle_id=delivery.vehicle.vehicle_id,
                    work_order_id=delivery.work_order_id,
                    line_id=line.line_id,
                    kind=line.kind,
                    description=line.description,
                    reason=line.reason,
                    safety=line.safety,
                    work=work_of(line),
                    declined_at=delivery.delivered_at,
                )
                for line in delivery.declined
            ],
        )
        follow_up.announce(
            FollowUpScheduled(
                follow_up_id=follow_up.id,
                work_order_id=follow_up.work_order_id,
                revision=follow_up.revision,
                planned_at=planned_at,
                due_at=due_at,
                breach_at=breach_at,
            )
        )
        return follow_up

    def attempt(self, *, at: datetime, by: str, reached: bool, note: str | None, call_again_at: datetime | None = None) -> None:
        """Someone tried to reach the customer, and may have promised to call again. Refused once it is completed or cancelled.

        Whoever reached them is on the phone with them, unless they are to call again; whoever did not is no longer. Raises
        Invalid for a promise that is past already.
        """
        self.require_open()
        if reached and call_again_at is None:
            self.take(by=by, at=at)
        else:
            self.leave(by=by, at=at)
        if call_again_at is not None:
            require_ahead("call_again_at", call_again_at, at, days=QUARTER)
        number = len(self.attempts) + 1
        self.attempts.append(Attempt(number=number, at=at, by=by, reached=reached, call_again_at=call_again_at, note=note))
        self.agent, self.call_at = by, call_again_at or self.call_at
        self.announce(
            FollowUpAttempted(follow_up_id=self.id, work_order_id=self.work_order_id, attempt=number, reached=reached, note=note)
        )

    def complete(
        self,
        *,
        at: datetime,
        by: str,
        outcome: FollowUpOutcome,
        satisfaction: int | None,
        note: str | None,
        next_appointment: NextAppointment | None = None,
    ) -> None:
        """The customer answered, or cannot be reached after at least one attempt."""
        self.require_open()
        self.leave(by=by, at=at)
        reached = any(attempt.reached for attempt in self.attempts)
        if outcome == "unreachable":
            if not self.attempts:
                raise Refused("customer_not_tried")
            if reached:
                raise Refused("customer_was_reached")
            if satisfaction is not None:
                raise Invalid.field("satisfaction", "not_reached_not_satisfied")
            if next_appointment is not None:
                raise Invalid.field("next_appointment", "not_reached_not_asked")
        elif not reached:
            raise Refused("customer_not_reached")
        self.state = "completed"
        self.outcome, self.satisfaction, self.note, self.completed_at = outcome, satisfaction, note, at
        self.next_appointment = next_appointment
        self.announce(
            FollowUpCompleted(
                follow_up_id=self.id,
                work_order_id=self.work_order_id,
                customer_id=self.customer_id,
                outcome=outcome,
                satisfaction=satisfaction,
            )
        )

    def cancel(self, *, at: datetime, reason: str) -> None:
        """The delivery it follows up was reversed, and with it what was declined there."""
        self.state = "cancelled"
        self.caller = self.calling_until = None
        self.cancelled_at, self.cancelled_because = at, reason
        for one in self.declined:
            one.lapse(at)
        self.announce(
            FollowUpCancelled(follow_up_id=self.id, work_order_id=self.work_order_id, revision=self.revision, reason=reason)
        )

    def describe(self) -> follow_up_contract.FollowUp:
        """The follow-up as it is answered."""
        return follow_up_contract.FollowUp(
            id=self.id,
            version=self.version,
            updated_at=self.updated_at,
            state=self.state,
            work_order_id=self.work_order_id,
            work_order_number=self.work_order_number,
            revision=self.revision,
            customer_id=self.customer_id,
            customer_name=self.name_now or self.customer_name,
            phone=self.phone_now or self.phone,
            preferred_phone=self.preferred_phone,
            channel=self.channel,
            vehicle_id=self.vehicle_id,
            plate=self.plate,
            make=self.make,
            model=self.model,
            advisor=self.advisor,
            agent=self.agent,
            caller=self.caller,
            calling_until=self.calling_until,
            delivered_at=self.delivered_at,
            planned_at=self.planned_at,
            call_at=self.call_at,
            due_at=self.due_at,
            breach_at=self.breach_at,
            next_service_on=self.next_service_on,
            next_service_mileage=self.next_service_mileage,
            attempts=[
                follow_up_contract.Attempt(
                    number=one.number,
                    at=one.at,
                    by=one.by,
                    reached=one.reached,
                    call_again_at=one.call_again_at,
                    note=one.note,
                )
                for one in self.attempts
            ],
            done=[follow_up_contract.DoneWork.load(one) for one in self.done],
            declined=[one.describe() for one in self.declined],
            outcome=self.outcome,
            satisfaction=self.satisfaction,
            next_at_delivery=self.next_at_delivery,
            next_appointment=self.next_appointment,
            note=self.note,
            completed_at=self.completed_at,
            cancelled_at=self.cancelled_at,
            cancelled_because=self.cancelled_because,
        )

    def require_open(self) -> None:
        """Raises Refused once it is completed or cancelled."""
        if self.state == "completed":
            raise Refused("follow_up_completed")
        if self.state == "cancelled":
            raise Refused("follow_up_cancelled")


FollowUp.name_now = as_filed(FollowUp, Customer.name)
FollowUp.phone_now = as_filed(FollowUp, Customer.phone)


def follow_up_id(work_order_id: str, revision: int) -> str:
    """The id of a delivery's follow-up: the delivery determines it."""
    return derived_id(work_order_id, revision)
