"""Who worked on which line, from when to when (Rule W9)."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Entity, IdType, belongs_to
from services.workshop.domain.model import Base


class Clocking(Entity, Base):
    """One stretch of work of one technician on one line; open until they clock off."""

    __tablename__ = "clocking"
    __table_args__ = (belongs_to("work_order", "work_order_id"),)

    work_order_id: Mapped[str] = mapped_column(IdType, index=True)
    line_id: Mapped[str] = mapped_column(IdType)
    technician: Mapped[str] = mapped_column(String(64))
    on_at: Mapped[datetime]
    off_at: Mapped[datetime | None]

    @property
    def open(self) -> bool:
        """The technician is still at it."""
        return self.off_at is None

    @property
    def minutes(self) -> int:
        """Full minutes worked."""
        assert self.off_at is not None
        return int((self.off_at - self.on_at).total_seconds()) // 60
