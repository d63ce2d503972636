"""At what stock a part is ordered, where somebody said so by hand (Rule P4)."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import CheckConstraint, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Aggregate, Invalid, Quantity, Work, derived_id
from contracts.parts import level as contract
from services.parts.model import Base, PartNumberType


class StockLevel(Aggregate, Base):
    """One part's levels; `by_hand` until they are worked out again."""

    __tablename__ = "stock_level"
    __table_args__ = (
        UniqueConstraint("dealer_id", "part_number", name="stock_level_part_key"),
        CheckConstraint("point_units >= 0 AND level_units >= point_units", name="units"),
    )

    part_number: Mapped[str] = mapped_column(PartNumberType)
    by_hand: Mapped[bool]
    point_units: Mapped[int]
    level_units: Mapped[int]
    set_by: Mapped[str] = mapped_column(String(64))
    set_at: Mapped[datetime]

    @staticmethod
    def id_for(number: str) -> str:
        """The id of a part's levels."""
        return derived_id("stock_level", number)

    def put(self, point: Quantity, level: Quantity, *, at: datetime, by: str) -> None:
        """Order at the point, up to the level. Raises Invalid for a level below its point."""
        if level.units < point.units:
            raise Invalid.field("order_up_to", "below_reorder_point")
        self.by_hand, self.point_units, self.level_units = True, point.units, level.units
        self.set_by, self.set_at = by, at

    def drop(self, *, at: datetime, by: str) -> None:
        """They are worked out again."""
        self.by_hand, self.set_by, self.set_at = False, by, at

    def describe(self) -> contract.StockLevel:
        """The levels as they are answered."""
        return contract.StockLevel(
            id=self.id,
            version=self.version,
            part_number=self.part_number,
            by_hand=self.by_hand,
            reorder_point=Quantity(self.point_units),
            order_up_to=Quantity(self.level_units),
            set_by=self.set_by,
            set_at=self.set_at,
        )


def levels_by_hand(work: Work, newest: Callable[[str], str]) -> dict[str, StockLevel]:
    """By the newest number of the part's chain; a part's own levels come before those of what it replaced."""
    rows = work.all(select(StockLevel).where(StockLevel.by_hand).order_by(StockLevel.part_number))
    found = {newest(one.part_number): one for one in rows}
    return {**found, **{one.part_number: one for one in rows if newest(one.part_number) == one.part_number}}
