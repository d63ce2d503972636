"""Parts set aside for appointments (预拣), as parts announced them."""

from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from chassis import Projection, document
from services.booking.model import Base


class PrePicked(Projection, Base):
    """What lies ready for an appointment and what is short, line by line. Its id is the appointment's."""

    __tablename__ = "pre_picked"

    facts: Mapped[dict[str, Any]] = mapped_column(document)
