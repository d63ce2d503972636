"""The deduction: what one delivery took off stock."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Aggregate, Document, IdType, Quantity, derived_id, stored
from chassis.wire import Part
from contracts.parts import deduction
from contracts.parts.events import DeductedPart, DeductionUndone, StockDeducted
from contracts.parts.stock import Location
from contracts.parts.task import TaskKind
from contracts.workshop.events import WorkOrderDelivered
from services.parts.deduction.installed import Installed
from services.parts.model import Base
from services.parts.reservation.reservation import Reservation
from services.parts.stock.ledger import Worth
from services.parts.stock.move import Origin
from services.parts.stock.stock import Stock
from services.parts.task.task import PartsTask


class DeductedLine(Part):
    """One part of a deduction as it is stored, with the stock before and after, and what was missing."""

    line_id: str
    part_number: str
    quantity: Quantity
    on_hand_before: Quantity
    on_hand_after: Quantity
    short: Quantity


class DeductionLines(Document):
    """The lines of a deduction as they are stored."""

    items: list[DeductedLine]


class Deduction(Aggregate, Base):
    """What one delivery of a work order took off stock. Its id follows from order and revision: it cannot be there twice."""

    __tablename__ = "deduction"
    __table_args__ = (UniqueConstraint("dealer_id", "work_order_id", "revision", name="deduction_delivery_key"),)

    work_order_id: Mapped[str] = mapped_column(IdType)
    revision: Mapped[int]
    lines: Mapped[DeductionLines] = mapped_column(stored(DeductionLines))
    deducted_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]

    @staticmethod
    def id_for(work_order_id: str, revision: int) -> str:
        """The id of the deduction of one delivery."""
        return derived_id("deduction", work_order_id, revision)

    @property
    def deducted(self) -> list[DeductedPart]:
        """Its lines as answers and events show them."""
        return [
            DeductedPart(
                line_id=line.line_id,
                part_number=line.part_number,
                quantity=line.quantity,
                on_hand_before=line.on_hand_before,
                on_hand_after=line.on_hand_after,
                short=line.short,
            )
            for line in self.lines.items
        ]

    def book(self, lines: list[DeductedLine]) -> None:
        """This is what the delivery took off stock."""
        self.lines = DeductionLines(items=lines)
        self.announce(
            StockDeducted(
                work_order_id=self.work_order_id,
                revision=self.revision,
                deductions=self.deducted,
                deducted_at=self.deducted_at,
            )
        )

    def undo(self, *, at: datetime) -> None:
        """The delivery was reversed, and everything is given back."""
        self.undone_at = at
        self.announce(DeductionUndone(work_order_id=self.work_order_id, revision=self.revision))

    def take_off(self, installed: Installed, reservation: Reservation, stock: Stock) -> list[DeductedLine]:
        """One part goes to the customer: what was issued for the order first, then from the bin, the rest from discrepancy.

        It is the part that was set aside for the line, not always the one the line names; two, where one superseded the other
        while the line was worked on.
        """
        numbers = [line.number for line in reservation.lines_of(installed.line_id, installed.asked_for)] or [installed.asked_for]
        left, lines = installed.units, []
        for number in numbers:
            before = stock.on_hand(number)
            issued = reservation.use_issued(installed.line_id, number, left)
            beyond = left - issued if number == numbers[-1] else 0
            binned = min(beyond, stock.balance(number, "bin").quantity_units)
            sources: tuple[tuple[Location, int], ...] = (("wip", issued), ("bin", binned), ("discrepancy", beyond - binned))
            for source, units in sources:
                if units:
                    stock.move("deducted", number, units, source, "customer", origin=self._origin(installed.line_id))
            left -= issued
            if issued or beyond:
                lines.append(
                    DeductedLine(
                        line_id=installed.line_id,
                        part_number=number,
                        quantity=Quantity(issued + beyond),
                        on_hand_before=Quantity(before),
                        on_hand_after=Quantity(stock.on_hand(number)),
                        short=Quantity(beyond - binned),
                    )
                )
        return lines

    def give_back(self, line: DeductedLine, reservation: Reservation, stock: Stock, worth: Worth) -> None:
        """One part of a reversed delivery is work in progress again, at what it cost; what nobody explained is owed no more."""
        explained, short = (line.quantity - line.short).units, line.short.units
        if explained:
            reservation.put_in_work(line.line_id, line.part_number, explained)
        targets: tuple[tuple[Location, int], ...] = (("wip", explained), ("discrepancy", short))
        for target, units in targets:
            if units:
                value = worth[line.line_id, line.part_number, target == "discrepancy"]
                origin = self._origin(line.line_id)
                stock.move("undone", line.part_number, units, "customer", target, origin=origin, value=value)

    def task(self, kind: TaskKind, delivery: WorkOrderDelivered, line_id: str, number: str, units: int) -> PartsTask:
        """What the parts desk must look into because of this deduction."""
        return PartsTask(
            kind=kind,
            state="open",
            work_order_id=self.work_order_id,
            order_number=delivery.number,
            plate=delivery.vehicle.plate,
            revision=self.revision,
            line_id=line_id,
            part_number=number,
            quantity_units=units,
            opened_at=self.deducted_at,
            visit_id=self.visit_id,
        )

    def _origin(self, line_id: str) -> Origin:
        return Origin(self.id, work_order_id=self.work_order_id, line_id=line_id)

    def describe(self) -> deduction.Deduction:
        """The deduction with the stock before and after."""
        return deduction.Deduction(
            id=self.id,
            version=self.version,
            work_order_id=self.work_order_id,
            revision=self.revision,
            lines=self.deducted,
            deducted_at=self.deducted_at,
            undone_at=self.undone_at,
        )
