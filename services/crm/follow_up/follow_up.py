"""The follow-up job (回访) of one delivery of a work order (Rule C2, docs/domain.md)."""

from datetime import date, datetime

from sqlalchemy import Boolean, Date, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, lazyload, mapped_column, relationship

from chassis import Aggregate, Entity, IdType, Invalid, NotYet, Prefetch, Refused, Work, belongs_to, derived_id
from contracts.crm import follow_up as follow_up_contract
from contracts.crm import vehicle
from contracts.crm.events import FollowUpAttempted, FollowUpCancelled, FollowUpCompleted, FollowUpScheduled
from contracts.crm.follow_up import CompleteFollowUp, FollowUpOutcome, FollowUpState, RecordAttempt
from contracts.shared import Channel, LineKind
from contracts.workshop.events import DeliveryReversed, WorkOrderDelivered
from services.crm.domain.customer import Customer
from services.crm.domain.model import Base
from services.crm.domain.settings import CrmSettings
from services.crm.domain.vehicle import MileageReading


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
    note: Mapped[str | None] = mapped_column(String(500))


class DeclinedWork(Entity, Base):
    """Work the customer did not want at this delivery (Rule W8), kept for the next booking; it lapses with a reversal."""

    __tablename__ = "declined_work"
    __table_args__ = (
        belongs_to("follow_up", "follow_up_id"),
        UniqueConstraint("dealer_id", "follow_up_id", "line_id", name="declined_work_line_key"),
        Index("declined_work_vehicle_ix", "dealer_id", "vehicle_id"),
    )

    follow_up_id: Mapped[str] = mapped_column(IdType)
    vehicle_id: Mapped[str] = mapped_column(IdType)
    work_order_id: Mapped[str] = mapped_column(IdType)
    line_id: Mapped[str] = mapped_column(IdType)
    kind: Mapped[LineKind] = mapped_column(String(10))
    description: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(String(300))
    safety: Mapped[bool] = mapped_column(Boolean)
    declined_at: Mapped[datetime]

    def describe(self) -> vehicle.DeclinedWork:
        """The declined work as it is answered."""
        return vehicle.DeclinedWork(
            work_order_id=self.work_order_id,
            line_id=self.line_id,
            kind=self.kind,
            description=self.description,
            reason=self.reason,
            safety=self.safety,
            declined_at=self.declined_at,
        )


class FollowUp(Aggregate, Base):
    """Someone asks the customer how it went: scheduled -> completed | cancelled.

    A reversed delivery cancels its follow-up in whatever state it is: one that was completed keeps attempts, outcome and
    satisfaction as history, but it no longer counts - the next delivery of the order has a follow-up of its own.
    """

    __tablename__ = "follow_up"
    __table_args__ = (
        UniqueConstraint("dealer_id", "work_order_id", "revision", name="follow_up_delivery_key"),
        Index("follow_up_due_ix", "dealer_id", "state", "due_at"),
    )

    state: Mapped[FollowUpState] = mapped_column(String(10))
    work_order_id: Mapped[str] = mapped_column(IdType)
    work_order_number: Mapped[str] = mapped_column(String(20))
    revision: Mapped[int]
    customer_id: Mapped[str] = mapped_column(IdType)
    customer_name: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str] = mapped_column(String(30))
    channel: Mapped[Channel] = mapped_column(String(10))
    vehicle_id: Mapped[str] = mapped_column(IdType)
    plate: Mapped[str] = mapped_column(String(16))
    advisor: Mapped[str] = mapped_column(String(64))
    delivered_at: Mapped[datetime]
    planned_at: Mapped[datetime]
    due_at: Mapped[datetime]
    breach_at: Mapped[datetime]
    next_service_on: Mapped[date | None] = mapped_column(Date)
    next_service_mileage: Mapped[int | None]
    outcome: Mapped[FollowUpOutcome | None] = mapped_column(String(12))
    satisfaction: Mapped[int | None]
    note: Mapped[str | None] = mapped_column(String(500))
    completed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancelled_because: Mapped[str | None] = mapped_column(String(300))
    attempts: Mapped[list[Attempt]] = relationship(lazy="selectin", order_by=Attempt.number, cascade="all, delete-orphan")
    declined: Mapped[list[DeclinedWork]] = relationship(
        lazy="selectin", order_by=DeclinedWork.line_id, cascade="all, delete-orphan"
    )

    @classmethod
    def of(cls, delivery: WorkOrderDelivered, *, times: tuple[datetime, datetime, datetime], visit_id: str | None) -> "FollowUp":
        """The job of this delivery; the delivery determines its id, so that it has one however often it is told."""
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
            phone=delivery.preferred_phone or delivery.customer.phone,
            channel=delivery.customer.preferred_channel,
            vehicle_id=delivery.vehicle.vehicle_id,
            plate=delivery.vehicle.plate,
            advisor=delivery.advisor,
            delivered_at=delivery.delivered_at,
            planned_at=planned_at,
            due_at=due_at,
            breach_at=breach_at,
            next_service_on=delivery.next_service_on,
            next_service_mileage=delivery.next_service_mileage,
            declined=[
                DeclinedWork(
                    vehicle_id=delivery.vehicle.vehicle_id,
                    work_order_id=delivery.work_order_id,
                    line_id=line.line_id,
                    kind=line.kind,
                    description=line.description,
                    reason=line.reason,
                    safety=line.safety,
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

    def attempt(self, *, at: datetime, by: str, reached: bool, note: str | None) -> None:
        """Someone tried to reach the customer. Refused once the job is completed or cancelled."""
        self._must_be_scheduled()
        number = len(self.attempts) + 1
        self.attempts.append(Attempt(number=number, at=at, by=by, reached=reached, note=note))
        self.announce(
            FollowUpAttempted(follow_up_id=self.id, work_order_id=self.work_order_id, attempt=number, reached=reached, note=note)
        )

    def complete(self, *, at: datetime, outcome: FollowUpOutcome, satisfaction: int | None, note: str | None) -> None:
        """The customer answered, or is given up as unreachable after at least one attempt that failed."""
        self._must_be_scheduled()
        reached = any(attempt.reached for attempt in self.attempts)
        if outcome == "unreachable":
            if not self.attempts:
                raise Refused("customer_not_tried")
            if reached:
                raise Refused("customer_was_reached")
            if satisfaction is not None:
                raise Invalid.fields({"satisfaction": ["Nobody who was not reached can be satisfied."]})
        elif not reached:
            raise Refused("customer_not_reached")
        self.state = "completed"
        self.outcome, self.satisfaction, self.note, self.completed_at = outcome, satisfaction, note, at
        self.announce(
            FollowUpCompleted(follow_up_id=self.id, work_order_id=self.work_order_id, outcome=outcome, satisfaction=satisfaction)
        )

    def cancel(self, *, at: datetime, reason: str) -> None:
        """The delivery it follows up was reversed."""
        self.state = "cancelled"
        self.cancelled_at, self.cancelled_because = at, reason
        self.announce(
            FollowUpCancelled(follow_up_id=self.id, work_order_id=self.work_order_id, revision=self.revision, reason=reason)
        )

    def describe(self) -> follow_up_contract.FollowUp:
        """The job as it is answered."""
        return follow_up_contract.FollowUp(
            id=self.id,
            version=self.version,
            state=self.state,
            work_order_id=self.work_order_id,
            work_order_number=self.work_order_number,
            revision=self.revision,
            customer_id=self.customer_id,
            customer_name=self.customer_name,
            phone=self.phone,
            channel=self.channel,
            vehicle_id=self.vehicle_id,
            plate=self.plate,
            advisor=self.advisor,
            delivered_at=self.delivered_at,
            planned_at=self.planned_at,
            due_at=self.due_at,
            breach_at=self.breach_at,
            next_service_on=self.next_service_on,
            next_service_mileage=self.next_service_mileage,
            attempts=[
                follow_up_contract.Attempt(number=one.number, at=one.at, by=one.by, reached=one.reached, note=one.note)
                for one in self.attempts
            ],
            declined=[one.describe() for one in self.declined],
            outcome=self.outcome,
            satisfaction=self.satisfaction,
            note=self.note,
            completed_at=self.completed_at,
            cancelled_at=self.cancelled_at,
            cancelled_because=self.cancelled_because,
        )

    def _must_be_scheduled(self) -> None:
        if self.state == "completed":
            raise Refused("follow_up_completed")
        if self.state == "cancelled":
            raise Refused("follow_up_cancelled")


def follow_up_id(work_order_id: str, revision: int) -> str:
    """The id of a delivery's follow-up: the delivery determines it."""
    return derived_id(work_order_id, revision)


def prefetch(batch: Prefetch[WorkOrderDelivered]) -> None:
    """What planning a batch of follow-ups looks at."""
    batch.rows(FollowUp, [(dealer, follow_up_id(fact.work_order_id, fact.revision)) for dealer, fact in batch.received])
    customers = [(dealer, fact.customer.customer_id) for dealer, fact in batch.received]
    batch.rows(Customer, customers, options=[lazyload(Customer.said)])  # nobody asks here what they consented to
    batch.rows(CrmSettings, [(dealer, CrmSettings.identity(dealer)) for dealer in batch.dealers])


def schedule(work: Work, delivery: WorkOrderDelivered) -> None:
    """Plan the follow-up of a delivery, keep what was declined and what the odometer showed; once, however often it is told."""
    if work.find(FollowUp, follow_up_id(delivery.work_order_id, delivery.revision)) is not None:
        return
    preferred = delivery.preferred_follow_up_time
    if preferred is None:
        customer = work.find(Customer, delivery.customer.customer_id)
        preferred = customer.preferred_time if customer else None
    zone = work.profile.zone  # a dealer nobody has told of yet makes the delivery wait here
    times = work.settings(CrmSettings).follow_up_times(delivery.delivered_at, zone, preferred)
    work.add(FollowUp.of(delivery, times=times, visit_id=work.cause.correlationid if work.cause else None))
    work.add(
        MileageReading(
            id=_reading_id(delivery.work_order_id, delivery.revision),
            vehicle_id=delivery.vehicle.vehicle_id,
            at=delivery.delivered_at,
            mileage=delivery.mileage,
            work_order_id=delivery.work_order_id,
        )
    )


def cancel(work: Work, reversal: DeliveryReversed) -> None:
    """A delivery was entered by mistake: its follow-up is off, its odometer reading and its declined work no longer count."""
    found = work.find(FollowUp, follow_up_id(reversal.work_order_id, reversal.revision))
    if found is None:
        raise NotYet(f"delivery {reversal.revision} of {reversal.work_order_id} is not known here yet")
    if found.state == "cancelled":
        return
    follow_up = work.edit(FollowUp, found.id)
    follow_up.cancel(at=work.now, reason=reversal.reason)
    reading = work.find(MileageReading, _reading_id(reversal.work_order_id, reversal.revision))
    if reading is not None:
        work.session.delete(reading)


def record_attempt(work: Work, command: RecordAttempt) -> FollowUp:
    """Someone tried to reach the customer."""
    follow_up = work.edit(FollowUp, command.follow_up_id)
    follow_up.attempt(at=work.now, by=work.actor, reached=command.reached, note=command.note)
    return follow_up


def complete(work: Work, command: CompleteFollowUp) -> FollowUp:
    """The follow-up is done."""
    follow_up = work.edit(FollowUp, command.follow_up_id)
    follow_up.complete(at=work.now, outcome=command.outcome, satisfaction=command.satisfaction, note=command.note)
    return follow_up


def _reading_id(work_order_id: str, revision: int) -> str:
    return derived_id("mileage", work_order_id, revision)
