"""billing's door: each method hands one validated message to a use case or a window."""

from chassis import Service, command, keep_dealer, query, subscribe
from contracts.billing import commands as c
from contracts.billing import queries as q
from contracts.gateway.events import DealerRecorded
from contracts.workshop.events import DeliveryReversed, WorkOrderDelivered
from services.billing import queries
from services.billing.domain import cashier, gate_pass, issuing, task, tax, tax_number


class BillingService(Service):
    """Invoices, accounts and gate passes."""

    name = "billing"

    record_payment = command(c.RecordPayment, cashier.record_payment)
    take_deposit = command(c.TakeDeposit, cashier.take_deposit)
    refund_payment = command(c.RefundPayment, cashier.refund_payment)
    record_authorisation = command(c.RecordAuthorisation, cashier.record_authorisation)
    approve_deposit = command(c.ApproveDeposit, cashier.approve_deposit)
    issue_gate_pass = command(c.IssueGatePass, gate_pass.issue)
    use_gate_pass = command(c.UseGatePass, gate_pass.use)
    attach_tax_number = command(c.AttachTaxNumber, tax_number.attach)
    set_tax_rate = command(c.SetTaxRate, tax.set_rate)
    complete_billing_task = command(c.CompleteBillingTask, task.complete)
    get_invoice = query(q.GetInvoice, queries.get_invoice)
    list_invoices = query(q.ListInvoices, queries.list_invoices)
    find_delivery_invoices = query(q.FindDeliveryInvoices, queries.find_delivery_invoices)
    get_order_account = query(q.GetOrderAccount, queries.get_order_account)
    list_payments = query(q.ListPayments, queries.list_payments)
    get_gate_pass = query(q.GetGatePass, queries.get_gate_pass)
    list_tax_rates = query(q.ListTaxRates, queries.list_tax_rates)
    list_billing_tasks = query(q.ListBillingTasks, queries.list_billing_tasks)
    record_dealer = subscribe(DealerRecorded, keep_dealer(), any_dealer=True)
    issue_invoices = subscribe(WorkOrderDelivered, issuing.issue_invoices, prefetch=issuing.prefetch)
    credit_invoices = subscribe(DeliveryReversed, issuing.credit_invoices)
