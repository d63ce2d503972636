"""Undoing the deduction of a delivery that was reversed."""

from chassis import NotYet, Work
from contracts.workshop.events import DeliveryReversed
from services.parts.deduction.deduction import Deduction
from services.parts.purchasing.supply import tell_crossed
from services.parts.reservation.finding import known_reservation
from services.parts.reservation.settling import settle
from services.parts.stock.ledger import worth_of_deducted
from services.parts.stock.stock import open_stock
from services.parts.task.task import withdraw


def undo(work: Work, event: DeliveryReversed) -> None:
    """Give back what a reversed delivery took: the parts are still on the car, so they are work in progress again."""
    open_stock(work)
    identity = Deduction.id_for(event.work_order_id, event.revision)
    if work.find(Deduction, identity) is None:
        raise NotYet(f"delivery {event.revision} of {event.work_order_id} is not deducted yet", waits_for=event.work_order_id)
    deduction = work.edit(Deduction, identity)
    if deduction.undone_at is not None:
        return
    reservation = known_reservation(work, work_order_id=event.work_order_id)
    assert reservation is not None, "deducting made it"
    lines = deduction.lines.items
    stock = open_stock(work, reservation.numbers | {line.part_number for line in lines})
    worth = worth_of_deducted(work, deduction.id)
    for line in lines:
        deduction.give_back(line, reservation, stock, worth)
    reservation.reopen(stock)
    settle(work, reservation)
    withdraw(work, event.work_order_id, event.revision)
    deduction.undo(at=work.now)
    tell_crossed(work)
