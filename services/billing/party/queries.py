"""The dealer's payer parties."""

from chassis import Work
from contracts.billing.party import GetPayerParties
from services.billing.party.settings import BillingSettings


def get_payer_parties(work: Work, query: GetPayerParties) -> BillingSettings:
    """The dealer's parties."""
    return work.settings(BillingSettings)
