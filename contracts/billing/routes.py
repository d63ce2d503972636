"""billing's HTTP routes.

Recording money or an authorisation adds to an order's account and asks for no If-Match: two cashiers may take two part payments
at once, and the account refuses what is too much. A gate pass is used by its code alone; that it works once is its own rule.
"""

from contracts.billing import commands, queries
from contracts.http import Route
from contracts.roles import CASHIER, SERVICE_ADVISOR, SERVICE_MANAGER

READERS = (CASHIER, SERVICE_ADVISOR)

ROUTES: tuple[Route, ...] = (
    Route(
        method="GET",
        path="/invoices",
        request=queries.ListInvoices,
        roles=READERS,
        summary="Invoices and credit notes",
        summary_zh="发票列表",
    ),
    Route(
        method="GET",
        path="/invoices/{invoice_id}",
        request=queries.GetInvoice,
        roles=READERS,
        summary="An invoice or credit note",
        summary_zh="发票",
    ),
    Route(
        method="POST",
        path="/invoices/{invoice_id}/tax-number",
        request=commands.AttachTaxNumber,
        roles=(CASHIER,),
        creates=True,
        summary="Attach the tax authority's number",
        summary_zh="登记发票号",
    ),
    Route(
        method="GET",
        path="/work-orders/{work_order_id}/account",
        request=queries.GetOrderAccount,
        roles=READERS,
        summary="Who owes what for a work order",
        summary_zh="工单账款",
    ),
    Route(
        method="POST",
        path="/work-orders/{work_order_id}/payments",
        request=commands.RecordPayment,
        roles=(CASHIER,),
        creates=True,
        summary="Record a payment",
        summary_zh="收款",
    ),
    Route(
        method="POST",
        path="/work-orders/{work_order_id}/deposits",
        request=commands.TakeDeposit,
        roles=(CASHIER,),
        creates=True,
        summary="Take a deposit before delivery",
        summary_zh="收取定金",
    ),
    Route(
        method="POST",
        path="/work-orders/{work_order_id}/deposit-approval",
        request=commands.ApproveDeposit,
        roles=(SERVICE_MANAGER,),
        creates=True,
        summary="Let the car leave on the deposit",
        summary_zh="批准凭定金出厂",
    ),
    Route(
        method="POST",
        path="/work-orders/{work_order_id}/authorisations",
        request=commands.RecordAuthorisation,
        roles=(SERVICE_MANAGER,),
        creates=True,
        summary="Record who stands for a share",
        summary_zh="登记付款方授权",
    ),
    Route(
        method="GET",
        path="/payments",
        request=queries.ListPayments,
        roles=READERS,
        summary="Payments, deposits and refunds",
        summary_zh="收退款列表",
    ),
    Route(
        method="POST",
        path="/payments/{payment_id}/refunds",
        request=commands.RefundPayment,
        roles=(SERVICE_MANAGER,),
        creates=True,
        summary="Refund a payment or deposit",
        summary_zh="退款",
    ),
    Route(
        method="POST",
        path="/work-orders/{work_order_id}/gate-pass",
        request=commands.IssueGatePass,
        roles=(CASHIER,),
        creates=True,
        summary="Issue the gate pass",
        summary_zh="开具出门证",
    ),
    Route(
        method="GET",
        path="/work-orders/{work_order_id}/gate-pass",
        request=queries.GetGatePass,
        roles=READERS,
        summary="The gate pass of the newest delivery",
        summary_zh="出门证",
    ),
    Route(
        method="POST",
        path="/gate-passes/use",
        request=commands.UseGatePass,
        roles=(CASHIER,),
        summary="Let the car out through the gate",
        summary_zh="核销出门证",
    ),
    Route(
        method="GET",
        path="/tax-rates",
        request=queries.ListTaxRates,
        roles=READERS,
        summary="The dealer's tax rates",
        summary_zh="税率设置",
    ),
    Route(
        method="PUT",
        path="/tax-rates/{effective_on}",
        request=commands.SetTaxRate,
        roles=(SERVICE_MANAGER,),
        summary="Set the tax rate from a day on",
        summary_zh="设置税率",
    ),
    Route(
        method="GET",
        path="/billing-tasks",
        request=queries.ListBillingTasks,
        roles=READERS,
        summary="Tasks of billing",
        summary_zh="账务待办",
    ),
    Route(
        method="POST",
        path="/billing-tasks/{task_id}/complete",
        request=commands.CompleteBillingTask,
        roles=(CASHIER,),
        if_match=True,
        summary="Complete a task",
        summary_zh="完成账务待办",
    ),
)
