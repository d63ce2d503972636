"""Queries of invoices and tax rates."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, cast

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import defer

from chassis import Work, has_piece, matching, newest_of, page
from chassis.wire.keys import bare
from chassis.wire.searching import numbers_meant
from contracts.billing import invoice as contract
from contracts.billing.daily_report import GetRevenueDay, RevenueDay
from contracts.billing.invoice import InvoiceKind
from contracts.billing.searching import FoundInvoices, SearchInvoices
from contracts.shared import Payer
from contracts.tax import DEFAULT_RATE, percent
from services.billing.account.order_account import OrderAccount
from services.billing.invoice.daily_report import revenue_day
from services.billing.invoice.invoice import Invoice, credit_note_id
from services.billing.invoice.number_series import CREDIT_NOTE, INVOICE, NumberSeries
from services.billing.invoice.tax_number import TaxNumber
from services.billing.invoice.tax_rate import TaxRate


def get_invoice(work: Work, query: contract.GetInvoice) -> contract.Invoice:
    """The document, with what became known of it later."""
    invoice = work.get(Invoice, query.invoice_id)
    number = work.find(TaxNumber, invoice.id)
    note = None
    if invoice.kind == "invoice":
        note = work.find(Invoice, credit_note_id(invoice.work_order_id, invoice.payer, invoice.revision))
    return replace(invoice.describe(), tax_number=number.tax_number if number else None, credited_by=note.id if note else None)


def list_invoices(work: Work, query: contract.ListInvoices) -> contract.Invoices:
    """Invoices and credit notes, the newest numbers first."""
    statement = (
        select(Invoice)
        .options(defer(Invoice.document))
        .where(*matching((Invoice.work_order_id, query.work_order_id), (Invoice.payer, query.payer)))
        .where(*work.profile.on_days(Invoice.issued_on, query.from_day, query.to_day))
    )
    if query.number is not None:
        statement = statement.where(has_piece(Invoice.number, query.number))
    rows, next_cursor = page(work, statement, query, keys=[Invoice.year, Invoice.sequence_number, Invoice.id])
    return contract.Invoices(items=_entries(work, rows), next_cursor=next_cursor)


def get_revenue_day(work: Work, query: GetRevenueDay) -> RevenueDay:
    """Summed in the database."""
    return revenue_day(work, query.day)


def find_delivery_invoices(work: Work, query: contract.FindDeliveryInvoices) -> contract.DeliveryInvoices:
    """Invoices and credit notes of some orders, without their documents."""
    rows = work.all(
        select(Invoice)
        .options(defer(Invoice.document))
        .where(Invoice.work_order_id.in_(query.work_order_ids))
        .order_by(Invoice.id)
    )
    return contract.DeliveryInvoices(
        items=[
            contract.DeliveryInvoice(
                id=one.id,
                kind=cast(InvoiceKind, one.kind),
                work_order_id=one.work_order_id,
                revision=one.revision,
                payer=cast(Payer, one.payer),
                credits=one.credits,
                total=one.total,
            )
            for one in rows
        ]
    )


def get_tax_rate(work: Work, query: contract.GetTaxRate) -> TaxRate:
    """The rate from this day on."""
    return work.get(TaxRate, TaxRate.identity(query.effective_on))


def list_tax_rates(work: Work, query: contract.ListTaxRates) -> contract.TaxRates:
    """The dealer's rates, the latest first."""
    rates = work.all(select(TaxRate).order_by(TaxRate.effective_on.desc()))
    return contract.TaxRates(items=[one.describe() for one in rates], default=percent(DEFAULT_RATE))


def _entries(work: Work, invoices: Sequence[Invoice]) -> list[contract.InvoiceEntry]:
    """The invoices, each with what people know its order by."""
    names = OrderAccount.work_order_number, OrderAccount.customer_name, OrderAccount.plate
    asked = OrderAccount.id.in_([one.work_order_id for one in invoices])
    named = {row.id: row for row in work.execute(select(OrderAccount.id, *names).where(asked))}
    return [_entry(one, named[one.work_order_id]) for one in invoices]


def _entry(invoice: Invoice, account: Any) -> contract.InvoiceEntry:
    return contract.InvoiceEntry(
        id=invoice.id,
        kind=cast(InvoiceKind, invoice.kind),
        number=invoice.number,
        work_order_id=invoice.work_order_id,
        revision=invoice.revision,
        payer=cast(Payer, invoice.payer),
        issued_at=invoice.issued_at,
        total=invoice.total,
        work_order_number=account.work_order_number,
        customer_name=account.customer_name,
        plate=account.plate,
    )


def search_invoices(work: Work, query: SearchInvoices) -> FoundInvoices:
    """By number, whole, from its beginning or by its last digits; and of orders that others have found."""
    of_orders = matching((Invoice.work_order_id, query.work_order_ids))
    rows = newest_of(work, Invoice, *_numbered(work, bare(query.search)), of_orders, by=Invoice.issued_at, most=query.limit)
    return FoundInvoices(items=_entries(work, rows))


def _numbered(work: Work, typed: str) -> Iterator[list[ColumnElement[bool]]]:
    for series in (INVOICE, CREDIT_NOTE):
        meant = numbers_meant(typed, series) if typed else None
        if meant is not None:
            years = NumberSeries.year.between(*meant.years) if meant.years else NumberSeries.year.is_not(None)
            counted = work.all(select(NumberSeries.year).where(NumberSeries.series == series, years))
            # Year by year: each is a look into the index of numbers.
            yield from (
                [Invoice.series == series, Invoice.year == year, Invoice.sequence_number.between(*meant.counts)]
                for year in counted
            )
