"""Invitations, as crm announced them."""

from datetime import datetime, timedelta

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from chassis import IdType, Projection
from contracts.shared import Channel
from services.booking.model import Base

COUNTS_FOR = timedelta(days=30)
"""A booking that comes later did not follow from it."""


class KnownInvitation(Projection, Base):
    """An invitation of crm's: a booking of its car counts for it until `counts_until`, and until the car's next invitation."""

    __tablename__ = "known_invitation"
    __table_args__ = (
        Index("known_invitation_invited_ix", "dealer_id", "invited_at"),
        Index("known_invitation_vehicle_ix", "dealer_id", "vehicle_id", "invited_at"),
    )

    vehicle_id: Mapped[str] = mapped_column(IdType)
    channel: Mapped[Channel] = mapped_column(String(10))
    invited_at: Mapped[datetime]
    counts_until: Mapped[datetime]
