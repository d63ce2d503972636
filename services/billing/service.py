"""billing's registration table: which contract is answered and which event has an effect, by which use case."""

from chassis import Service, command, keep_dealer, query, recall, subscribe
from contracts.billing.account import (
    ApproveDeposit,
    GetOrderAccount,
    ListPayments,
    RecordAuthorisation,
    RecordPayment,
    RefundPayment,
    TakeAppointmentDeposit,
    TakeDeposit,
)
from contracts.billing.attention import FindBillingConcerns
from contracts.billing.credit_limit import ApproveCreditLimit, GetCreditLimit
from contracts.billing.daily_report import GetRevenueDay
from contracts.billing.events import InvoiceCredited, InvoiceIssued
from contracts.billing.gate_pass import GetGatePass, IssueGatePass, UseGatePass
from contracts.billing.invoice import (
    AttachTaxNumber,
    FindDeliveryInvoices,
    GetInvoice,
    GetTaxRate,
    ListInvoices,
    ListTaxRates,
    SetTaxRate,
)
from contracts.billing.party import GetPayerParties, SetPayerParties
from contracts.billing.receivable import ListCustomerCredits, ListDeposits, ListOpenAccounts, ListReceivables
from contracts.billing.searching import SearchInvoices
from contracts.billing.task import CompleteBillingTask, ListBillingTasks
from contracts.booking.events import (
    AppointmentAmended,
    AppointmentArrived,
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentConfirmed,
    AppointmentFulfilled,
    AppointmentMissed,
    AppointmentReopened,
    AppointmentRescheduled,
)
from contracts.crm.events import CustomerRecorded
from contracts.gateway.events import DealerRecorded
from contracts.workshop.events import (
    OldPartReceived,
    ReversalRequested,
    WorkOrderDelivered,
    WorkOrderOpened,
    WorkOrderReady,
    WorkOrderReturned,
    WorkOrderVoided,
)
from services.billing.account import authorising, cashiering, following, limiting, opening
from services.billing.account import queries as accounts
from services.billing.gate_pass import queries as gate_passes
from services.billing.gate_pass import releasing
from services.billing.invoice import crediting, issuing, recalling, reversing, taxing
from services.billing.invoice import queries as invoices
from services.billing.party import configuring
from services.billing.party import queries as parties
from services.billing.party.settings import BillingSettings
from services.billing.projections import recording
from services.billing.task import completing, watching
from services.billing.task import queries as tasks


class BillingService(Service):
    """Invoices, accounts and gate passes."""

    name = "billing"

    record_payment = command(RecordPayment, cashiering.record_payment)
    take_deposit = command(TakeDeposit, cashiering.take_deposit)
    take_appointment_deposit = command(TakeAppointmentDeposit, cashiering.take_appointment_deposit)
    refund_payment = command(RefundPayment, cashiering.refund_payment)
    record_authorisation = command(RecordAuthorisation, authorising.record_authorisation)
    approve_deposit = command(ApproveDeposit, authorising.approve_deposit)
    get_order_account = query(GetOrderAccount, accounts.get_order_account)
    list_payments = query(ListPayments, accounts.list_payments)
    list_open_accounts = query(ListOpenAccounts, accounts.list_open_accounts)
    list_receivables = query(ListReceivables, accounts.list_receivables)
    list_deposits = query(ListDeposits, accounts.list_deposits)
    list_customer_credits = query(ListCustomerCredits, accounts.list_customer_credits)

    approve_credit_limit = command(ApproveCreditLimit, limiting.approve_credit_limit)
    get_credit_limit = query(GetCreditLimit, accounts.get_credit_limit)

    set_payer_parties = command(SetPayerParties, configuring.set_payer_parties)
    get_payer_parties = query(GetPayerParties, parties.get_payer_parties)

    issue_gate_pass = command(IssueGatePass, releasing.issue_gate_pass)
    use_gate_pass = command(UseGatePass, releasing.use_gate_pass)
    get_gate_pass = query(GetGatePass, gate_passes.get_gate_pass)

    complete_billing_task = command(CompleteBillingTask, completing.complete_billing_task)
    get_revenue_day = query(GetRevenueDay, invoices.get_revenue_day)
    find_billing_concerns = query(FindBillingConcerns, tasks.find_billing_concerns)
    list_billing_tasks = query(ListBillingTasks, tasks.list_billing_tasks)

    attach_tax_number = command(AttachTaxNumber, taxing.attach_tax_number)
    set_tax_rate = command(SetTaxRate, taxing.set_tax_rate)
    get_tax_rate = query(GetTaxRate, invoices.get_tax_rate)
    get_invoice = query(GetInvoice, invoices.get_invoice)
    list_invoices = query(ListInvoices, invoices.list_invoices)
    search_invoices = query(SearchInvoices, invoices.search_invoices)
    find_delivery_invoices = query(FindDeliveryInvoices, invoices.find_delivery_invoices)
    list_tax_rates = query(ListTaxRates, invoices.list_tax_rates)

    recall_invoice_number = recall(InvoiceIssued, recalling.recall_number)
    recall_credit_number = recall(InvoiceCredited, recalling.recall_number)

    issue_invoices = subscribe(WorkOrderDelivered, issuing.issue_invoices, prefetch=issuing.prefetch)
    decide_reversal = subscribe(ReversalRequested, reversing.decide_reversal)
    credit_core_charge = subscribe(OldPartReceived, crediting.credit_core_charge)
    look_after_deposit = subscribe(WorkOrderVoided, watching.look_after_deposit)

    open_account = subscribe(WorkOrderOpened, opening.open_account, prefetch=opening.prefetch)
    follow_readiness = subscribe((WorkOrderReady, WorkOrderReturned), following.follow_readiness)
    follow_appointment = subscribe(
        (
            AppointmentBooked,
            AppointmentAmended,
            AppointmentConfirmed,
            AppointmentRescheduled,
            AppointmentCancelled,
            AppointmentArrived,
            AppointmentMissed,
            AppointmentReopened,
            AppointmentFulfilled,
        ),
        following.follow,
    )
    record_customer = subscribe(CustomerRecorded, recording.record_customer)
    record_dealer = subscribe(DealerRecorded, keep_dealer(BillingSettings), any_dealer=True)
