"""Issuing parts to a technician, and taking unused ones back."""

from chassis import Quantity, Refused, SignatureDocument, Work, staff_roles
from contracts.parts.issuing import Handing, IssueParts, ReturnParts, SlipKind
from contracts.roles import TECHNICIAN
from services.parts.catalogue.part import numbers_of
from services.parts.issuing.slip import Slip, SlipDocument, SlipLine
from services.parts.purchasing.supply import tell_crossed
from services.parts.reservation.finding import known_reservation
from services.parts.reservation.queue import share_out
from services.parts.reservation.reservation import Reservation
from services.parts.reservation.settling import settle
from services.parts.stock.stock import open_stock
from services.parts.task.task import settle_surplus


def issue(work: Work, command: IssueParts) -> Slip:
    """Issue parts: from the bin into work in progress."""
    _require_a_technician(work, command)
    open_stock(work)
    reservation = _reservation(work, command.work_order_id)
    reservation.refuse_unless_open()
    stock = open_stock(work, reservation.numbers)
    slip = _slip(work, "issue", command, reservation)
    _require_whole(work, reservation, command)
    handed = []
    for line in command.lines:
        for issued, units in reservation.issue(line.line_id, line.quantity.units, stock, slip_id=slip.id):
            handed.append(SlipLine(line_id=line.line_id, part_number=issued.number, quantity=Quantity(units)))
    _sign(work, slip, command, handed)
    work.add(slip)
    settle(work, reservation)
    tell_crossed(work)
    return slip


def take_back(work: Work, command: ReturnParts) -> Slip:
    """Take parts back into the bin. It may come after the delivery, and then settles the task of the surplus."""
    _require_a_technician(work, command)
    open_stock(work)
    reservation = _reservation(work, command.work_order_id)
    stock = open_stock(work, reservation.numbers)
    slip = _slip(work, "return", command, reservation)
    handed = []
    for line in command.lines:
        for back, units in reservation.take_back(line.line_id, line.quantity.units, stock, slip_id=slip.id):
            handed.append(SlipLine(line_id=line.line_id, part_number=back.number, quantity=Quantity(units)))
            if not back.issued_units:
                settle_surplus(work, command.work_order_id, line.line_id, back.number)
    _sign(work, slip, command, handed)
    work.add(slip)
    settle(work, reservation)
    share_out(work, stock, {line.part_number for line in handed})
    return slip


def _require_a_technician(work: Work, command: Handing) -> None:
    """Who signs a slip works at the dealer, and is who fits parts to cars."""
    if TECHNICIAN not in staff_roles(work, "technician", command.technician):
        raise Refused("not_a_technician", name=command.technician)


def _require_whole(work: Work, reservation: Reservation, command: Handing) -> None:
    """What is counted is handed out in whole ones. Raises Invalid naming the line."""
    catalogue = numbers_of(work, reservation.numbers)
    for place, asked in enumerate(command.lines):
        for number in {one.number for one in reservation.lines if one.line_id == asked.line_id}:
            catalogue.require_whole(f"lines.{place}.quantity", number, asked.quantity)


def _slip(work: Work, kind: SlipKind, command: Handing, reservation: Reservation) -> Slip:
    return Slip(
        kind=kind,
        work_order_id=command.work_order_id,
        technician=command.technician,
        handed_by=work.actor,
        visit_id=reservation.visit_id,
    )


def _sign(work: Work, slip: Slip, command: Handing, handed: list[SlipLine]) -> None:
    document = SlipDocument(kind=slip.kind, work_order_id=slip.work_order_id, technician=slip.technician, lines=handed)
    slip.sign(document, SignatureDocument.sign(work, command.signature, document, field="signature"))


def _reservation(work: Work, work_order_id: str) -> Reservation:
    found = known_reservation(work, work_order_id=work_order_id)
    if found is None:
        raise Refused("no_parts_wanted").so_far()
    return found
