"""Declined work of a vehicle."""

from datetime import datetime

from sqlalchemy import Boolean, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Entity, IdType, belongs_to
from contracts.crm import vehicle
from contracts.shared import DeclinedLine, DeliveredLine, LineKind
from services.crm.model import Base


def work_of(line: DeclinedLine | DeliveredLine) -> str:
    """What a line is about: the same operation, part or outside work is the same work, whether done or declined."""
    return f"{line.kind}:{line.operation_code or line.part_number or line.description.casefold()}"


class DeclinedWork(Entity, Base):
    """Work the customer did not want at a delivery (Rule W8), kept for the next booking until it is done.

    A reversal makes it lapse. `work` says what it is, on whichever line of whichever order it stands.
    """

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
    work: Mapped[str] = mapped_column(String(220))
    declined_at: Mapped[datetime]
    lapsed_at: Mapped[datetime | None]

    def lapse(self, at: datetime) -> None:
        """It is not proposed again: the delivery at which it was declined was reversed."""
        self.lapsed_at = at

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
