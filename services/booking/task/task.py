"""A task of the booking desk: a car that was never taken on, a request without an answer, parts that come after the car."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Aggregate, IdType, derived_id
from contracts.booking import task as contract
from contracts.booking.task import BookingTaskKind, BookingTaskState
from contracts.shared import VehicleFacts
from services.booking.appointment.appointment import Appointment
from services.booking.model import Base
from services.booking.projections.customer import KnownCustomer


class BookingTask(Aggregate, Base):
    """Someone must say what became of the car, once per appointment and arrival; answer a request, once; or move it.

    Rules B6, P3 and B11.
    """

    __tablename__ = "booking_task"
    __table_args__ = (Index("booking_task_state_ix", "dealer_id", "state", "id"),)

    kind: Mapped[BookingTaskKind] = mapped_column(String(20))
    state: Mapped[BookingTaskState] = mapped_column(String(10))
    appointment_id: Mapped[str] = mapped_column(IdType)
    customer_id: Mapped[str] = mapped_column(IdType)
    plate: Mapped[str] = mapped_column(String(16))
    advisor: Mapped[str | None] = mapped_column(String(64))
    arrived_at: Mapped[datetime | None]
    answer_by: Mapped[datetime | None]
    expected_on: Mapped[date | None] = mapped_column(Date)
    opened_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]

    @staticmethod
    def id_for(appointment: Appointment) -> str:
        """The id of the task of an appointment whose car came."""
        assert appointment.arrived_at is not None
        return derived_id(appointment.id, "order_not_opened", appointment.arrived_at.isoformat())

    @classmethod
    def order_not_opened(cls, appointment: Appointment, *, at: datetime) -> "BookingTask":
        """The car has been here since it arrived, and nobody opened its order."""
        return cls._of(appointment, "order_not_opened", cls.id_for(appointment), at=at, arrived_at=appointment.arrived_at)

    @staticmethod
    def id_of_request(appointment: Appointment) -> str:
        """The id of the task of a request that was not answered in time."""
        return derived_id(appointment.id, "request_unanswered")

    @classmethod
    def request_unanswered(cls, appointment: Appointment, *, at: datetime) -> "BookingTask":
        """The customer was to have an answer by now."""
        return cls._of(appointment, "request_unanswered", cls.id_of_request(appointment), at=at, answer_by=appointment.answer_by)

    @staticmethod
    def id_of_parts(appointment_id: str) -> str:
        """The id of the task of an appointment whose special orders come after it."""
        return derived_id(appointment_id, "parts_late")

    @classmethod
    def parts_late(cls, appointment: Appointment, expected_on: date, *, at: datetime) -> "BookingTask":
        """Its parts are expected on a later day than its own: it is to be moved (Rule B6)."""
        return cls._of(appointment, "parts_late", cls.id_of_parts(appointment.id), at=at, expected_on=expected_on)

    def resolve(self, *, at: datetime) -> None:
        """The order was opened, the request answered, or the appointment is off."""
        self.state, self.resolved_at = "resolved", at

    def reopen(self) -> None:
        """It is to be looked into again: the order it was settled by is void, the parts come late once more."""
        self.state, self.resolved_at = "open", None

    def describe_for(self, customer: KnownCustomer) -> contract.BookingTask:
        """The task as the list shows it, with the customer to be called."""
        return contract.BookingTask(
            id=self.id,
            version=self.version,
            kind=self.kind,
            state=self.state,
            appointment_id=self.appointment_id,
            customer_name=customer.name,
            phone=customer.phone,
            plate=self.plate,
            advisor=self.advisor,
            arrived_at=self.arrived_at,
            answer_by=self.answer_by,
            expected_on=self.expected_on,
            opened_at=self.opened_at,
            resolved_at=self.resolved_at,
        )

    @classmethod
    def _of(cls, appointment: Appointment, kind: BookingTaskKind, task_id: str, *, at: datetime, **since: Any) -> "BookingTask":
        return cls(
            id=task_id,
            visit_id=appointment.visit_id,
            kind=kind,
            state="open",
            appointment_id=appointment.id,
            customer_id=appointment.customer_id,
            plate=VehicleFacts.load(appointment.vehicle).plate,
            advisor=appointment.advisor,
            opened_at=at,
            **since,
        )
