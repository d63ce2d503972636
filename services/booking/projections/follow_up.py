"""What customers said when they were asked after a delivery, as crm announced it."""

from datetime import datetime

from sqlalchemy import Boolean, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from chassis import IdType, Projection
from services.booking.model import Base


class KnownFollowUp(Projection, Base):
    """A completed follow-up; `dissatisfied` says that something was wrong."""

    __tablename__ = "known_follow_up"
    __table_args__ = (Index("known_follow_up_customer_ix", "dealer_id", "customer_id", "dissatisfied", "completed_at"),)

    customer_id: Mapped[str | None] = mapped_column(IdType)
    outcome: Mapped[str] = mapped_column(String(40))
    satisfaction: Mapped[int | None]
    dissatisfied: Mapped[bool] = mapped_column(Boolean)
    completed_at: Mapped[datetime]
