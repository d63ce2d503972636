"""A line of a reservation: so much of one part, for one line of an appointment or a work order."""

from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Entity, IdType, Quantity, belongs_to
from contracts.parts import reservation
from contracts.shared import PartRequest
from services.parts.model import Base, PartNumberType
from services.parts.stock.move import Origin
from services.parts.stock.stock import Stock


class ReservationLine(Entity, Base):
    """One line's parts. `number` is the part set aside for it: the one asked for, or its successor."""

    __tablename__ = "reservation_line"
    __table_args__ = (
        belongs_to("reservation", "reservation_id"),
        UniqueConstraint("dealer_id", "reservation_id", "line_id", "asked_for", name="reservation_line_request_key"),
        CheckConstraint("wanted_units >= 0 AND reserved_units >= 0 AND issued_units >= 0", name="units"),
        Index("reservation_line_short", "dealer_id", "number"),
    )

    reservation_id: Mapped[str] = mapped_column(IdType)
    line_id: Mapped[str] = mapped_column(IdType)
    asked_for: Mapped[str] = mapped_column(PartNumberType)
    number: Mapped[str] = mapped_column(PartNumberType)
    approved: Mapped[bool]
    wanted_units: Mapped[int]
    reserved_units: Mapped[int]
    issued_units: Mapped[int]

    def __init__(self, **values: Any) -> None:
        super().__init__(**{"wanted_units": 0, "reserved_units": 0, "issued_units": 0, **values})

    @property
    def short_units(self) -> int:
        """What is wanted and neither set aside nor issued."""
        return max(0, self.wanted_units - self.reserved_units - self.issued_units)

    def give_back(self, wanted: int) -> int:
        """Want no more than this; how much of what was set aside is left over."""
        self.wanted_units = wanted
        left_over = max(0, self.reserved_units - max(0, wanted - self.issued_units))
        self.reserved_units -= left_over
        return left_over

    def fill(self, stock: Stock) -> int:
        """Set aside what there is of what is short; how much that was."""
        if not self.short_units:
            return 0
        taken = stock.set_aside(self.number, self.short_units)
        self.reserved_units += taken
        return taken

    def give_up(self, stock: Stock) -> bool:
        """Nothing is set aside any more; whether anything was."""
        if not self.reserved_units:
            return False
        stock.free(self.number, self.reserved_units)
        self.reserved_units = 0
        return True

    def issue(self, units: int, stock: Stock, *, origin: Origin) -> None:
        """From the bin to work in progress, first of what is set aside for this line."""
        stock.move("issued", self.number, units, "bin", "wip", origin=origin)
        own = min(units, self.reserved_units)
        stock.free(self.number, own)
        self.reserved_units -= own
        self.issued_units += units

    def take_back(self, units: int, stock: Stock, *, origin: Origin) -> None:
        """From work in progress back to the bin."""
        stock.move("returned", self.number, units, "wip", "bin", origin=origin)
        self.issued_units -= units

    def use(self, most: int) -> int:
        """What was issued is on the car now, up to this many units; how many those are."""
        used = min(most, self.issued_units)
        self.issued_units -= used
        return used

    def request(self, units: int) -> PartRequest:
        """So many units of this line's part, as events name them."""
        return PartRequest(line_id=self.line_id, part_number=self.number, quantity=Quantity(units))

    def describe(self, *, waiting: bool) -> reservation.ReservationLine:
        """The line as the pick list shows it; only who is waiting is short of anything."""
        return reservation.ReservationLine(
            line_id=self.line_id,
            asked_for=self.asked_for,
            part_number=self.number,
            wanted=Quantity(self.wanted_units),
            reserved=Quantity(self.reserved_units),
            issued=Quantity(self.issued_units),
            short=Quantity(self.short_units if waiting else 0),
            approved=self.approved,
        )
