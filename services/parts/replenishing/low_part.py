"""Parts at their reorder point (库存预警), each told once when it comes there (Rule P4)."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Aggregate, Quantity
from contracts.parts.level_events import PartRanLow
from services.parts.model import Base, PartNumberType


class LowPart(Aggregate, Base):
    """A part that ran low once; `low` while it is."""

    __tablename__ = "low_part"
    __table_args__ = (
        UniqueConstraint("dealer_id", "part_number", name="low_part_part_key"),
        Index("low_part_since", "dealer_id", "low", "since", "id"),
    )

    part_number: Mapped[str] = mapped_column(PartNumberType)
    low: Mapped[bool]
    since: Mapped[datetime]
    position_units: Mapped[int]
    point_units: Mapped[int]

    def run_low(self, position: int, point: int, *, at: datetime) -> None:
        """It came to its reorder point."""
        self.low, self.since, self.position_units, self.point_units = True, at, position, point
        told = {"position": Quantity(position), "reorder_point": Quantity(point)}
        self.announce(PartRanLow(part_number=self.part_number, since=at, **told))

    def recover(self) -> None:
        """There is, or will be, more than that again."""
        self.low = False
