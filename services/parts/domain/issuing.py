"""Issuing parts to a technician and taking unused ones back, each on a signed slip (Rule P3)."""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Aggregate, IdType, NotYetKnown, Work, document
from contracts.parts import issuing
from contracts.parts.events import PartsIssued, PartsReturned
from contracts.parts.issuing import IssueParts, ReturnParts
from contracts.shared import PartRequest
from services.parts.domain import tasks
from services.parts.domain.ledger import open_stock
from services.parts.domain.model import Base
from services.parts.domain.reservation import Reservation
from services.parts.domain.reserving import fill_shorts, known


class Slip(Aggregate, Base):
    """A signed issue slip (出库单) or return slip (退库单); it never changes."""

    __tablename__ = "slip"
    __table_args__ = (Index("slip_work_order", "dealer_id", "work_order_id"),)

    kind: Mapped[Literal["issue", "return"]] = mapped_column(String(6))
    work_order_id: Mapped[str] = mapped_column(IdType)
    technician: Mapped[str] = mapped_column(String(64))
    signature: Mapped[str] = mapped_column(String(120))
    lines: Mapped[list[dict[str, Any]]] = mapped_column(document)
    signed_at: Mapped[datetime]
    handed_by: Mapped[str] = mapped_column(String(64))

    def describe(self) -> issuing.Slip:
        """The slip as it was signed."""
        return issuing.Slip(
            id=self.id,
            version=self.version,
            kind=self.kind,
            work_order_id=self.work_order_id,
            technician=self.technician,
            signature=self.signature,
            lines=[PartRequest.load(line) for line in self.lines],
            signed_at=self.signed_at,
            handed_by=self.handed_by,
        )


def issue(work: Work, command: IssueParts) -> Slip:
    """Hand parts over: from the bin into work in progress, no more than the customer approved."""
    open_stock(work, ())
    reservation = _reservation(work, command.work_order_id)
    reservation.refuse_unless_open()
    stock = open_stock(work, reservation.numbers)
    slip = _slip(work, "issue", command, reservation)
    handed = []
    for line in command.lines:
        number = reservation.issue(line.line_id, line.quantity.units, stock, slip_id=slip.id).number
        handed.append(PartRequest(line_id=line.line_id, part_number=number, quantity=line.quantity))
    slip.lines = [line.dump() for line in handed]
    slip.announce(PartsIssued(slip_id=slip.id, work_order_id=slip.work_order_id, technician=slip.technician, lines=handed))
    work.add(slip)
    return slip


def take_back(work: Work, command: ReturnParts) -> Slip:
    """Take unused parts back: from work in progress into the bin. It may come after the delivery, and then settles the task."""
    open_stock(work, ())
    reservation = _reservation(work, command.work_order_id)
    stock = open_stock(work, reservation.numbers)
    slip = _slip(work, "return", command, reservation)
    handed = []
    for line in command.lines:
        back = reservation.take_back(line.line_id, line.quantity.units, stock, slip_id=slip.id)
        handed.append(PartRequest(line_id=line.line_id, part_number=back.number, quantity=line.quantity))
        if not back.issued_units:
            tasks.settle_surplus(work, command.work_order_id, line.line_id, back.number)
    slip.lines = [line.dump() for line in handed]
    slip.announce(PartsReturned(slip_id=slip.id, work_order_id=slip.work_order_id, lines=handed))
    work.add(slip)
    fill_shorts(work, stock, {line.part_number for line in handed})
    return slip


def _slip(work: Work, kind: Literal["issue", "return"], command: IssueParts | ReturnParts, reservation: Reservation) -> Slip:
    return Slip(
        kind=kind,
        work_order_id=command.work_order_id,
        technician=command.technician,
        signature=command.signature,
        signed_at=work.now,
        handed_by=work.actor,
        visit_id=reservation.visit_id,
    )


def _reservation(work: Work, work_order_id: str) -> Reservation:
    found = known(work, work_order_id=work_order_id)
    if found is None:
        raise NotYetKnown.reference("work_order_id", work_order_id)
    return found
