"""billing's door: each method hands one validated message to a use case or a window."""

from chassis.service.entrypoints import Service, command, query, subscribe
from chassis.work.dealers import record_dealer
from chassis.work.unit_of_work import Work
from contracts.billing import answers
from contracts.billing import commands as c
from contracts.billing import queries as q
from contracts.gateway.events import DealerRecorded
from contracts.workshop.events import DeliveryReversed, WorkOrderDelivered
from services.billing import queries
from services.billing.domain import cashier, gate_pass, issuing, task, tax, tax_number
from services.billing.domain.account import OrderAccount
from services.billing.domain.gate_pass import GatePass
from services.billing.domain.task import BillingTask


class BillingService(Service):
    """Invoices, accounts and gate passes."""

    name = "billing"

    @command(c.RecordPayment)
    def record_payment(self, command: c.RecordPayment, work: Work) -> answers.Payment:
        """Money came in for a share of a delivered order."""
        return cashier.record_payment(work, command).describe()

    @command(c.TakeDeposit)
    def take_deposit(self, command: c.TakeDeposit, work: Work) -> answers.Payment:
        """The customer puts money down before the delivery."""
        return cashier.take_deposit(work, command).describe()

    @command(c.RefundPayment)
    def refund_payment(self, command: c.RefundPayment, work: Work) -> answers.Payment:
        """Give a payment or deposit back."""
        return cashier.refund_payment(work, command).describe()

    @command(c.RecordAuthorisation)
    def record_authorisation(self, command: c.RecordAuthorisation, work: Work) -> OrderAccount:
        """A payer other than the customer stands for its share."""
        return cashier.record_authorisation(work, command)

    @command(c.ApproveDeposit)
    def approve_deposit(self, command: c.ApproveDeposit, work: Work) -> OrderAccount:
        """Let the car leave on the deposit."""
        return cashier.approve_deposit(work, command)

    @command(c.IssueGatePass)
    def issue_gate_pass(self, command: c.IssueGatePass, work: Work) -> GatePass:
        """Let the car of a settled order leave."""
        return gate_pass.issue(work, command)

    @command(c.UseGatePass)
    def use_gate_pass(self, command: c.UseGatePass, work: Work) -> GatePass:
        """The car leaves; workshop closes the order when it hears GatePassUsed."""
        return gate_pass.use(work, command)

    @command(c.AttachTaxNumber)
    def attach_tax_number(self, command: c.AttachTaxNumber, work: Work) -> answers.TaxNumber:
        """The tax authority's number of an invoice became known."""
        return tax_number.attach(work, command)

    @command(c.SetTaxRate)
    def set_tax_rate(self, command: c.SetTaxRate, work: Work) -> answers.TaxRate:
        """Set the dealer's tax rate from a day on."""
        return tax.set_rate(work, command)

    @command(c.CompleteBillingTask)
    def complete_billing_task(self, command: c.CompleteBillingTask, work: Work) -> BillingTask:
        """Someone looked into it."""
        return task.complete(work, command)

    @query(q.GetInvoice)
    def get_invoice(self, query: q.GetInvoice, work: Work) -> answers.Invoice:
        """One invoice or credit note."""
        return queries.get_invoice(work, query)

    @query(q.ListInvoices)
    def list_invoices(self, query: q.ListInvoices, work: Work) -> answers.Invoices:
        """Invoices and credit notes by order, payer and day."""
        return queries.list_invoices(work, query)

    @query(q.FindDeliveryInvoices)
    def find_delivery_invoices(self, query: q.FindDeliveryInvoices, work: Work) -> answers.DeliveryInvoices:
        """What some orders' deliveries were billed and credited."""
        return queries.find_delivery_invoices(work, query)

    @query(q.GetOrderAccount)
    def get_order_account(self, query: q.GetOrderAccount, work: Work) -> OrderAccount:
        """Who owes what for a work order."""
        return work.get(OrderAccount, query.work_order_id)

    @query(q.ListPayments)
    def list_payments(self, query: q.ListPayments, work: Work) -> answers.Payments:
        """Payments, deposits and refunds by order and day."""
        return queries.list_payments(work, query)

    @query(q.GetGatePass)
    def get_gate_pass(self, query: q.GetGatePass, work: Work) -> GatePass:
        """The gate pass of the order's newest delivery."""
        return queries.get_gate_pass(work, query)

    @query(q.ListTaxRates)
    def list_tax_rates(self, query: q.ListTaxRates, work: Work) -> answers.TaxRates:
        """The dealer's tax rates."""
        return queries.list_tax_rates(work)

    @query(q.ListBillingTasks)
    def list_billing_tasks(self, query: q.ListBillingTasks, work: Work) -> answers.BillingTasks:
        """Tasks for a person."""
        return queries.list_billing_tasks(work, query)

    @subscribe(DealerRecorded)
    def record_dealer(self, fact: DealerRecorded, work: Work) -> None:
        """Know the dealer's time zone and currency."""
        record_dealer(work, fact)

    @subscribe(WorkOrderDelivered, read_ahead=issuing.read_ahead)
    def issue_invoices(self, fact: WorkOrderDelivered, work: Work) -> None:
        """Bill a delivered order: one invoice per payer (Rule L1)."""
        issuing.issue_invoices(work, fact)

    @subscribe(DeliveryReversed)
    def credit_invoices(self, fact: DeliveryReversed, work: Work) -> None:
        """Credit the invoices of a reversed delivery (Rule W15)."""
        issuing.credit_invoices(work, fact)
