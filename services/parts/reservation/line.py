"""A line of a reservation: so much of one part, for one line of an appointment or a work order."""

from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, Index, UniqueConstraint, and_
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Entity, IdType, Quantity, belongs_to
from contracts.parts import reservation
from contracts.shared import PartRequest
from services.parts.catalogue.part import Part
from services.parts.model import Base, PartNumberType
from services.parts.special_order.expected import Expected
from services.parts.stock.move import Origin
from services.parts.stock.stock import Stock


class ReservationLine(Entity, Base):
    """One line's parts. `number` is the part set aside for it: the one asked for, or another of its chain of supersessions.

    There are two for one request when a part was superseded after some of it had been issued.
    """

    __tablename__ = "reservation_line"
    __table_args__ = (
        belongs_to("reservation", "reservation_id"),
        UniqueConstraint("dealer_id", "reservation_id", "line_id", "asked_for", "number", name="reservation_line_request_key"),
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

    @classmethod
    def is_short(cls) -> ColumnElement[bool]:
        """For a statement: something is wanted and neither set aside nor issued."""
        return cls.wanted_units > cls.reserved_units + cls.issued_units

    @classmethod
    def is_to_issue(cls) -> ColumnElement[bool]:
        """For a statement: the customer agreed to it, and not all of it is handed out."""
        return and_(cls.approved, cls.wanted_units > cls.issued_units)

    @property
    def short_units(self) -> int:
        """What is wanted and neither set aside nor issued."""
        return max(0, self.wanted_units - self.reserved_units - self.issued_units)

    def give_back(self, wanted: int) -> int:
        """Want no more than is issued of it, and nothing else that is set aside; how much that was."""
        left_over, self.reserved_units = self.reserved_units, 0
        self.wanted_units = min(wanted, self.issued_units)
        return left_over

    def fill(self, stock: Stock) -> int:
        """Set aside what there is of what is short; how much that was."""
        if not self.short_units:
            return 0
        taken = stock.set_aside(self.number, self.short_units)
        self.reserved_units += taken
        return taken

    def lose(self, most: int, stock: Stock) -> int:
        """Up to so much of what was set aside is gone; how much that was."""
        lost = min(most, self.reserved_units)
        stock.free(self.number, lost)
        self.reserved_units -= lost
        return lost

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

    def request(self, units: int, number: str | None = None) -> PartRequest:
        """So many units of this line's part, or of another number, as events name them."""
        return PartRequest(line_id=self.line_id, part_number=number or self.number, quantity=Quantity(units))

    def describe_short(self, ordered: Expected | None) -> reservation.ShortLine:
        """The line as the list of short parts shows it; what is short of it may be on special order."""
        return reservation.ShortLine(
            line_id=self.line_id,
            asked_for=self.asked_for,
            part_number=self.number,
            wanted=Quantity(self.wanted_units),
            short=Quantity(self.short_units),
            on_order=ordered is not None,
            expected_on=None if ordered is None else ordered.expected_on,
            approved=self.approved,
        )

    def describe(self, part: Part | None, ordered: Expected | None, *, waiting: bool) -> reservation.ReservationLine:
        """The line as the pick list shows it, with what the catalogue says of its part; only who is waiting is short of
        anything."""
        return reservation.ReservationLine(
            line_id=self.line_id,
            asked_for=self.asked_for,
            part_number=self.number,
            wanted=Quantity(self.wanted_units),
            reserved=Quantity(self.reserved_units),
            issued=Quantity(self.issued_units),
            short=Quantity(self.short_units if waiting else 0),
            on_order=ordered is not None,
            expected_on=None if ordered is None else ordered.expected_on,
            approved=self.approved,
            **(
                {}
                if part is None
                else {name: getattr(part, name) for name in ("name_zh", "name_en", "unit", "barcode", "bin_location")}
            ),
        )


def spread(units: int, most: list[tuple[ReservationLine, int]]) -> list[tuple[ReservationLine, int]] | None:
    """So many units over these lines, each up to its most, in their order; None where that is not enough."""
    shares = []
    for line, at_most in most:
        if share := min(units, at_most):
            shares.append((line, share))
            units -= share
    return shares if shares and not units else None
