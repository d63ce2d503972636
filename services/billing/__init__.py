"""billing: who owes what for a delivered order, that it is billed once and for ever, and that no car leaves unsettled.

Owns: invoices and credit notes, their gapless numbers, order accounts (shares, payments, deposits, customer credit,
authorisations), customers' credit limits, providers' transactions, payer parties, gate passes, tax numbers, tax rates, billing
tasks.
Publishes: InvoiceIssued, InvoiceCredited, PaymentReceived, PaymentRefunded, OnAccountGranted, OnAccountWithdrawn,
CreditApplied, CreditTransferred, DepositTaken, DepositTransferred, DepositReturned,
DepositApplied, DepositApproved, ShareAuthorised, CreditLimitApproved, GatePassIssued, GatePassRevoked, GatePassUsed,
ReversalConfirmed, ReversalRefused, TaxRateSet, BillingTaskRaised.
Consumes: DealerRecorded (gateway); CustomerRecorded (crm); appointments (booking); WorkOrderOpened, WorkOrderDelivered,
ReversalRequested, OldPartReceived, WorkOrderReady, WorkOrderReturned, WorkOrderVoided (workshop).

Capabilities, lowest first: projections; account; gate_pass, task and party; invoice, which bills a delivery and decides
on its reversal, and so changes account and pass.

Locks are taken in one order everywhere - dealer, number series, appointment, order account, gate pass, credit limit or
transaction -, and batches come sorted by dealer: so two replicas wait for one another and never deadlock.
"""
