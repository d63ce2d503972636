"""billing's HTTP routes.

Recording money or an authorisation adds to an order's account and asks for no If-Match: two cashiers may take two part payments
at once, and the account refuses what is too much. A gate pass is used by its code alone; that it works once is its own rule.
"""

from contracts.billing import account, credit_limit, gate_pass, invoice, party, receivable, task
from contracts.http import Route
from contracts.roles import CASHIER, SERVICE_ADVISOR, SERVICE_MANAGER

READERS = (CASHIER, SERVICE_ADVISOR)

ROUTES: tuple[Route, ...] = (
    Route(method="GET", path="/invoices", request=invoice.ListInvoices, roles=READERS),
    Route(method="GET", path="/invoices/{invoice_id}", request=invoice.GetInvoice, roles=READERS),
    Route(
        method="POST", path="/invoices/{invoice_id}/tax-number", request=invoice.AttachTaxNumber, roles=(CASHIER,), creates=True
    ),
    Route(method="GET", path="/work-orders/{work_order_id}/account", request=account.GetOrderAccount, roles=READERS),
    Route(
        method="POST", path="/work-orders/{work_order_id}/payments", request=account.RecordPayment, roles=(CASHIER,), creates=True
    ),
    Route(
        method="POST", path="/work-orders/{work_order_id}/deposits", request=account.TakeDeposit, roles=(CASHIER,), creates=True
    ),
    Route(
        method="POST",
        path="/work-orders/{work_order_id}/deposit-approval",
        request=account.ApproveDeposit,
        roles=(SERVICE_MANAGER,),
        creates=True,
    ),
    Route(
        method="POST",
        path="/work-orders/{work_order_id}/authorisations",
        request=account.RecordAuthorisation,
        roles=(SERVICE_MANAGER,),
        creates=True,
    ),
    Route(
        method="POST",
        path="/appointments/{appointment_id}/deposits",
        request=account.TakeAppointmentDeposit,
        roles=(CASHIER,),
        creates=True,
    ),
    Route(method="GET", path="/payments", request=account.ListPayments, roles=READERS),
    Route(method="GET", path="/open-accounts", request=receivable.ListOpenAccounts, roles=READERS),
    Route(method="GET", path="/receivables", request=receivable.ListReceivables, roles=READERS),
    Route(method="GET", path="/deposits", request=receivable.ListDeposits, roles=READERS),
    Route(method="GET", path="/customer-credits", request=receivable.ListCustomerCredits, roles=READERS),
    Route(
        method="POST",
        path="/customers/{customer_id}/credit-limit",
        request=credit_limit.ApproveCreditLimit,
        roles=(SERVICE_MANAGER,),
        creates=True,
    ),
    Route(method="GET", path="/customers/{customer_id}/credit-limit", request=credit_limit.GetCreditLimit, roles=READERS),
    Route(method="GET", path="/payer-parties", request=party.GetPayerParties, roles=READERS),
    Route(method="PUT", path="/payer-parties", request=party.SetPayerParties, roles=(SERVICE_MANAGER,), if_match=True),
    Route(
        method="POST",
        path="/payments/{payment_id}/refunds",
        request=account.RefundPayment,
        roles=(SERVICE_MANAGER,),
        creates=True,
    ),
    Route(
        method="POST",
        path="/work-orders/{work_order_id}/gate-pass",
        request=gate_pass.IssueGatePass,
        roles=(CASHIER,),
        creates=True,
    ),
    Route(method="GET", path="/work-orders/{work_order_id}/gate-pass", request=gate_pass.GetGatePass, roles=READERS),
    Route(method="POST", path="/gate-passes/use", request=gate_pass.UseGatePass, roles=(CASHIER,)),
    Route(method="GET", path="/tax-rates", request=invoice.ListTaxRates, roles=READERS),
    Route(method="GET", path="/tax-rates/{effective_on}", request=invoice.GetTaxRate, roles=READERS),
    Route(method="PUT", path="/tax-rates/{effective_on}", request=invoice.SetTaxRate, roles=(SERVICE_MANAGER,), may_create=True),
    Route(method="GET", path="/billing-tasks", request=task.ListBillingTasks, roles=READERS),
    Route(method="POST", path="/billing-tasks/{task_id}/complete", request=task.CompleteBillingTask, roles=(CASHIER,)),
)
