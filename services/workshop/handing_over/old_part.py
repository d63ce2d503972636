"""Old parts that come back for their core charge (旧件押金, Rule P1), before the delivery or after it."""

from chassis import Money, Quantity, Refused
from contracts.workshop.core_charge import CoreCredit
from contracts.workshop.events import OldPartReceived
from services.workshop.order.core_charge import receive, with_core_charges
from services.workshop.order.status import Status, Transition
from services.workshop.order.work_order import WorkOrder


def receive_old_part(order: WorkOrder, line_id: str, quantity: Quantity) -> None:
    """The line's core charge is for so much less from now on; what was billed of it, billing is told to credit.

    A reversal needs no care: the line keeps what came back, and the next delivery bills the rest (docs/decisions/0029).
    """
    order.require(Transition.RECEIVE_OLD_PART)
    part = order.line(line_id)
    part.require_approved()
    cores = with_core_charges([part], order.lines)[1:]
    if not cores:
        raise Refused("no_core_charge", line=part.number)
    [core] = cores
    before = receive(core, part, quantity, order.currency)
    if order.status in (Status.DELIVERED, Status.CLOSED):
        order.announce(
            OldPartReceived(
                work_order_id=order.id,
                revision=order.revision,
                line_id=core.id,
                line_number=core.number,
                quantity=quantity,
                returned=Quantity(core.returned_units),
                credits=[
                    CoreCredit(
                        payer=old["payer"], before=Money(old["minor"], order.currency), after=Money(new["minor"], order.currency)
                    )
                    for old, new in zip(before, core.shares, strict=True)
                ],
            )
        )
