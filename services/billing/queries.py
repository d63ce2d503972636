"""billing's windows: SQL in, plain answers out; no rules."""

from dataclasses import replace
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import defer

from chassis import NotFound, Work, page
from contracts.billing import gate_pass, task
from contracts.billing import invoice as invoice_contract
from contracts.billing.account import GetOrderAccount, ListPayments, Payments
from contracts.billing.invoice import InvoiceKind
from contracts.shared import Payer
from services.billing.domain.account import OrderAccount
from services.billing.domain.gate_pass import GatePass, pass_id
from services.billing.domain.invoice import Invoice, credit_note_id
from services.billing.domain.ledger import Payment
from services.billing.domain.task import BillingTask
from services.billing.domain.tax import DEFAULT_RATE, percent, rates
from services.billing.domain.tax_number import TaxNumber


def get_invoice(work: Work, query: invoice_contract.GetInvoice) -> invoice_contract.Invoice:
    """The document, with what became known of it later."""
    invoice = work.get(Invoice, query.invoice_id)
    number = work.find(TaxNumber, invoice.id)
    note = None
    if invoice.kind == "invoice":
        note = work.find(Invoice, credit_note_id(invoice.work_order_id, invoice.payer, invoice.revision))
    return replace(invoice.describe(), tax_number=number.tax_number if number else None, credited_by=note.id if note else None)


def list_invoices(work: Work, query: invoice_contract.ListInvoices) -> invoice_contract.Invoices:
    """Invoices and credit notes, the newest numbers first."""
    statement = select(Invoice).options(defer(Invoice.lines))
    if query.work_order_id is not None:
        statement = statement.where(Invoice.work_order_id == query.work_order_id)
    if query.payer is not None:
        statement = statement.where(Invoice.payer == query.payer)
    if query.day is not None:
        statement = statement.where(Invoice.issued_on == query.day)
    rows, next_cursor = page(
        work,
        statement,
        keys=(Invoice.year, Invoice.sequence_number, Invoice.id),
        cursor=query.cursor,
        limit=query.limit,
        filters=(query.work_order_id, query.payer, query.day),
    )
    return invoice_contract.Invoices(items=[_entry(one) for one in rows], next_cursor=next_cursor)


def find_delivery_invoices(work: Work, query: invoice_contract.FindDeliveryInvoices) -> invoice_contract.DeliveryInvoices:
    """Invoices and credit notes of some orders, without their lines."""
    rows = work.all(
        select(Invoice).options(defer(Invoice.lines)).where(Invoice.work_order_id.in_(query.work_order_ids)).order_by(Invoice.id)
    )
    return invoice_contract.DeliveryInvoices(
        items=[
            invoice_contract.DeliveryInvoice(
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


def get_order_account(work: Work, query: GetOrderAccount) -> OrderAccount:
    """What is owed and paid on one order."""
    return work.get(OrderAccount, query.work_order_id)


def list_payments(work: Work, query: ListPayments) -> Payments:
    """Payments, deposits and refunds, the newest first."""
    statement = select(Payment)
    if query.work_order_id is not None:
        statement = statement.where(Payment.account_id == query.work_order_id)
    if query.day is not None:
        statement = statement.where(Payment.received_on == query.day)
    rows, next_cursor = page(
        work,
        statement,
        keys=(Payment.id,),
        cursor=query.cursor,
        limit=query.limit,
        filters=(query.work_order_id, query.day),
    )
    return Payments(items=[one.describe() for one in rows], next_cursor=next_cursor)


def get_gate_pass(work: Work, query: gate_pass.GetGatePass) -> GatePass:
    """The pass of the newest billed delivery. Raises NotFound if there is none."""
    account = work.get(OrderAccount, query.work_order_id)
    found = work.find(GatePass, pass_id(account.id, account.revision))
    if found is None:
        raise NotFound("not_found", kind="gate_pass", id=query.work_order_id)
    return found


def list_tax_rates(work: Work, query: invoice_contract.ListTaxRates) -> invoice_contract.TaxRates:
    """The dealer's rates, the latest first."""
    return invoice_contract.TaxRates(items=[one.describe() for one in rates(work)], default=percent(DEFAULT_RATE))


def list_billing_tasks(work: Work, query: task.ListBillingTasks) -> task.BillingTasks:
    """Open tasks, or all of them, grouped by order and revision, the highest first."""
    statement = select(BillingTask)
    if not query.completed:
        statement = statement.where(BillingTask.completed_at.is_(None))
    rows, next_cursor = page(
        work, statement, keys=(BillingTask.id,), cursor=query.cursor, limit=query.limit, filters=(query.completed,)
    )
    return task.BillingTasks(items=[one.describe() for one in rows], next_cursor=next_cursor)


def _entry(invoice: Invoice) -> invoice_contract.InvoiceEntry:
    return invoice_contract.InvoiceEntry(
        id=invoice.id,
        kind=cast(InvoiceKind, invoice.kind),
        number=invoice.number,
        work_order_id=invoice.work_order_id,
        revision=invoice.revision,
        payer=cast(Payer, invoice.payer),
        issued_at=invoice.issued_at,
        total=invoice.total,
    )
