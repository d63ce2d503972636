"""The dealer sets tax rates, and the tax authority gives invoices its numbers (Rules L1 and L2, docs/domain.md)."""

from chassis import Refused, Work, derived_id
from contracts.billing import invoice as contract
from contracts.billing.invoice import AttachTaxNumber, SetTaxRate
from services.billing.invoice.invoice import Invoice
from services.billing.invoice.tax import percent, rate_of
from services.billing.invoice.tax_number import TaxNumber
from services.billing.invoice.tax_rate import TaxRate


def set_tax_rate(work: Work, command: SetTaxRate) -> contract.TaxRate:
    """Set the rate from a day on. Raises Refused for a day that is over: its deliveries are billed already."""
    if command.effective_on < work.profile.local(work.now).date():
        raise Refused("tax_rate_in_the_past", effective_on=command.effective_on.isoformat())
    rate, identity = rate_of(command.rate), derived_id("tax_rate", command.effective_on)
    work.overwrite(TaxRate, {"id": identity, "effective_on": command.effective_on, "rate": rate})
    return contract.TaxRate(effective_on=command.effective_on, rate=percent(rate))


def attach_tax_number(work: Work, command: AttachTaxNumber) -> TaxNumber:
    """Attach the authority's number; the same again changes nothing. Raises Refused for a second number, or another invoice's."""
    invoice = work.get(Invoice, command.invoice_id)
    number = {"tax_number": command.tax_number, "attached_at": work.now, "attached_by": work.actor}
    work.insert_new(TaxNumber, {"id": invoice.id, **number})
    attached = work.find(TaxNumber, invoice.id)
    if attached is None:  # what was in the way is the same number of another invoice
        raise Refused("tax_number_used", tax_number=command.tax_number)
    if attached.tax_number != command.tax_number:
        raise Refused("tax_number_attached", tax_number=attached.tax_number)
    return attached
