"""Deposits (定金) for appointments, as billing announced them."""

from sqlalchemy import ColumnElement, Index, String, func
from sqlalchemy.orm import Mapped, mapped_column

from chassis import DealerOwned, IdType
from services.booking.model import Base


class KnownDeposit(DealerOwned, Base):
    """What was put down for an appointment, or below zero given back: a row for each payment, which never changes."""

    __tablename__ = "known_deposit"
    __table_args__ = (Index("known_deposit_appointment_ix", "dealer_id", "appointment_id"),)

    id: Mapped[str] = mapped_column(IdType, primary_key=True)
    appointment_id: Mapped[str] = mapped_column(IdType)
    amount_minor: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))

    @classmethod
    def paid(cls) -> ColumnElement[int]:
        """What there is of several."""
        return func.coalesce(func.sum(cls.amount_minor), 0)
