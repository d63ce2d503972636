"""Whom an invoice is made out to (Rule L1, docs/domain.md)."""

from chassis import Work
from contracts.shared import Party, Payer
from contracts.workshop.events import WorkOrderDelivered
from services.billing.account.share import CUSTOMER
from services.billing.party.settings import BillingSettings


def buyer(work: Work, event: WorkOrderDelivered, payer: Payer) -> Party:
    """The party behind a payer: the one the order names, else the customer, or the dealer's setting for other payers.

    A payer of whom nobody has said a party is named by its code.
    """
    for one in event.payer_parties or ():
        if one.payer == payer:
            return one.party
    if payer == CUSTOMER:
        customer = event.customer
        return Party(name=customer.name, address=customer.address, tax_number=customer.tax_number)
    settings = work.find(BillingSettings, BillingSettings.identity(work.dealer))
    return (None if settings is None else settings.party(payer)) or Party(name=payer)
