"""Parts at their reorder point (库存预警): looked for every hour, each told once when it comes there (Rule P4)."""

from datetime import datetime, timedelta

from sqlalchemy import Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Aggregate, Quantity, Work, derived_id, page
from contracts.parts import level as contract
from contracts.parts.level import ListLowParts, LowParts
from contracts.parts.level_events import PartRanLow
from services.parts.catalogue.part import parts_of
from services.parts.model import Base, PartNumberType
from services.parts.purchasing.watch import look_within_the_hour
from services.parts.replenishing.proposing import approved_suppliers, at_their_point

SERVICE_LEVEL, COVER_DAYS = 95, 30
"""What the alert assumes, as what to order does unless it is asked otherwise."""


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


def watch(work: Work, watch_id: str) -> None:
    """Whatever came to its reorder point since the last look is told; what is above it again may be told another time."""
    look_within_the_hour(work, after=work.now + timedelta(seconds=1))
    low_now = {one.number: one for one in at_their_point(work, approved_suppliers(work), SERVICE_LEVEL, COVER_DAYS)}
    known = {one.part_number: one for one in work.all(select(LowPart).order_by(LowPart.id).with_for_update())}
    for number, one in known.items():
        if one.low and number not in low_now:
            work.change(one)
            one.recover()
    for number, found in sorted(low_now.items()):
        before = known.get(number)
        if before is not None and before.low:
            continue
        if before is None:
            before = LowPart(id=derived_id("low_part", number), part_number=number)
            work.add(before)
        else:
            work.change(before)
        before.run_low(found.part.position, found.point, at=work.now)


def list_low_parts(work: Work, query: ListLowParts) -> LowParts:
    """The newest first."""
    rows, cursor = page(work, select(LowPart).where(LowPart.low), query, keys=[LowPart.since, LowPart.id])
    names = parts_of(work, (one.part_number for one in rows))
    items = [
        contract.LowPart(
            part_number=one.part_number,
            name_zh=names[one.part_number].name_zh,
            name_en=names[one.part_number].name_en,
            since=one.since,
            position=Quantity(one.position_units),
            reorder_point=Quantity(one.point_units),
        )
        for one in rows
        if one.part_number in names
    ]
    return LowParts(items=items, next_cursor=cursor)
