"""Whom an invoice is made out to (Rule L1, docs/domain.md)."""

from chassis import Work
from contracts.shared import Party, Payer, PayerParty
from contracts.workshop.events import WorkOrderDelivered
from locales import sentence
from services.billing.account.share import CUSTOMER
from services.billing.party.settings import BillingSettings

THE_DEALER: frozenset[Payer] = frozenset({"internal", "goodwill"})


def buyer(work: Work, event: WorkOrderDelivered, payer: Payer) -> PayerParty:
    """The party behind a payer, with its number of the claim: as the order names it, else customer, or the dealer's setting.

    What the dealer pays itself is the dealer's, whatever the settings leave out; another payer without a party is called by
    what it is, in the dealer's language. A claim is one order's: only the order knows its number.
    """
    named = next((one for one in event.payer_parties or () if one.payer == payer), None)
    return named or PayerParty(payer=payer, party=_usual_party(work, event, payer))


def _usual_party(work: Work, event: WorkOrderDelivered, payer: Payer) -> Party:
    if payer == CUSTOMER:
        customer = event.customer
        return Party(name=customer.name, address=customer.address, tax_number=customer.tax_number)
    settings = work.find(BillingSettings, BillingSettings.identity(work.dealer))
    usual = None if settings is None else settings.party(payer)
    profile = work.profile
    return usual or Party(name=profile.name if payer in THE_DEALER else sentence(f"buyer.{payer}", profile.locale))
