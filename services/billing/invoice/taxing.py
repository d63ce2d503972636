"""The dealer sets tax rates, and the tax authority gives invoices its numbers (Rules L1 and L2, docs/domain.md)."""

from chassis import Refused, Work
from chassis.wire.ahead import YEAR, require_within
from contracts.billing.invoice import AttachTaxNumber, SetTaxRate
from contracts.shared import TAX_NUMBER
from contracts.tax import rate_of
from services.billing.invoice.invoice import Invoice
from services.billing.invoice.tax_number import TaxNumber
from services.billing.invoice.tax_rate import TaxRate


def set_tax_rate(work: Work, command: SetTaxRate) -> TaxRate:
    """Set the rate from a day on, or replace the one that was seen. Raises Refused for a day that is over: it is billed."""
    require_within("effective_on", command.effective_on, work.profile.local(work.now).date(), days=5 * YEAR)
    if command.effective_on < work.profile.local(work.now).date():
        raise Refused("tax_rate_in_the_past", effective_on=command.effective_on.isoformat())
    work.advisory_lock("tax_rates")
    identity = TaxRate.identity(command.effective_on)
    tax_rate = work.edit_or_create(TaxRate, identity)
    if tax_rate is None:
        tax_rate = TaxRate(id=identity, effective_on=command.effective_on)
        work.add(tax_rate)
    tax_rate.set(rate_of(command.rate))
    return tax_rate


def attach_tax_number(work: Work, command: AttachTaxNumber) -> TaxNumber:
    """Attach the authority's number; the same again changes nothing. Raises Refused for a second number, or another invoice's."""
    invoice = work.get(Invoice, command.invoice_id)
    key = TAX_NUMBER.key(command.tax_number)
    number = {"tax_number": command.tax_number, "number_key": key, "attached_at": work.now, "attached_by": work.actor}
    work.insert_new(TaxNumber, {"id": invoice.id, **number})
    attached = work.find(TaxNumber, invoice.id)
    if attached is None:  # what was in the way is the same number of another invoice
        raise Refused("tax_number_used", tax_number=command.tax_number)
    if attached.number_key != key:
        raise Refused("tax_number_attached", tax_number=attached.tax_number)
    return attached
