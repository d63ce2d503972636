"""What is short of a part for somebody, until it is there: what a special order and a part of an order have in common."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import Date
from sqlalchemy.orm import Mapped, mapped_column

from chassis import IdType
from services.parts.model import PartNumberType


@dataclass(frozen=True)
class Need:
    """What is short of a part, and for whom: the car's appointment, or the order that it became."""

    number: str
    units: int
    plate: str
    wanted_by: datetime
    wanted_on: date
    work_order_id: str | None = None
    order_number: str | None = None


class Expected:
    """So much of a part is short for somebody, and comes with a purchase order on a day, if anybody knows it."""

    OPEN: ClassVar[str]
    """Its state while it is waited for."""

    part_number: Mapped[str] = mapped_column(PartNumberType)
    quantity_units: Mapped[int]
    wanted_by: Mapped[datetime]
    wanted_on: Mapped[date] = mapped_column(Date)
    expected_on: Mapped[date | None] = mapped_column(Date)
    purchase_order_id: Mapped[str | None] = mapped_column(IdType)
    raised_at: Mapped[datetime]

    def comes(self, purchase_order_id: str | None, on: date | None) -> None:
        """It comes with that purchase order, on that day; with none, nobody knows when."""
        self.purchase_order_id, self.expected_on = purchase_order_id, on
        self.tell_change()

    def comes_otherwise(self, purchase_order_id: str | None, on: date | None) -> bool:
        """Whether that is something else than was known; what somebody said by hand stays until an order brings it."""
        if purchase_order_id is None:
            return self.purchase_order_id is not None
        return (self.purchase_order_id, self.expected_on) != (purchase_order_id, on)

    def expect(self, on: date) -> None:
        """It is expected on that day. Raises Refused once nobody waits for it."""
        self.require_open()
        self.expected_on = on
        self.tell_change()

    @property
    def late(self) -> bool:
        """Whether it is expected on a later day than it is wanted."""
        return self.expected_on is not None and self.expected_on > self.wanted_on

    def require_open(self) -> None:
        """Raises Refused, each in its own words, once nobody waits for it."""
        raise NotImplementedError

    def tell_change(self) -> None:
        """Others learn how it is now."""
        raise NotImplementedError
