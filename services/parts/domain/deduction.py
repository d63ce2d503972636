"""What a delivery takes off stock, once per revision, and how its reversal gives it back (Rules P3, W15).

A delivered line is a fact: the part is on the car. It is never refused; what the records cannot explain is a discrepancy.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, joinedload, mapped_column

from chassis import Aggregate, IdType, Invalid, NotYet, Prefetch, Quantity, Work, derived_id, document
from contracts.parts import deduction as deduction_contract
from contracts.parts.events import Deduction as DeductedPart
from contracts.parts.events import DeductionUndone, StockDeducted
from contracts.parts.stock import Location
from contracts.parts.task import TaskKind
from contracts.workshop.events import DeliveryReversed, WorkOrderDelivered
from services.parts.domain import tasks
from services.parts.domain.ledger import Origin, Stock, load_balances, open_stock
from services.parts.domain.model import Base, normalised, pass_gates
from services.parts.domain.reservation import Reservation
from services.parts.domain.reserving import delivered_unseen, fill_shorts, known
from services.parts.domain.tasks import PartsTask


@dataclass(frozen=True)
class Installed:
    """A part that is on the car: so much of it, for one line of the order, under the number the line names."""

    line_id: str
    asked_for: str
    units: int


class Deduction(Aggregate, Base):
    """What one delivery of a work order took off stock. Its id follows from order and revision: it cannot be there twice."""

    __tablename__ = "deduction"
    __table_args__ = (UniqueConstraint("dealer_id", "work_order_id", "revision", name="deduction_delivery_key"),)

    work_order_id: Mapped[str] = mapped_column(IdType)
    revision: Mapped[int]
    lines: Mapped[list[dict[str, Any]]] = mapped_column(document)
    deducted_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]

    @staticmethod
    def id_for(work_order_id: str, revision: int) -> str:
        """The id of the deduction of one delivery."""
        return derived_id("deduction", work_order_id, revision)

    @property
    def parts(self) -> list[DeductedPart]:
        """What was deducted, part by part."""
        return [DeductedPart.load(line) for line in self.lines]

    def take_off(self, installed: Installed, reservation: Reservation, stock: Stock) -> DeductedPart:
        """One part goes to the customer: what was issued for the order first, then from the bin, the rest from discrepancy."""
        line = reservation.line_of(installed.line_id, installed.asked_for)
        number = line.number if line else installed.asked_for
        before = stock.on_hand(number)
        issued = reservation.use_issued(installed.line_id, number, installed.units)
        binned = min(installed.units - issued, stock.balance(number, "bin").quantity_units)
        short = installed.units - issued - binned
        sources: tuple[tuple[Location, int], ...] = (("wip", issued), ("bin", binned), ("discrepancy", short))
        for source, units in sources:
            if units:
                stock.move("deducted", number, units, source, "customer", origin=self._origin(installed.line_id))
        return DeductedPart(
            line_id=installed.line_id,
            part_number=number,
            quantity=Quantity(installed.units),
            on_hand_before=Quantity(before),
            on_hand_after=Quantity(stock.on_hand(number)),
            short=Quantity(short),
        )

    def give_back(self, part: DeductedPart, reservation: Reservation, stock: Stock) -> None:
        """One part of a reversed delivery is work in progress again; what no record explained is owed no more."""
        explained = (part.quantity - part.short).units
        if explained:
            reservation.put_in_work(part.line_id, part.part_number, explained)
            stock.move("undone", part.part_number, explained, "customer", "wip", origin=self._origin(part.line_id))
        if part.short.units:
            stock.move("undone", part.part_number, part.short.units, "customer", "discrepancy", origin=self._origin(part.line_id))

    def task(self, kind: TaskKind, line_id: str, number: str, units: int) -> PartsTask:
        """What the parts desk must look into because of this deduction."""
        return PartsTask(
            kind=kind,
            state="open",
            work_order_id=self.work_order_id,
            revision=self.revision,
            line_id=line_id,
            part_number=number,
            quantity_units=units,
            opened_at=self.deducted_at,
            visit_id=self.visit_id,
        )

    def _origin(self, line_id: str) -> Origin:
        return Origin(self.id, work_order_id=self.work_order_id, line_id=line_id)

    def describe(self) -> deduction_contract.Deduction:
        """The deduction with the stock before and after."""
        return deduction_contract.Deduction(
            id=self.id,
            version=self.version,
            work_order_id=self.work_order_id,
            revision=self.revision,
            lines=self.parts,
            deducted_at=self.deducted_at,
            undone_at=self.undone_at,
        )


def prefetch(batch: Prefetch[WorkOrderDelivered]) -> None:
    """What deducting a batch looks at, behind the gates of all its dealers."""
    pass_gates(batch.session, "stock", batch.dealers)
    batch.rows(Deduction, [(dealer, Deduction.id_for(fact.work_order_id, fact.revision)) for dealer, fact in batch.received])
    orders = [(dealer, Reservation.id_for(work_order_id=fact.work_order_id)) for dealer, fact in batch.received]
    # Joined, because behind the gate nobody changes the lines while a lock is waited for.
    found = batch.rows(Reservation, orders, lock=True, options=[joinedload(Reservation.lines)])
    reserved = {(one.dealer_id, number) for one in found for number in one.numbers}
    installed = {(dealer, number) for dealer, fact in batch.received for number in _numbers(fact)}
    load_balances(batch.session, reserved | installed)


def deduct(work: Work, fact: WorkOrderDelivered) -> None:
    """Take a delivered order's installed parts off stock; the deduction of this revision may be there already."""
    identity = Deduction.id_for(fact.work_order_id, fact.revision)
    installed = list(installed_parts(fact))
    open_stock(work, ())
    if work.find(Deduction, identity) is not None:
        return
    _wait_for_reversal(work, fact)
    reservation = known(work, work_order_id=fact.work_order_id) or delivered_unseen(work, fact.work_order_id)
    stock = open_stock(work, reservation.numbers | {one.asked_for for one in installed})
    freed = reservation.deliver(stock)
    deduction = Deduction(
        id=identity,
        work_order_id=fact.work_order_id,
        revision=fact.revision,
        deducted_at=work.now,
        visit_id=work.cause.correlationid if work.cause else None,
    )
    parts = [deduction.take_off(one, reservation, stock) for one in installed]
    deduction.lines = [part.dump() for part in parts]
    deduction.announce(
        StockDeducted(work_order_id=fact.work_order_id, revision=fact.revision, deductions=parts, deducted_at=work.now)
    )
    work.add(deduction)
    for part in parts:
        if part.short.units:
            work.add(deduction.task("shortage", part.line_id, part.part_number, part.short.units))
    for line in reservation.lines:
        if line.issued_units:
            work.add(deduction.task("return_surplus", line.line_id, line.number, line.issued_units))
    fill_shorts(work, stock, freed)


def undo(work: Work, fact: DeliveryReversed) -> None:
    """Give back what a reversed delivery took: the parts are still on the car, so they are work in progress again."""
    open_stock(work, ())
    identity = Deduction.id_for(fact.work_order_id, fact.revision)
    if work.find(Deduction, identity) is None:
        raise NotYet(f"delivery {fact.revision} of {fact.work_order_id} is not deducted yet")
    deduction = work.edit(Deduction, identity)
    if deduction.undone_at is not None:
        return
    reservation = known(work, work_order_id=fact.work_order_id)
    assert reservation is not None, "deducting made it"
    parts = deduction.parts
    stock = open_stock(work, reservation.numbers | {part.part_number for part in parts})
    for part in parts:
        deduction.give_back(part, reservation, stock)
    reservation.reopen(stock)
    tasks.withdraw(work, fact.work_order_id, fact.revision)
    deduction.undone_at = work.now
    deduction.announce(DeductionUndone(work_order_id=fact.work_order_id, revision=fact.revision))


def installed_parts(fact: WorkOrderDelivered) -> Iterator[Installed]:
    """The part lines of a delivered order. Raises Invalid for a line that breaks the contract: no part number, no quantity."""
    for line in fact.lines:
        if line.kind != "part":
            continue
        if line.quantity is None or line.quantity.units < 0:
            raise Invalid.fields({f"lines.{line.number}.quantity": ["A part line needs a quantity that is not negative."]})
        if line.quantity.units:
            yield Installed(line.line_id, normalised(line.part_number), line.quantity.units)


def _numbers(fact: WorkOrderDelivered) -> set[str]:
    try:
        return {part.asked_for for part in installed_parts(fact)}
    except Invalid:
        return set()  # refused when its turn comes


def _wait_for_reversal(work: Work, fact: WorkOrderDelivered) -> None:
    """A later delivery deducts what the reversal of the one before has given back."""
    if fact.revision > 1:
        before = work.find(Deduction, Deduction.id_for(fact.work_order_id, fact.revision - 1))
        if before is None or before.undone_at is None:
            raise NotYet(f"delivery {fact.revision - 1} of {fact.work_order_id} is not reversed yet")
