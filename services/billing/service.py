"""billing's door: each method hands one validated message to a use case or a window."""

from chassis import Service, command, keep_dealer, query, subscribe
from contracts.billing.account import (
    ApproveDeposit,
    GetOrderAccount,
    ListPayments,
    RecordAuthorisation,
    RecordPayment,
    RefundPayment,
    TakeDeposit,
)
from contracts.billing.gate_pass import GetGatePass, IssueGatePass, UseGatePass
from contracts.billing.invoice import AttachTaxNumber, FindDeliveryInvoices, GetInvoice, ListInvoices, ListTaxRates, SetTaxRate
from contracts.billing.task import CompleteBillingTask, ListBillingTasks
from contracts.gateway.events import DealerRecorded
from contracts.workshop.events import DeliveryReversed, WorkOrderDelivered
from services.billing import queries
from services.billing.domain import cashier, gate_pass, issuing, task, tax, tax_number


class BillingService(Service):
    """Invoices, accounts and gate passes."""

    name = "billing"

    record_payment = command(RecordPayment, cashier.record_payment)
    take_deposit = command(TakeDeposit, cashier.take_deposit)
    refund_payment = command(RefundPayment, cashier.refund_payment)
    record_authorisation = command(RecordAuthorisation, cashier.record_authorisation)
    approve_deposit = command(ApproveDeposit, cashier.approve_deposit)
    issue_gate_pass = command(IssueGatePass, gate_pass.issue)
    use_gate_pass = command(UseGatePass, gate_pass.use)
    attach_tax_number = command(AttachTaxNumber, tax_number.attach)
    set_tax_rate = command(SetTaxRate, tax.set_rate)
    complete_billing_task = command(CompleteBillingTask, task.complete)
    get_invoice = query(GetInvoice, queries.get_invoice)
    list_invoices = query(ListInvoices, queries.list_invoices)
    find_delivery_invoices = query(FindDeliveryInvoices, queries.find_delivery_invoices)
    get_order_account = query(GetOrderAccount, queries.get_order_account)
    list_payments = query(ListPayments, queries.list_payments)
    get_gate_pass = query(GetGatePass, queries.get_gate_pass)
    list_tax_rates = query(ListTaxRates, queries.list_tax_rates)
    list_billing_tasks = query(ListBillingTasks, queries.list_billing_tasks)
    record_dealer = subscribe(DealerRecorded, keep_dealer(), any_dealer=True)
    issue_invoices = subscribe(WorkOrderDelivered, issuing.issue_invoices, prefetch=issuing.prefetch)
    credit_invoices = subscribe(DeliveryReversed, issuing.credit_invoices)
