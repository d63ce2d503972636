"""The electronic health record (汽车维修电子健康档案, Rule W32): one of each delivery that stands as its order is closed."""

from dataclasses import field
from datetime import datetime, timedelta

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Aggregate, Document, Hours, IdType, Quantity, Refused, belongs_to, derived_id, stored
from chassis.wire import Part
from contracts.parts.catalogue import Source
from contracts.workshop import health_record as contract
from contracts.workshop.comeback import WorkClass
from contracts.workshop.health_record import HealthRecordState
from services.workshop.model import Base

FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
MOST_REASON = 300


class RecordedFault(Part):
    """What was wrong, why, and what was done."""

    complaint: str
    cause: str | None = None
    correction: str | None = None


class RecordedOperation(Part):
    """Work that was done, by the workshop or outside."""

    description: str
    operation_code: str | None = None
    work_class: WorkClass | None = None
    hours: Hours | None = None


class RecordedPart(Part):
    """A part that went onto the car; where it comes from is null if the price list has not said so."""

    part_number: str | None
    description: str
    quantity: Quantity | None
    source: Source | None = None


class HealthRecordDocument(Document):
    """What is sent: the car and what was done on it. No name, no phone, no price."""

    business_key: str
    dealer: str
    work_order_id: str
    order_number: str
    revision: int
    vin: str
    plate: str
    mileage: int | None
    opened_at: datetime
    delivered_at: datetime
    left_at: datetime
    closed_at: datetime
    faults: list[RecordedFault]
    operations: list[RecordedOperation] = field(default_factory=list)
    parts: list[RecordedPart] = field(default_factory=list)
    completion_certificate: str | None = None


class HealthRecord(Aggregate, Base):
    """One record; its id follows from order and revision. The document is what is sent, however often."""

    __tablename__ = "health_record"
    __table_args__ = (
        belongs_to("work_order", "work_order_id"),
        UniqueConstraint("dealer_id", "work_order_id", "revision"),
        Index(None, "dealer_id", "state", "closed_at", "id"),
    )

    work_order_id: Mapped[str] = mapped_column(IdType)
    revision: Mapped[int]
    state: Mapped[HealthRecordState] = mapped_column(String(8))
    closed_at: Mapped[datetime]
    attempts: Mapped[int]
    reason: Mapped[str | None] = mapped_column(String(MOST_REASON))
    answered_at: Mapped[datetime | None]
    document: Mapped[HealthRecordDocument] = mapped_column(stored(HealthRecordDocument))

    @staticmethod
    def identity(work_order_id: str, revision: int) -> str:
        """The id of the record of that delivery."""
        return derived_id("health_record", work_order_id, revision)

    def attempt(self, at: datetime) -> datetime:
        """It is about to be sent; when it is to be sent once more, if nothing comes of it: later every time."""
        self.attempts += 1
        doubled: timedelta = FIRST_PAUSE * (1 << min(self.attempts - 1, 10))
        return at + min(doubled, LONGEST_PAUSE)

    def take(self, at: datetime) -> None:
        """The receiver has it, since just now or before."""
        self.state, self.reason, self.answered_at = "taken", None, at

    def refuse(self, reason: str, at: datetime) -> None:
        """The receiver does not want it as it is: nobody sends it again but by hand."""
        self.state, self.reason, self.answered_at = "refused", reason[:MOST_REASON], at

    def miss(self, reason: str) -> None:
        """There was no answer, or none that settles it."""
        self.reason = reason[:MOST_REASON]

    def resend(self) -> None:
        """What it was refused for is settled. Raises Refused for one that was not refused."""
        if self.state != "refused":
            raise Refused("record_not_refused")
        self.state, self.attempts, self.reason, self.answered_at = "due", 0, None, None

    def describe(self) -> contract.HealthRecord:
        """The record as it is answered."""
        return contract.HealthRecord.load(self.entry().dump())

    def entry(self) -> contract.RecordEntry:
        """The record as it is listed."""
        return contract.RecordEntry(
            record_id=self.id,
            work_order_id=self.work_order_id,
            order_number=self.document.order_number,
            revision=self.revision,
            plate=self.document.plate,
            record_state=self.state,
            closed_at=self.closed_at,
            attempts=self.attempts,
            reason=self.reason,
            answered_at=self.answered_at,
        )
