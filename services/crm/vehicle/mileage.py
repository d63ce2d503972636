"""What a vehicle's odometer showed, and what was done to it then."""

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Index, String, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Entity, IdType, Refused, Work, derived_id, document
from contracts.odometer import doubt
from services.crm.model import Base


class MileageReading(Entity, Base):
    """A reading of the odometer; of a delivery also what was done then (`work_of` its lines). One of a void order counts no more.

    It stands beside the vehicle, not in it: orders add theirs in any sequence, without a lock.
    """

    __tablename__ = "mileage_reading"
    __table_args__ = (Index("mileage_reading_vehicle_ix", "dealer_id", "vehicle_id", "at"),)

    vehicle_id: Mapped[str] = mapped_column(IdType)
    at: Mapped[datetime]
    mileage: Mapped[int]
    reason: Mapped[str | None] = mapped_column(String(300))
    work_order_id: Mapped[str | None] = mapped_column(IdType)
    done: Mapped[list[str]] = mapped_column(document)
    void: Mapped[bool] = mapped_column(Boolean)

    def __init__(self, **values: Any) -> None:
        super().__init__(**{"done": [], "void": False, **values})


def delivery_reading_id(work_order_id: str, revision: int) -> str:
    """The id of the reading at a delivery: the delivery determines it."""
    return derived_id("mileage", work_order_id, revision)


def opening_reading_id(work_order_id: str) -> str:
    """The id of the reading at reception: the order determines it."""
    return derived_id("mileage", work_order_id, "opening")


def refuse_doubtful(work: Work, vehicle_id: str, mileage: int, reason: str | None) -> None:
    """Less than it last showed, or far more, wants a reason; of what was reversed or void nothing counts (Rule C1)."""
    known = work.first(
        select(MileageReading.mileage)
        .where(MileageReading.vehicle_id == vehicle_id, MileageReading.void.is_(False))
        .order_by(MileageReading.at.desc(), MileageReading.id.desc())
    )
    doubted = None if reason is not None else doubt(known, mileage)
    if doubted == "went_back":
        raise Refused("mileage_went_back", field="mileage", known=known)
    if doubted == "far_ahead":
        raise Refused("mileage_far_ahead", field="mileage", known=known)
