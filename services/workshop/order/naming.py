"""Naming the parties behind an order's payers; billing makes their invoices out to them (Rules W4, L1)."""

from chassis import Work
from contracts.shared import PayerParty
from contracts.workshop.order import NamePayer, UnnamePayer
from services.workshop.order.work_order import WorkOrder


def name_payer(work: Work, command: NamePayer) -> WorkOrder:
    """Name the party behind a payer, until the order is delivered."""
    order = work.edit(WorkOrder, command.work_order_id)
    order.name_payer(PayerParty(payer=command.payer, party=command.party, claim_number=command.claim_number))
    return order


def unname_payer(work: Work, command: UnnamePayer) -> WorkOrder:
    """Take the party back; a payer that has none stays so."""
    order = work.edit(WorkOrder, command.work_order_id)
    order.unname_payer(command.payer)
    return order
