"""Changing the dealer's payer parties."""

from chassis import Invalid, Work
from contracts.billing.party import SetPayerParties
from services.billing.account.share import CUSTOMER
from services.billing.party.settings import BillingSettings


def set_payer_parties(work: Work, command: SetPayerParties) -> BillingSettings:
    """Replace the parties. Raises Invalid for a payer named twice, and for the customer, whose party is the customer's file."""
    payers = [one.payer for one in command.parties]
    if len(set(payers)) != len(payers):
        raise Invalid.field("parties", "payer_named_twice")
    if CUSTOMER in payers:
        raise Invalid.field("parties", "customer_has_a_file")
    settings = work.edit_settings(BillingSettings)
    settings.set_parties(command.parties)
    return settings
