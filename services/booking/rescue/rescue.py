"""A rescue case (Rule B11, docs/domain.md)."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Index, String, select
from sqlalchemy.orm import Mapped, column_property, mapped_column

from chassis import Aggregate, IdType, Invalid, Refused, new_id
from chassis.wire.ahead import WEEK, require_ahead
from contracts.booking import rescue as contract
from contracts.booking.events import (
    RescueArrived,
    RescueClosed,
    RescueFacts,
    RescueLinked,
    RescueReported,
    RescueState,
    TowRecorded,
)
from contracts.booking.rescue import RecordTow, ReportRescue
from contracts.shared import PLATE
from services.booking.appointment.appointment import Appointment
from services.booking.model import Base

OPEN: tuple[RescueState, ...] = ("reported", "under_way")
"""The car is not here yet."""


class Rescue(Aggregate, Base):
    """reported -> under_way -> arrived, or closed before that."""

    __tablename__ = "rescue"
    __table_args__ = (Index("rescue_state_ix", "dealer_id", "is_open", "id"),)

    state: Mapped[RescueState] = mapped_column(String(10))
    is_open: Mapped[bool]
    caller_name: Mapped[str] = mapped_column(String(120))
    caller_phone: Mapped[str] = mapped_column(String(30))
    plate: Mapped[str] = mapped_column(String(16))
    plate_key: Mapped[str] = mapped_column(String(16))
    location: Mapped[str] = mapped_column(String(300))
    trouble: Mapped[str | None] = mapped_column(String(1000))
    reported_at: Mapped[datetime]
    reported_to: Mapped[str] = mapped_column(String(64))
    tow_firm: Mapped[str | None] = mapped_column(String(120))
    tow_phone: Mapped[str | None] = mapped_column(String(30))
    expected_at: Mapped[datetime | None]
    arrived_at: Mapped[datetime | None]
    closed_because: Mapped[str | None] = mapped_column(String(300))
    appointment_id: Mapped[str | None] = mapped_column(IdType)
    work_order_id: Mapped[str | None] = mapped_column(IdType)
    if TYPE_CHECKING:  # mapped below, where the class is known
        order_of_appointment: Mapped[str | None]

    @classmethod
    def report(cls, command: ReportRescue, *, at: datetime, by: str) -> "Rescue":
        """Somebody calls for help. Begins the visit, unless an appointment has begun it."""
        rescue = cls(
            visit_id=new_id(),
            state="reported",
            is_open=True,
            caller_name=command.caller_name,
            caller_phone=command.caller_phone,
            plate=command.plate,
            plate_key=PLATE.key(command.plate),
            location=command.location,
            trouble=command.trouble,
            reported_at=at,
            reported_to=by,
        )
        rescue.announce(RescueReported(rescue=rescue.facts()))
        return rescue

    def tow(self, command: RecordTow, *, at: datetime) -> None:
        """Somebody is on the way. Raises Invalid for a time that has passed."""
        self._must_be_open()
        require_ahead("expected_at", command.expected_at, at, days=WEEK)
        self.state, self.tow_firm, self.tow_phone = "under_way", command.tow_firm, command.tow_phone
        self.expected_at = command.expected_at
        self.announce(TowRecorded(rescue=self.facts(), tow_firm=command.tow_firm, expected_at=command.expected_at))

    def arrive(self, arrived_at: datetime, *, at: datetime, appointment: Appointment | None = None) -> None:
        """It is here, and this appointment's, if one is named. Raises Invalid for a time to come, or before anybody called."""
        self._must_be_open()
        if arrived_at > at:
            raise Invalid.field("arrived_at", "must_not_be_future")
        if arrived_at < self.reported_at:
            raise Invalid.field("arrived_at", "must_be_after", field="reported_at")
        self._belong(appointment)
        self.state, self.is_open, self.arrived_at = "arrived", False, arrived_at
        self.announce(RescueArrived(rescue=self.facts(), arrived_at=arrived_at))

    def link(self, appointment: Appointment | None, work_order_id: str | None) -> None:
        """It is this appointment's, or this order's, and its visit from now on. Raises Refused for a closed one."""
        if self.state == "closed":
            raise Refused("rescue_over")
        self._belong(appointment)
        self.work_order_id = work_order_id or self.work_order_id
        self.announce(RescueLinked(rescue=self.facts()))

    def close(self, reason: str) -> None:
        """It does not come."""
        self._must_be_open()
        self.state, self.is_open, self.closed_because = "closed", False, reason
        self.announce(RescueClosed(rescue=self.facts(), reason=reason))

    def facts(self) -> RescueFacts:
        """The case as others need to know it."""
        return RescueFacts(
            rescue_id=self.id,
            state=self.state,
            caller_name=self.caller_name,
            caller_phone=self.caller_phone,
            plate=self.plate,
            location=self.location,
            appointment_id=self.appointment_id,
            work_order_id=self.work_order_id,
        )

    def describe(self) -> contract.Rescue:
        """The case as it is answered."""
        return contract.Rescue(
            id=self.id,
            version=self.version,
            state=self.state,
            caller_name=self.caller_name,
            caller_phone=self.caller_phone,
            plate=self.plate,
            location=self.location,
            trouble=self.trouble,
            reported_at=self.reported_at,
            reported_to=self.reported_to,
            tow_firm=self.tow_firm,
            tow_phone=self.tow_phone,
            expected_at=self.expected_at,
            arrived_at=self.arrived_at,
            closed_because=self.closed_because,
            appointment_id=self.appointment_id,
            work_order_id=self.work_order_id or (self.order_of_appointment if self.appointment_id else None),
        )

    def _belong(self, appointment: Appointment | None) -> None:
        if appointment is not None:
            if appointment.plate_key != self.plate_key:
                raise Refused("rescue_of_another_car", field="appointment_id", plate=self.plate)
            self.appointment_id, self.visit_id = appointment.id, appointment.visit_id

    def _must_be_open(self) -> None:
        if not self.is_open:
            raise Refused("rescue_over")


Rescue.order_of_appointment = column_property(
    select(Appointment.work_order_id)
    .where(Appointment.dealer_id == Rescue.dealer_id, Appointment.id == Rescue.appointment_id)
    .correlate(Rescue.__table__)
    .scalar_subquery(),
    deferred=True,  # only who describes it asks
)
