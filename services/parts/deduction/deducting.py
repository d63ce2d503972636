"""Deducting what a delivery installed."""

from chassis import NotYet, Prefetch, Work
from contracts.workshop.events import WorkOrderDelivered
from services.parts.deduction.deduction import Deduction
from services.parts.deduction.installed import installed_numbers, installed_parts
from services.parts.reservation.finding import reservation_for
from services.parts.reservation.queue import share_out
from services.parts.reservation.reservation import Reservation
from services.parts.reservation.settling import settle
from services.parts.stock.balance import Balances
from services.parts.stock.stock import open_stock


def prefetch(batch: Prefetch[WorkOrderDelivered]) -> None:
    """Everything but the tasks, under the stock locks of all dealers of the batch."""
    batch.advisory_locks("stock")
    batch.rows(Deduction, [(dealer, Deduction.id_for(event.work_order_id, event.revision)) for dealer, event in batch.received])
    orders = [(dealer, Reservation.id_for(work_order_id=event.work_order_id)) for dealer, event in batch.received]
    found = batch.rows(Reservation, orders, lock=True)
    reserved = {(one.dealer_id, number) for one in found for number in one.numbers}
    installed = {(dealer, number) for dealer, event in batch.received for number in installed_numbers(event)}
    batch.shared(Balances).load(reserved | installed, batch.all)


def deduct(work: Work, event: WorkOrderDelivered) -> None:
    """Take a delivered order's installed parts off stock; the deduction of this revision may be there already."""
    identity = Deduction.id_for(event.work_order_id, event.revision)
    installed = list(installed_parts(event))
    open_stock(work)
    if work.find(Deduction, identity) is not None:
        return
    _wait_for_reversal(work, event)
    reservation = reservation_for(work, work_order_id=event.work_order_id)
    stock = open_stock(work, reservation.numbers | {one.asked_for for one in installed})
    freed = reservation.deliver(stock)
    deduction = Deduction(
        id=identity,
        work_order_id=event.work_order_id,
        revision=event.revision,
        deducted_at=work.now,
        visit_id=work.cause.correlationid if work.cause else None,
    )
    lines = [line for one in installed for line in deduction.take_off(one, reservation, stock)]
    deduction.book(lines)
    work.add(deduction)
    for line in lines:
        if line.short.units:
            work.add(deduction.task("shortage", event, line.line_id, line.part_number, line.short.units))
    for reserved in reservation.lines:
        if reserved.issued_units:
            work.add(deduction.task("return_surplus", event, reserved.line_id, reserved.number, reserved.issued_units))
    settle(work, reservation)
    share_out(work, stock, freed, taken={line.part_number for line in lines})


def _wait_for_reversal(work: Work, event: WorkOrderDelivered) -> None:
    """A later delivery deducts what the reversal of the one before has given back."""
    if event.revision > 1:
        before = work.find(Deduction, Deduction.id_for(event.work_order_id, event.revision - 1))
        if before is None or before.undone_at is None:
            reason = f"delivery {event.revision - 1} of {event.work_order_id} is not reversed yet"
            raise NotYet(reason, waits_for=event.work_order_id)
