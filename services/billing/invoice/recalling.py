"""Recalling the numbers of documents that were told, once the database was restored from a backup (Rule L2, docs/domain.md).

The number is on paper, so it is no other document's any more. What caused the document comes again from workshop, and it is
issued as it was (number_series.issue_of).
"""

from typing import cast

from chassis import Work
from contracts.billing.events import InvoiceCredited, InvoiceIssued
from services.billing.invoice.invoice import Invoice
from services.billing.invoice.number_series import RecalledNumber, Series, lock_series


def recall_number(work: Work, event: InvoiceIssued | InvoiceCredited) -> None:
    """Keep the number for its document; nothing happens once that is there again."""
    if work.find(Invoice, event.invoice_id) is not None or work.find(RecalledNumber, event.invoice_id) is not None:
        return
    series, year, count = event.number.split("-")
    for counted_in in sorted({int(year), work.profile.local(work.now).year}):
        numbers = lock_series(work, cast(Series, series), counted_in)
        numbers.recalls = True
        if counted_in == int(year):
            numbers.last = max(numbers.last, int(count))
    told = RecalledNumber(
        id=event.invoice_id, series=series, year=int(year), sequence_number=int(count), issued_at=work.happened_at
    )
    work.add(told)
